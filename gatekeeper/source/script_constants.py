"""What literals of scripts are worth, and what comparing them gives (ECMA-262, 7.2.13 on)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

from gatekeeper.source.script_syntax import Syntax, string_of

Worth = tuple[str, object]
"""The kind of a constant, and the constant; of a number a float."""

NULL: Worth = ("null", None)
UNDEFINED: Worth = ("undefined", None)
NOTHING_AT_ALL = frozenset({NULL, UNDEFINED})
STRICT = frozenset({"===", "!=="})
LOOSE = frozenset({"==", "!="})
ORDERED: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def not_a_number() -> Worth:
    """`NaN`, which is equal to nothing, not even to itself."""
    return "number", float("nan")


def literal(node: Syntax) -> Worth | None:
    """The constant that a piece is by itself; None where it is none."""
    if node.type in ("true", "false"):
        return "boolean", node.type == "true"
    if node.type == "null":
        return NULL
    if node.type == "undefined":
        return UNDEFINED
    if node.type == "number":
        return _number(node.text)
    text = string_of(node)
    return None if text is None else ("string", text)


def _number(text: str) -> Worth | None:
    plain = text.replace("_", "").rstrip("n").lower()
    try:
        number = float(int(plain, 0)) if plain[:2] in ("0x", "0b", "0o") else float(plain)
    except (ValueError, OverflowError):
        return None
    return "bigint" if text.endswith("n") else "number", number


def is_true(worth: Worth) -> bool:
    """Whether a condition holds that is this constant."""
    return bool(worth[1]) and _is_equal(worth, worth)


def compared(sign: str, one: Worth, other: Worth) -> bool | None:
    """What comparing two constants gives; None where they are converted first."""
    if sign in ORDERED:
        first, second = one[1], other[1]
        if isinstance(first, float) and isinstance(second, float):
            return ORDERED[sign](first, second)
        return None
    if sign in LOOSE and one[0] != other[0]:
        if NOTHING_AT_ALL.isdisjoint((one, other)):
            return None
        return NOTHING_AT_ALL.issuperset((one, other)) is (sign == "==")
    if sign not in STRICT and sign not in LOOSE:
        return None
    return _is_equal(one, other) is (sign[0] == "=")


def _is_equal(one: Worth, other: Worth) -> bool:
    # Not as tuples: these take one and the same `NaN` for equal.
    return one[0] == other[0] and one[1] == other[1]
