"""Facts about a script of tests, read from its bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from gatekeeper import Extractor, Unreadable
from gatekeeper.source.script_chains import (
    bare,
    body_of,
    given_to,
    is_function,
    links,
    parameters_of,
)
from gatekeeper.source.script_syntax import (
    NOTHING,
    Scripted,
    Syntax,
    read,
    said,
    string_of,
    walk,
)
from gatekeeper.value import dataclass
from gatekeeper_rules.suite._script_bodies import Body, TooDeep
from gatekeeper_rules.suite._script_declared import Declared, declared
from gatekeeper_rules.suite._script_expressions import NEVER, START, Names
from gatekeeper_rules.suite._script_known import Known, known_in
from gatekeeper_rules.suite._script_outer import interfering, mocked, spied
from gatekeeper_rules.suite._script_worth import Settled, settled_in
from gatekeeper_rules.suite._written import Called, Expectation, Fault, Strength, Written

_TIMERS = ("useFakeTimers", "advanceTimersByTime", "runAllTimers", "runOnlyPendingTimers")
_REFUSAL = "@ts-expect-error"
_MOST_CODE = 20_000


@dataclass(frozen=True, slots=True)
class ScriptFile:
    """A script of test code.

    `functions` are its tests, named `group > test`, and its other functions. `imports` gives
    `specifier:name` for each name, `hooks` what runs around the tests of a group, by the
    group. `mocked` are the specifiers of modules that are replaced, `spied` the dotted names,
    `passed` the specifiers of modules of which names are passed on. `unread` are lines (from 1)
    that no grammar reads.
    """

    functions: tuple[Written, ...]
    imports: Mapping[str, str]
    hooks: tuple[tuple[str, Written], ...]
    faults: tuple[Fault, ...]
    mocked: tuple[str, ...]
    spied: tuple[str, ...]
    passed: tuple[str, ...]
    unread: tuple[int, ...]


def _read(content: bytes, path: str) -> ScriptFile:
    try:
        return _file(read(content, path))
    except TooDeep:
        raise Unreadable(path, "its statements stand in one another too deep") from None


def _file(scripted: Scripted) -> ScriptFile:
    nodes = tuple(walk(scripted.tree))
    known = known_in(nodes)
    reading = _Reading(known, nodes, scripted.refusals)
    found = tuple(declared(scripted.tree, known, _used(nodes)))
    tests = tuple(reading.test(each) for each in found if each.kind == "test")
    hooks = tuple((each.around, reading.test(each)) for each in found if each.kind == "hook")
    groups = (fault for each in found if each.kind == "group" for fault in each.idle)
    helpers = tuple(reading.helpers(scripted.tree))
    return ScriptFile(
        (*tests, *helpers),
        dict(known.imports),
        hooks,
        (*groups, *interfering(nodes, known)),
        tuple(mocked(nodes)),
        tuple(spied(nodes)),
        tuple(_passed(nodes)),
        scripted.faults,
    )


SCRIPTS: Extractor[ScriptFile] = Extractor("script of tests", 1, _read)
"""Raises `Unreadable` as `script_text` does; lines that no grammar reads are `unread`."""


class _Reading:
    def __init__(self, known: Known, nodes: tuple[Syntax, ...], refusals: tuple[int, ...]) -> None:
        self._known, self._refusals = known, refusals
        self._settled = _of_the_top(nodes)
        self._has_timers = any(each.text in _TIMERS for each in nodes)

    def test(self, found: Declared) -> Written:
        """A test, or a hook, as it is written down."""
        function = found.function
        body, nodes = self._body(function, is_test=found.kind == "test")
        if not is_function(function):
            body.expressions((function,), START)
            named = function.type == "identifier"
            body.calls += [Called(function.text, function.line)] if named else []
        body.expectations += self._refused(function)
        body.conclude()
        name = f"{found.around} > {found.title}" if found.around else found.title
        code = body_of(function) if is_function(function) else function
        return _written(name, found.line, body, nodes, code)._replace(
            is_test=found.kind == "test",
            idle=found.idle,
            rows=found.rows,
            repeats=body.repeats + found.is_repeated,
        )

    def _refused(self, function: Syntax) -> Iterator[Expectation]:
        """That the compiler refuses a line, which the compiler tells as well."""
        last = max((each.line for each in walk(function)), default=0)
        for line in self._refusals:
            if function.line <= line <= last:
                yield Expectation(_REFUSAL, _REFUSAL, Strength.PARTIAL, line)

    def helpers(self, tree: Syntax) -> Iterator[Written]:
        """The functions outside of tests, by their names."""
        waiting = [tree]
        while waiting:
            node = waiting.pop()
            name, function = _function_of(node)
            if function is not NOTHING and name:
                body, nodes = self._body(function, is_test=False)
                body.conclude()
                yield _written(name, node.line, body, nodes, body_of(function))._replace(
                    faults=(), exits=()
                )
            elif not self._is_declaring(node):
                waiting.extend(reversed(node.held))
            else:
                waiting.extend(reversed(_block(node)))

    def _is_declaring(self, node: Syntax) -> bool:
        """Whether it is a call that writes down a test: what is in one is no function beside it."""
        if node.type != "call_expression":
            return False
        found = self._known.callee(links(node)[0].name)
        return found is not None

    def _body(self, function: Syntax, *, is_test: bool) -> tuple[Body, tuple[Syntax, ...]]:
        nodes = tuple(walk(function))
        given = parameters_of(function) if is_function(function) else ()
        called = {links(e)[0].name for e in nodes if e.type == "call_expression"}
        waits = self._has_timers or any(each in called for each in given[:1] if each)
        settled = settled_in(nodes, self._settled)
        first = given[0] if given else ""
        used, dropped = _used(nodes), _dropped(nodes)
        body = Body(Names(self._known, settled, first, used, waits, dropped, is_test))
        if is_function(function):
            never = function.has("*") and is_test
            body.function(function, START._replace(lost=NEVER) if never else START)
        return body, nodes


def _block(node: Syntax) -> tuple[Syntax, ...]:
    """What stands in the group that a call writes down; nothing for a test."""
    chain = links(node)
    if chain[0].name not in ("describe", "suite", "context", "xdescribe", "fdescribe"):
        return ()
    functions = [bare(each) for each in given_to(node) if is_function(bare(each))]
    return tuple(part for each in functions for part in body_of(each).held)


def _function_of(node: Syntax) -> tuple[str, Syntax]:
    """The name and the function of a declaration; no name for what is none."""
    if node.type in ("function_declaration", "generator_function_declaration"):
        return node.of("name").text, node
    if node.type == "method_definition":
        return node.of("name").text, node
    if node.type == "variable_declarator":
        value = bare(node.of("value"))
        if is_function(value):
            return node.of("name").text, value
        inner = [bare(each) for each in given_to(value)] if value.type == "call_expression" else []
        found = next((each for each in inner if is_function(each)), NOTHING)
        return node.of("name").text, found
    return "", NOTHING


def _of_the_top(nodes: Iterable[Syntax]) -> Settled:
    return settled_in(nodes, {})


def _passed(nodes: Iterable[Syntax]) -> Iterator[str]:
    for each in nodes:
        if each.type == "export_statement" and each.of("source").type:
            yield string_of(each.of("source")) or ""


def _used(nodes: Iterable[Syntax]) -> frozenset[str]:
    """The names that are read somewhere: neither declared nor assigned there."""
    return frozenset(+_read_names(nodes))


def _binds(nodes: Iterable[Syntax]) -> Iterator[str]:
    """The names that a piece of code gives a meaning of its own."""
    for each in nodes:
        if each.type in ("variable_declarator", "function_declaration", "class_declaration"):
            yield each.of("name").text


def _read_names(nodes: Iterable[Syntax]) -> Counter[str]:
    declaring = ("name", "pattern", "parameter")
    kinds = ("identifier", "shorthand_property_identifier")
    found: Counter[str] = Counter()
    for each in nodes:
        if each.type in kinds and each.field not in declaring:
            found[each.text] += 1
        elif each.type == "assignment_expression" and each.of("left").type == "identifier":
            found[each.of("left").text] -= 1
    return found


def _dropped(nodes: tuple[Syntax, ...]) -> frozenset[str]:
    """The names that are called as statements, and not used in any other way."""
    called: Counter[str] = Counter()
    for each in nodes:
        value = each.held[0] if each.type == "expression_statement" and each.held else NOTHING
        if value.type == "call_expression" and value.of("function").type == "identifier":
            called[value.of("function").text] += 1
    return frozenset(called) - frozenset(_read_names(nodes) - called)


def _written(name: str, line: int, body: Body, nodes: tuple[Syntax, ...], code: Syntax) -> Written:
    return Written(
        name=name,
        owner="",
        line=line,
        is_test=False,
        is_fixture=False,
        code=said(code)[:_MOST_CODE],
        expectations=tuple(body.expectations),
        faults=tuple(body.faults),
        calls=tuple(body.calls),
        parameters=(),
        decorators=(),
        uses=_used(nodes),
        patched=(),
        repeats=body.repeats,
        rows=(),
        idle=(),
        exits=tuple(body.exits),
        around=(),
        binds=frozenset(_binds(nodes)),
        rebound=(),
        lazy=False,
        mutes=False,
        autouse=False,
    )
