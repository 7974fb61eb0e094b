"""What the names of a script of tests stand for: runners, expectations, other files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from gatekeeper.source.script_chains import bare, dotted, given_to, links
from gatekeeper.source.script_syntax import Syntax, string_of

_RUNNERS = frozenset(
    {
        *("vitest", "@jest/globals", "node:test", "bun:test", "mocha", "ava", "tape", "uvu"),
        *("@playwright/test", "vite-plus/test", "@std/testing/bdd", "jest", "qunit", "tap"),
    }
)
_ASSERTS = frozenset(
    {
        *("assert", "node:assert", "assert/strict", "node:assert/strict", "chai", "should"),
        *("power-assert", "@std/assert", "jsr:@std/assert", "uvu/assert", "expect", "vitest"),
        *("@jest/globals", "bun:test", "@playwright/test", "@std/expect", "jsr:@std/expect"),
    }
)
TESTS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("it", "test", "specify"), ()),
    **dict.fromkeys(("xit", "xtest", "xspecify"), ("skip",)),
    **dict.fromkeys(("fit", "ftest"), ("only",)),
}
GROUPS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("describe", "suite", "context"), ()),
    **dict.fromkeys(("xdescribe", "xcontext"), ("skip",)),
    "fdescribe": ("only",),
}
HOOKS = frozenset(
    {*("beforeEach", "beforeAll", "before", "afterEach", "afterAll", "after", "setup", "teardown")}
)
_WRAPPED = frozenset({"extend", "skip", "only", "todo", "fails", "failing", "concurrent", "fixme"})


class Known(NamedTuple):
    """The names of a file.

    `imports` gives `specifier:name` of each, `declared` the callee and its modifiers of those
    that write down a test or a group by another name. `expects` and `asserts` are the names
    that expectations begin with, `functions` assertions by their own names. `own` are names of
    these that the file itself gives another meaning.
    """

    imports: Mapping[str, str]
    declared: Mapping[str, tuple[str, tuple[str, ...]]]
    expects: frozenset[str]
    asserts: frozenset[str]
    functions: Mapping[str, str]
    own: Mapping[str, Syntax]

    def callee(self, name: str) -> tuple[str, tuple[str, ...]] | None:
        """`test` or `group` with the modifiers that a name stands for; None for other names."""
        return self.declared.get(name)


def known_in(nodes: tuple[Syntax, ...]) -> Known:
    """What the names of a file stand for, told from all that is in it."""
    imports = {name: meant for each in nodes for name, meant in _imported(each)}
    declared = {name: ("test", marks) for name, marks in TESTS.items()}
    declared |= {name: ("group", marks) for name, marks in GROUPS.items()}
    expects, asserts, functions = {"expect"}, {"assert"}, dict[str, str]()
    for name, meant in imports.items():
        module, _, taken = meant.rpartition(":")
        if module in _RUNNERS:
            kind = _taken(taken, name)
            declared.update({name: kind} if kind else {})
        if module not in _ASSERTS:
            continue
        if taken == "expect" or (module == "expect" and taken in ("default", "expect")):
            expects.add(name)
        elif taken in ("default", "*", "assert") and module not in _RUNNERS:
            asserts.add(name)
        elif module not in _RUNNERS and module != "chai":
            functions[name] = taken
    for each in nodes:
        declared.update(_named_otherwise(each, declared))
    own = _own(nodes, {*expects, *asserts})
    return Known(imports, declared, frozenset(expects), frozenset(asserts), functions, own)


def _taken(taken: str, name: str) -> tuple[str, tuple[str, ...]] | None:
    if taken in TESTS or taken in ("default", "*"):
        return "test", TESTS.get(taken, ())
    if taken in GROUPS or name in GROUPS:
        return "group", GROUPS.get(taken, ())
    return None


def _imported(node: Syntax) -> Iterator[tuple[str, str]]:
    """The names that a statement takes from elsewhere, with `specifier:name`."""
    if node.type == "import_statement":
        module = string_of(node.of("source")) or ""
        for clause in node.held:
            yield from _of_clause(clause, module) if clause.type == "import_clause" else ()
    elif node.type == "variable_declarator":
        yield from _required(node)


def _of_clause(clause: Syntax, module: str) -> Iterator[tuple[str, str]]:
    for each in clause.held:
        if each.type == "identifier":
            yield each.text, f"{module}:default"
        elif each.type == "namespace_import":
            yield each.held[0].text, f"{module}:*"
        else:
            for one in each.held:
                local = one.of("alias") if one.of("alias").type else one.of("name")
                yield local.text, f"{module}:{one.of('name').text}"


def _required(node: Syntax) -> Iterator[tuple[str, str]]:
    """`const x = require("m")`, `= (await import("m")).x`, and the same taken apart."""
    chain = links(node.of("value"))
    given = chain[0].given
    if chain[0].name not in ("require", "") or not given or chain[2:]:
        value = bare(node.of("value"))
        value = value.held[0] if value.type == "await_expression" and value.held else value
        is_import = value.type == "call_expression" and value.of("function").type == "import"
        given = given_to(value) if is_import else None
        chain = chain[:1]
    module = string_of(given[0]) if given else None
    if module is None:
        return
    name = node.of("name")
    if name.type == "identifier":
        yield name.text, f"{module}:{chain[1].name if len(chain) > 1 else '*'}"
    for each in name.held if name.type == "object_pattern" else ():
        if each.type == "shorthand_property_identifier_pattern":
            yield each.text, f"{module}:{each.text}"
        elif each.type == "pair_pattern":
            yield each.of("value").text, f"{module}:{each.of('key').text}"


def _named_otherwise(
    node: Syntax, declared: Mapping[str, tuple[str, tuple[str, ...]]]
) -> Iterator[tuple[str, tuple[str, tuple[str, ...]]]]:
    """`const later = it.skip`, `const test = base.extend({…})`."""
    if node.type != "variable_declarator" or node.of("name").type != "identifier":
        return
    value = bare(node.of("value"))
    if value.type == "ternary_expression":
        named = (links(value.of(way))[0].name for way in ("consequence", "alternative"))
        for kind, marks in [declared[each] for each in named if each in declared][:1]:
            yield node.of("name").text, (kind, (*marks, "skipIf"))
        return
    chain = links(value)
    found = declared.get(chain[0].name)
    if found is None or chain[0].given is not None:
        return
    if all(each.name in _WRAPPED or each.name in ("each", "for") for each in chain[1:]):
        marks = tuple(each.name for each in chain[1:] if each.name != "extend")
        yield node.of("name").text, (found[0], (*found[1], *marks))


def _own(nodes: Iterable[Syntax], names: set[str]) -> dict[str, Syntax]:
    """What the file declares by the names that expectations have, in a test too."""
    found: dict[str, Syntax] = {}
    for each in nodes:
        name = each.of("name").text
        if name not in names or any(name == taken for taken, _ in _imported(each)):
            continue
        if each.type in ("function_declaration", "class_declaration") or (
            each.type == "variable_declarator" and not _is_taken(each, name)
        ):
            found[name] = each
    return found


def _is_taken(node: Syntax, name: str) -> bool:
    """`const expect = chai.expect`, `= require("chai").expect`, `= base.extend({…})`."""
    value = node.of("value")
    said = dotted(value).split(".")
    return (
        name in said or said[-1] in ("strict", "extend", "configure", "soft") or said == ["require"]
    )
