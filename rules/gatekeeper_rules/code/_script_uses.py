"""What becomes of the value of an expression in a script: whether somebody waits for it."""

from __future__ import annotations

from enum import Enum

from gatekeeper.source.script_chains import is_function
from gatekeeper.source.script_lexical import Lexical
from gatekeeper.source.script_syntax import Syntax
from gatekeeper_rules.code._script_code import member_name

_PASSES = frozenset(
    {
        *("arguments", "array", "as_expression", "non_null_expression"),
        *("parenthesized_expression", "satisfies_expression", "spread_element"),
        "type_assertion",
    }
)
_MEMBERS = frozenset({"member_expression", "subscript_expression"})
_CHAINED = frozenset({"catch", "finally", "then"})
_TOGETHER = frozenset({"all", "allSettled", "any", "race", "resolve"})
_EITHER = frozenset({"&&", "||", "??"})
_FARTHEST = 60


class Use(Enum):
    """How an expression is used."""

    AWAITED = "somebody waits for it, or is given it to wait"
    RETURNED = "a function that does not wait gives it back"
    DROPPED = "nobody does anything with it"
    NAMED = "a name stands for it"
    VALUE = "something is made of it at once"


_ENDS = {
    "await_expression": Use.AWAITED,
    "expression_statement": Use.DROPPED,
    "variable_declarator": Use.NAMED,
    "yield_expression": Use.AWAITED,
}


def use_of(lexical: Lexical, node: Syntax) -> Use:
    """What becomes of an expression's value, as far as its surroundings show it."""
    for _ in range(_FARTHEST):
        above = lexical.parent(node)
        found = _ENDS.get(above.type) or _ended(lexical, above, node)
        if found is not None:
            return found
        if not _passes(lexical, above, node):
            return Use.VALUE
        node = above
    return Use.VALUE


def _ended(lexical: Lexical, above: Syntax, node: Syntax) -> Use | None:
    """What becomes of a value where it goes no further; None where it does, or is used."""
    kind = above.type
    if kind == "return_statement":
        return _given_back(lexical.function_of(above))
    if kind == "for_in_statement" and above.has("await"):
        return Use.AWAITED
    if is_function(above) and node.field == "body":
        return _given_back(above)
    if kind == "unary_expression" and above.has("void"):
        return Use.DROPPED
    is_named = kind == "assignment_expression" and node.field == "right"
    return Use.NAMED if is_named else None


def _passes(lexical: Lexical, above: Syntax, node: Syntax) -> bool:
    """Whether what stands around a value is worth it, or waits for it."""
    kind = above.type
    if kind == "call_expression":
        return _is_passed(above, node)
    if kind in _MEMBERS:
        return _is_chain(lexical, above, node)
    if kind == "ternary_expression":
        return node.field != "condition"
    if kind == "binary_expression":
        return above.of("operator").text in _EITHER
    return kind in _PASSES


def _given_back(function: Syntax) -> Use:
    """What a function gives back is awaited at once where it is asynchronous."""
    return Use.AWAITED if function.has("async") else Use.RETURNED


def _is_chain(lexical: Lexical, member: Syntax, node: Syntax) -> bool:
    """Whether it is the promise that `then` and the like are called on."""
    is_called = lexical.parent(member).type == "call_expression"
    return is_called and node.field == "object" and member_name(member) in _CHAINED


def _is_passed(call: Syntax, node: Syntax) -> bool:
    """Whether a call waits for what it is given, or is the `then` of it."""
    function = call.of("function")
    if node.field == "function":
        return function.type in _MEMBERS and member_name(function) in _CHAINED
    is_promise = function.type in _MEMBERS and function.of("object").text == "Promise"
    return is_promise and member_name(function) in _TOGETHER
