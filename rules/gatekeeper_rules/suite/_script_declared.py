"""The tests, groups and hooks that a script writes down, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gatekeeper.source.script_chains import Link, bare, body_of, is_function, links
from gatekeeper.source.script_syntax import NOTHING, Syntax, said, shown, string_of, walk
from gatekeeper_rules.suite._script_flow import ends
from gatekeeper_rules.suite._script_known import HOOKS, Known
from gatekeeper_rules.suite._script_worth import truth
from gatekeeper_rules.suite._written import Fault

_FIX_RUN = "Write the test when it can run, or let it run."
_MARKS = {
    "skip": ("keeps the test from being run", _FIX_RUN),
    "todo": ("only plans a test", "Write the test."),
    "fixme": ("keeps the test from being run", _FIX_RUN),
    "only": ("keeps all other tests from being run", "Let the others run."),
    "fails": ("passes as long as the test fails", "Mend the code, or write what it is to do."),
    "failing": ("passes as long as the test fails", "Mend the code, or write what it is to do."),
    "skipIf": ("keeps the test from being run where it holds", _FIX_RUN),
    "todoIf": ("keeps the test from being run where it holds", _FIX_RUN),
    "runIf": ("keeps the test from being run where it does not hold", _FIX_RUN),
    "if": ("keeps the test from being run where it does not hold", _FIX_RUN),
    "failingIf": ("passes where it holds as long as the test fails", "Mend the code."),
}
_TABLES = frozenset({"each", "for", "cases", "eachOf"})
_LOOPS = frozenset({"for_in_statement", "for_statement", "while_statement", "do_statement"})
_SEVERAL = frozenset({"forEach", "map"})


class Declared(NamedTuple):
    """A test, group or hook; `around` are the titles of the groups that it is in.

    `function` is what is run, NOTHING where there is none. `idle` says what keeps it from
    being run, `rows` are the texts of its cases, `is_repeated` that it is written in a loop or
    with a table of cases.
    """

    kind: str
    title: str
    around: str
    line: int
    function: Syntax
    idle: tuple[Fault, ...]
    rows: tuple[str, ...]
    is_repeated: bool


class _Within(NamedTuple):
    around: str
    block: int
    repeated: bool
    never: bool = False


def declared(tree: Syntax, known: Known, used: frozenset[str]) -> Iterator[Declared]:
    """All of them, in order; a test that another one of its block has the name of says so.

    `used` are the names that the file reads: what stands in a function that nobody calls is
    never written down.
    """
    seen: set[tuple[int, str]] = set()
    waiting = [(tree, _Within("", 0, repeated=False))]
    while waiting:
        node, within = waiting.pop()
        found = _call(node, within, known) if node.type == "call_expression" else None
        if found is None:
            waiting += reversed([*_parts(node, within, used)])
            continue
        key = within.block, found.title
        if found.kind == "test" and key in seen and not found.is_repeated and found.title:
            found = found._replace(idle=(*found.idle, _twin(node, found.title)))
        seen.add(key)
        if within.never and found.kind != "hook":
            found = found._replace(idle=(*found.idle, _unwritten(node)))
        yield found
        if found.kind == "group" and found.function is not NOTHING:
            around = f"{within.around} > {found.title}" if within.around else found.title
            inner = _Within(around, id(found.function), found.is_repeated, within.never)
            waiting += reversed([*_parts(body_of(found.function), inner, used)])


def _parts(node: Syntax, within: _Within, used: frozenset[str]) -> Iterator[tuple[Syntax, _Within]]:
    """What stands in a piece; behind a statement that ends its block nothing is run."""
    within = _inside(node, within, used)
    for each in node.held:
        yield each, within
        if node.type == "statement_block" and ends(each):
            within = within._replace(never=True)


def _inside(node: Syntax, within: _Within, used: frozenset[str]) -> _Within:
    if node.type in _LOOPS:
        return within._replace(repeated=True)
    if node.type in ("if_statement", "else_clause", "switch_case"):
        never = node.type == "if_statement" and truth(node.of("condition"), {}) is False
        return within._replace(block=id(node), never=within.never or never)
    if node.type == "function_declaration" and node.field != "declaration":
        unused = node.of("name").text not in used
        return within._replace(never=within.never or unused)
    if node.type == "call_expression" and links(node)[-1].name in _SEVERAL:
        return within._replace(repeated=True)
    return within


def _call(node: Syntax, within: _Within, known: Known) -> Declared | None:
    chain = links(node)
    if chain[-1].given is None:
        return None
    if chain[0].name in HOOKS and len(chain) == 1:
        function = next((bare(e) for e in chain[0].given or () if is_function(bare(e))), NOTHING)
        return _made("hook", chain[0].name, within, node, function)
    chain = _chosen(node, chain, known)
    names = [each.name for each in chain]
    dotted = chain[1:] if _is_space(names[0], known) else chain
    found = known.callee(dotted[0].name) if dotted else None
    if found is None or not _is_declaration(dotted, known):
        return None
    kind = "group" if found[0] == "group" or "describe" in names[1:] else "test"
    return _declaration(kind, node, dotted, found[1], within)


def _is_space(name: str, known: Known) -> bool:
    """Whether a name stands for all that a runner gives: `Deno.test`, `nodeTest.it`, `t.test`."""
    is_known = known.callee(name) is not None
    whole = is_known and known.imports.get(name, "").endswith(":*")
    return whole or name in ("Deno", "QUnit") or (name == "t" and not is_known)


def _chosen(node: Syntax, chain: tuple[Link, ...], known: Known) -> tuple[Link, ...]:
    """A chain that begins with a choice, `(slow ? it.skip : it)("title", …)`, as a skipped one."""
    function = bare(node.of("function"))
    if function.type == "subscript_expression" and len(chain) > 1 and not chain[-1].name:
        return (*chain[:-1], Link("skipIf", ()), chain[-1])
    ways = [function.of("consequence"), function.of("alternative")]
    named = [links(each)[0] for each in ways if each.type]
    found = next((each for each in named if known.callee(each.name)), None)
    return chain if found is None else (found, Link("skipIf", ()), Link("", chain[-1].given))


def _is_declaration(chain: tuple[Link, ...], known: Known) -> bool:
    """Whether a chain writes something down: `it.each(…)` alone, and `expect` behind, do not."""
    del known
    last = chain[-1]
    modifiers = chain[1:-1] if chain[-1].name == "" or len(chain) == 1 else chain[1:]
    known_words = {*_MARKS, *_TABLES, *("concurrent", "sequential", "describe", "shuffle")}
    known_words |= {"serial", "parallel", "test", "it", "step"}
    if any(each.name not in known_words for each in modifiers):
        return False
    if last.name in _TABLES or last.name in ("skipIf", "runIf", "if", "todoIf", "failingIf"):
        return False
    given = last.given or ()
    first = bare(given[0]) if given else NOTHING
    return bool(given) and (is_title(first) or any(is_function(bare(e)) for e in given))


def is_title(node: Syntax) -> bool:
    """Whether an argument can be the title of a test."""
    kinds = ("string", "template_string", "identifier", "member_expression", "binary_expression")
    return node.type in kinds


def _declaration(
    kind: str, node: Syntax, chain: tuple[Link, ...], marks: tuple[str, ...], within: _Within
) -> Declared:
    given = [bare(each) for each in chain[-1].given or ()]
    title = string_of(given[0]) if given else ""
    if title is None:
        title = "" if is_function(given[0]) else said(given[0])
    function = _function_in(given)
    tables = [each for each in chain if each.name in _TABLES]
    idle = [*_marked(node, marks), *_of_chain(node, chain), *_of_options(given)]
    idle += [fault for each in tables for fault in _without_case(each)]
    if function is NOTHING and kind == "test" and not idle:
        idle.append(_fault(node, "todo"))
    made = _made(kind, title, within, node, function)
    rows = tuple(row for each in tables for row in _rows(each))
    return made._replace(idle=tuple(idle), rows=rows, is_repeated=within.repeated or bool(tables))


def _made(kind: str, title: str, within: _Within, node: Syntax, function: Syntax) -> Declared:
    return Declared(kind, title, within.around, node.line, function, (), (), within.repeated)


def _function_in(given: list[Syntax]) -> Syntax:
    """What is run: a function, a name of one, or a call that makes one of a function."""
    found = next((each for each in given if is_function(each)), None)
    if found is not None:
        return found
    later = [each for each in given[1:] if each.type in ("identifier", "call_expression")]
    return later[-1] if later else NOTHING


def _marked(node: Syntax, marks: tuple[str, ...]) -> Iterator[Fault]:
    yield from (_fault(node, each) for each in marks if each in _MARKS)


def _of_chain(node: Syntax, chain: tuple[Link, ...]) -> Iterator[Fault]:
    for each in chain[1:]:
        if each.name not in _MARKS:
            continue
        worth = truth(each.given[0], {}) if each.given and each.name.endswith("If") else None
        idle = worth is False if each.name in ("skipIf", "todoIf") else worth is True
        if not (each.name.endswith("If") and idle):
            yield _fault(node, each.name)


def _of_options(given: list[Syntax]) -> Iterator[Fault]:
    """`{ skip: true }` of Node, vitest and bun."""
    for options in given:
        if options.type != "object":
            continue
        for pair in options.held:
            key, value = pair.of("key").text, pair.of("value")
            if key in ("skip", "todo", "only", "fails") and value.type != "false":
                why, fix = _MARKS[key]
                yield Fault(why, fix, pair.line, pair.column, shown(pair))


def _without_case(table: Link) -> Iterator[Fault]:
    given = bare(table.given[0]) if table.given else NOTHING
    if given.type == "array" and not given.held:
        why = "leaves the test without a case to run"
        yield Fault(why, "Give it a case.", given.line, given.column, f".{table.name}([])")


def _rows(table: Link) -> Iterator[str]:
    given = bare(table.given[0]) if table.given else NOTHING
    if given.type == "array":
        yield from map(said, given.held)


def _fault(node: Syntax, mark: str) -> Fault:
    why, fix = _MARKS[mark]
    head = next((said(each) for each in walk(node) if each.field == "function"), "")
    return Fault(why, fix, node.line, node.column, head[:80] or mark)


def _unwritten(node: Syntax) -> Fault:
    why = "is never written down: nothing runs the code that it stands in"
    return Fault(why, _FIX_RUN, node.line, node.column, shown(node)[:80])


def _twin(node: Syntax, title: str) -> Fault:
    why = "is the name of another test of the same group: a run cannot tell them apart"
    return Fault(why, "Give each its own name.", node.line, node.column, title[:80])
