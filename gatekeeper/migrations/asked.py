"""Which values a comparison asks a column for, read from the lexemes of a statement."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.migrations.checks import literal_of, patterned
from gatekeeper.migrations.engine import Value
from gatekeeper.migrations.lexemes import Kind, Lexeme
from gatekeeper.value import replace

_SIGNS = frozenset(("=", "==", "<>", "!=", "<", ">", "<=", ">="))
_WORDS = frozenset(("like", "glob", "is", "in", "between", "match", "when"))
_LITERALS = (Kind.STRING, Kind.NUMBER, Kind.BLOB)
_SKIPPED = frozenset(("not", "(", "-", "+", ",", "and", "null", "distinct", "from"))
_NAMES = (Kind.WORD, Kind.QUOTED)
_DAY = re.compile(r"(\d{4})(-\d\d(?:-\d\d)?)?(.*)", re.DOTALL)
_LONGEST = 5_000
_FAR = 24  # lexemes on either side of a comparison that are looked at
_TYPES: Mapping[str, Value] = {
    "integer": 5,
    "real": 1.5,
    "text": "text",
    "blob": b"blob",
    "null": None,
}


def wanted_by(statement: Sequence[Lexeme]) -> Iterator[tuple[str, Value]]:
    """Pairs of a name that may be a column, in small letters, and a value to try in it."""
    for at, lexeme in enumerate(statement):
        word = lexeme.value.lower()
        if (lexeme.kind is Kind.SIGN and word in _SIGNS) or (
            lexeme.kind is Kind.WORD and word in _WORDS
        ):
            left, right = _left(statement, at), _right(statement, at)
            if left and left[-1].kind in _LITERALS and len(left) == 1:
                left, right = right, left
            negated = at > 0 and statement[at - 1].value.lower() == "not"
            values = _meeting(word, negated, tuple(_values(word, left, right)))
            for name in {each.value.lower() for each in left if each.kind in _NAMES}:
                yield from ((name, value) for value in values)


def _meeting(word: str, negated: bool, values: Sequence[Value]) -> Sequence[Value]:
    """The values, those first that meet the comparison: they are tried together first."""
    later = word in ("<>", "!=", ">", "<") or negated
    first = values[2:3] if word == "<" else values[1:2]
    return (*first, *values) if later else values


def _left(statement: Sequence[Lexeme], at: int) -> list[Lexeme]:
    """What stands before a comparison: a name with what is done to it, nearest last."""
    found: list[Lexeme] = []
    depth = 0
    for each in reversed(statement[max(0, at - _FAR) : at]):
        sign = each.value if each.kind is Kind.SIGN else ""
        word = each.value.lower() if each.kind is Kind.WORD else ""
        depth += (sign == ")") - (sign == "(")
        if depth < 0 or (depth == 0 and (word in ("and", "or", "where", "on") or sign == ",")):
            break
        found.append(each)
    return [each for each in reversed(found) if each.kind in (*_NAMES, *_LITERALS)]


def _right(statement: Sequence[Lexeme], at: int) -> list[Lexeme]:
    """The literals, or the name, that follow a comparison."""
    found: list[Lexeme] = []
    minus = False
    for each in statement[at + 1 : at + 400]:
        word = each.value.lower()
        follows = found and found[-1].kind in _LITERALS
        negated = minus and each.kind is Kind.NUMBER
        is_name = each.kind in _NAMES and (word == "null" or not (found or word in _SKIPPED))
        if each.kind in _LITERALS or is_name:
            found.append(replace(each, value=f"-{each.value}") if negated else each)
        minus = each.kind is Kind.SIGN and word == "-"
        if each.kind in _LITERALS or is_name:
            continue
        if word not in _SKIPPED or (follows and word == "("):
            break
    return found


def _values(word: str, left: Sequence[Lexeme], right: Sequence[Lexeme]) -> Iterator[Value]:
    done = {each.value.lower() for each in left if each.kind is Kind.WORD}
    steps = tuple(literal_of((it.kind.value, it.value)) for it in left if it.kind in _LITERALS)
    for each in right:
        if each.kind in _LITERALS:
            value = literal_of((each.kind.value, each.value))
            yield from _of_one(word, value, steps, done)
            yield from _path(steps, value)
        elif each.value.lower() == "null":
            yield None
    yield from (step for step in steps if isinstance(step, str))  # `instr(name, '@') > 0`


def _of_one(word: str, value: Value, steps: Sequence[Value], done: set[str]) -> Iterator[Value]:
    if isinstance(value, str):
        yield from _texts(word, value, done)
    elif isinstance(value, bytes):
        yield from (value, value + b"\x01")
    elif value is not None:
        yield from _numbers(value, steps, done)


def _texts(word: str, value: str, done: set[str]) -> Iterator[Value]:
    if "typeof" in done and value in _TYPES:
        yield _TYPES[value]
    if word in ("like", "glob", "match"):
        yield from patterned(value)
        return
    yield value
    if word != "=":
        yield from (f"{value}~", value[:-1])
    day = _DAY.fullmatch(value)
    if day is not None:
        rest = (day.group(2) or "-06-15 12:00:00") + day.group(3)
        for year in (int(day.group(1)), int(day.group(1)) - 1, int(day.group(1)) + 1):
            yield f"{year:04}{rest}"
    yield from (value.upper(), value.lower()) if done & {"lower", "upper"} else ()


def _numbers(value: float, steps: Sequence[Value], done: set[str]) -> Iterator[Value]:
    yield from (value, value + 1, value - 1)
    for step in steps:
        if isinstance(step, int | float) and step:
            yield from (value + step, value - step, value * step, value / step)
            if isinstance(value, int) and isinstance(step, int):
                yield value // step
    if done & {"length", "octet_length"} and 0 <= value <= _LONGEST:
        size = int(value)
        yield from ("x" * size, "x" * (size + 1), "x" * max(0, size - 1), b"y" * size)


def _path(steps: Sequence[Value], value: Value) -> Iterator[str]:
    """A text of JSON in which a path leads to the value."""
    for step in steps:
        if isinstance(step, str) and not isinstance(value, bytes):
            yield json.dumps({step.removeprefix("$."): value})
