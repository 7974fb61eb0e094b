"""What a script of tests does outside of its tests: mocks of modules, expectations of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatekeeper.source.script_chains import bare, dotted, links
from gatekeeper.source.script_syntax import Syntax, said, shown, string_of, walk
from gatekeeper_rules.suite._script_known import Known
from gatekeeper_rules.suite._written import Fault

_MOCKS = frozenset({"vi", "jest", "vitest", "mock", "td"})
_REPLACES = frozenset({"mock", "doMock", "unstable_mockModule", "module", "setMock"})
_ACTUAL = frozenset({"importActual", "requireActual", "importOriginal"})
_ANSWERS = ("mock", "returns", "resolves", "callsFake", "and", "rejects")
_OWN = "stands for something of the file's own, so it need not fail"
_FIX_OWN = "Take it from the library that runs the tests."


def mocked(nodes: Iterable[Syntax]) -> Iterator[str]:
    """The specifiers of the modules that are replaced as a whole."""
    for node in nodes:
        chain = links(node) if node.type == "call_expression" else ()
        if len(chain) != len("ab") or chain[0].name not in _MOCKS or chain[1].name not in _REPLACES:
            continue
        given = chain[1].given or ()
        first = bare(given[0]) if given else None
        # `vi.mock(import("./m"))` names the module by its type.
        first = first and (first if first.type != "call_expression" else bare(_first_of(first)))
        specifier = string_of(first) if first else None
        words = {each.text for one in given[1:] for each in walk(one)}
        if specifier and _ACTUAL.isdisjoint(words) and not _spies(given):
            yield specifier


def _first_of(call: Syntax) -> Syntax:
    held = call.of("arguments").held
    return held[0] if held else call


def _spies(given: tuple[Syntax, ...]) -> bool:
    """`vi.mock("./m", { spy: true })` leaves the code as it is."""
    return any(said(pair) == "spy:true" for one in given[1:] for pair in walk(one))


def spied(nodes: Iterable[Syntax]) -> Iterator[str]:
    """`owner.name` of what `vi.spyOn(owner, "name").mock…` replaces."""
    for node in nodes:
        chain = links(node) if node.type == "call_expression" else ()
        at = next((n for n, each in enumerate(chain) if each.name in ("spyOn", "stub")), None)
        if at is None or not any(e.name.startswith(_ANSWERS) for e in chain[at + 1 :]):
            continue
        given = chain[at].given or ()
        name = string_of(given[1]) if len(given) > 1 else None
        if name:
            yield f"{dotted(given[0])}.{name}"


def interfering(nodes: Iterable[Syntax], known: Known) -> Iterator[Fault]:
    """What takes the place of expectations: an `expect` of the file's own, matchers that hold."""
    for name in known.own.keys() & known.expects:
        node = known.own[name]
        yield Fault(_OWN, _FIX_OWN, node.line, node.column, name)
    for node in nodes:
        if node.type == "assignment_expression":
            target = said(node.of("left"))
            if target.removeprefix("globalThis.").removeprefix("global.") in ("expect", "assert"):
                yield Fault(_OWN, _FIX_OWN, node.line, node.column, shown(node))
        elif node.type == "call_expression":
            yield from _of_call(node)


def _of_call(node: Syntax) -> Iterator[Fault]:
    chain = links(node)
    names = [each.name for each in chain]
    if names[-1] == "stubGlobal" and chain[-1].given:
        if string_of(chain[-1].given[0]) in ("expect", "assert", "it", "test"):
            yield Fault(_OWN, _FIX_OWN, node.line, node.column, shown(node))
    elif names == ["expect", "extend"] and chain[1].given:
        for key, value in _members(chain[1].given[0]):
            if key.startswith("to") and _always_passes(value):
                why = "holds whatever it is given"
                yield Fault(why, "Let it compare something.", value.line, value.column, key)


def _members(node: Syntax) -> Iterator[tuple[str, Syntax]]:
    for each in bare(node).held:
        key = each.of("key").text or each.of("name").text
        yield key, each


def _always_passes(member: Syntax) -> bool:
    """Whether the only answer of a matcher is `pass: true`."""
    said_ = [said(each) for each in walk(member) if each.type == "pair"]
    answers = {each for each in said_ if each.startswith("pass:")}
    return answers == {"pass:true"}
