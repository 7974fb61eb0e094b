"""How long a duration of Workflows is, where it is written down."""

from __future__ import annotations

import ast
import re

_SAID = re.compile(r"\s*(\d+(?:\.\d+)?)\s+(second|minute|hour|day|week|month|year)s?\s*")
SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
_UNITS = {
    "second": SECOND,
    "minute": MINUTE,
    "hour": HOUR,
    "day": DAY,
    "week": 7 * DAY,
    "month": 30 * DAY,
    "year": 365 * DAY,
}
_DEEPEST = 10


class NoDuration(ValueError):
    """A text that the engine does not take for a duration."""


def length(said: str | float | None) -> float | None:
    """In milliseconds; None where it is not constant. Raises `NoDuration` for what is none.

    `"3 hours"` or a number of milliseconds (workers-types: `WorkflowSleepDuration`).
    """
    if not isinstance(said, str):
        return said
    found = _SAID.fullmatch(said)
    if found is None:
        raise NoDuration(said)
    return float(found.group(1)) * _UNITS[found.group(2)]


def number(node: ast.expr, depth: int = 0) -> float | None:
    """The value of a constant number, or of a product, sum or difference of such."""
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand) if depth < _DEEPEST:
            inner = number(operand, depth + 1)
            return None if inner is None else -inner
        case ast.BinOp(left=left, op=op, right=right) if depth < _DEEPEST:
            return _combined(number(left, depth + 1), op, number(right, depth + 1))
        case _:
            return None


def _combined(left: float | None, op: ast.operator, right: float | None) -> float | None:
    if left is None or right is None:
        return None
    match op:
        case ast.Mult():
            return left * right
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case _:
            return None
