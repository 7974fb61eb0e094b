"""What expectations of scripts hold whatever the code under test does."""

from __future__ import annotations

from gatekeeper.source.script_chains import awaited, bare, body_of, is_function, links
from gatekeeper.source.script_syntax import NOTHING, Syntax, said
from gatekeeper_rules.suite._script_matchers import Matched
from gatekeeper_rules.suite._script_worth import MADE, Settled, is_the_same, truth

_BELOW = ("-Infinity", "Number.NEGATIVE_INFINITY")
_ABOVE = ("Infinity", "Number.POSITIVE_INFINITY")
_ENDLESS = {
    **dict.fromkeys(("toBeGreaterThan", "toBeGreaterThanOrEqual", "above", "least"), _BELOW),
    **dict.fromkeys(("toBeLessThan", "toBeLessThanOrEqual", "below", "most"), _ABOVE),
    **dict.fromkeys((">", ">="), _BELOW),
    **dict.fromkeys(("<", "<="), _ABOVE),
}
_ASKS_A_FUNCTION = frozenset({"toSatisfy", "satisfy"})
_COUNTS = frozenset({"toHaveLength", "lengthOf", "toHaveLengthOf", "length"})
_CONTAINS = frozenset({"toContain", "toContainEqual", "contain", "contains", "include", "includes"})


def always(found: Matched, settled: Settled) -> bool:
    """Whether an expectation holds whatever happens, by its form."""
    subject = awaited(found.subject)
    first = found.against[0] if found.against else None
    if found.way in ("holds", "not holds"):
        holds = truth(subject, settled) is (found.way == "holds")
    elif found.way == "==":
        holds = first is not None and is_the_same(subject, first, settled)
    elif found.way in ("is there", "not == undefined", "not == null"):
        holds = _is_there(subject, settled)
    elif found.way == "not throws":
        holds = is_function(subject) and not found.promised and _is_quiet(subject)
    else:
        holds = first is not None and _is_sure(found.way, subject, first, settled)
    return holds or _is_fresh_mock(subject)


def _is_sure(way: str, subject: Syntax, first: Syntax, settled: Settled) -> bool:
    """Whether a matcher says the same of whatever the code under test answers."""
    if way in _ENDLESS:
        return said(bare(first)) in _ENDLESS[way] or _is_any_length(way, subject, first)
    if way == "not ==":
        return links(first)[0].name == "Symbol" and bare(first).type == "call_expression"
    if way in _ASKS_A_FUNCTION:
        return _says_yes(bare(first), settled)
    listed = bare(settled.get(subject.text, subject))
    if listed.type != "array" or any(each.type == "spread_element" for each in listed.held):
        return False
    if way in _COUNTS:
        return said(bare(first)) == str(len(listed.held))
    return way in _CONTAINS and any(is_the_same(each, first, settled) for each in listed.held)


def _says_yes(function: Syntax, settled: Settled) -> bool:
    """Whether a function answers yes to everything, by its one answer."""
    body = body_of(function) if is_function(function) else NOTHING
    if body.type == "statement_block":
        last = body.held[0] if len(body.held) == 1 else NOTHING
        body = last.held[0] if last.type == "return_statement" and last.held else NOTHING
    return truth(body, settled) is True


def _is_fresh_mock(node: Syntax) -> bool:
    """`vi.fn()`, which nothing can have called."""
    chain = links(node) if node.type == "call_expression" else ()
    names = [each.name for each in chain]
    return names in (["vi", "fn"], ["jest", "fn"], ["sinon", "spy"], ["mock", "fn"])


def _is_there(subject: Syntax, settled: Settled) -> bool:
    held = bare(settled.get(subject.text, subject))
    if held.type == "unary_expression" and held.has("typeof"):
        return True
    literal = held.type in ("string", "number", "true", "false", "template_string")
    return literal or held.type in MADE or is_function(held)


def _is_any_length(way: str, subject: Syntax, first: Syntax) -> bool:
    counted = subject.type == "member_expression"
    counted = counted and subject.of("property").text in ("length", "size")
    least = {"toBeGreaterThanOrEqual": "0", "least": "0", "toBeGreaterThan": "-1", "above": "-1"}
    return counted and said(first) == least.get(way)


def _is_quiet(function: Syntax) -> bool:
    """Whether nothing can be seen to come out of a function: it is empty, or a promise's."""
    body = body_of(function)
    return function.has("async") or (body.type == "statement_block" and not body.held)
