"""Values that a CHECK is likely to take, from the literals and functions that it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from gatekeeper.migrations.engine import Value
from gatekeeper.migrations.table_text import Said

_TIMES = ("date", "datetime", "time", "julianday", "strftime", "unixepoch")
_LONGEST = 400


def candidates(checks: Iterable[Said], column: str) -> tuple[Value, ...]:
    """Values worth trying in a column, from those checks that name it; empty where none does."""
    found: dict[tuple[str, str], Value] = {}
    for check in checks:
        if ("name", column.lower()) in check:
            for value in _from(check):
                found.setdefault((type(value).__name__, repr(value)), value)
    return tuple(found.values())


def _from(check: Said) -> Iterator[Value]:
    names = {value for kind, value in check if kind == "name"}
    yield from _literals(check)
    if any(name.startswith("json") for name in names):
        yield from ("{}", "[]", '{"a": 1}', "1", '"text"')
    if not names.isdisjoint(_TIMES):
        yield from ("2024-02-29", "2024-02-29 12:30:00", "12:30:00", 1_709_210_000)
    yield from (0, 1, 2, 1.5, "a", "A", "abc", b"ab", "00000000-0000-4000-8000-000000000000")


def _literals(check: Said) -> Iterator[Value]:
    sized = ("name", "length") in check or ("name", "octet_length") in check
    for at, (kind, text) in enumerate(check):
        before = check[at - 1][1] if at else ""
        if kind == "string":
            literal = text[1:-1].replace("''", "'")
            yield literal
            if before in ("like", "glob", "regexp", "match"):
                yield from patterned(literal)
        elif kind == "number":
            number = _number(text)
            signed = -number if before == "-" else number
            yield from (signed, signed + 1, signed - 1)
            yield from ((signed + 0.5,) if isinstance(signed, float) else ())
            if sized and isinstance(number, int) and 0 <= number <= _LONGEST:
                yield from (
                    "x" * number,
                    "x" * (number + 1),
                    "a" * max(number - 1, 0),
                    b"y" * number,
                )
        elif kind == "blob":
            yield bytes.fromhex(text[2:-1])


def literal_of(said: tuple[str, str]) -> Value:
    """The value of a string, number or blob as a lexeme has it."""
    kind, text = said
    if kind == "string":
        return text[1:-1].replace("''", "'")
    if kind == "blob":
        return bytes.fromhex(text[2:-1]) if len(text) % 2 else b""
    number = -_number(text[1:]) if text.startswith("-") else _number(text)
    return number if isinstance(number, float) or abs(number) < 2**63 else float(number)


def _number(text: str) -> int | float:
    plain = text.replace("_", "")
    if plain.lower().startswith("0x"):
        return int(plain, 16)
    return int(plain) if plain.isdigit() else float(plain)


_SET = re.compile(r"\[(\^?)(.)(?:-(.))?[^\]]*\]")


def patterned(pattern: str) -> Sequence[str]:
    """Texts that a LIKE or GLOB pattern takes: each wildcard once short and once long."""
    plain = _SET.sub(lambda found: "~" if found.group(1) else found.group(2), pattern)
    other = _SET.sub(_second, pattern)
    short = plain.replace("%", "").replace("*", "").replace("_", "a").replace("?", "a")
    long = plain.replace("%", "bc").replace("*", "bc").replace("_", "b").replace("?", "b")
    return tuple(dict.fromkeys((short, long, f"{short}1", pattern, other)))


def _second(found: re.Match[str]) -> str:
    """Another character than the first of those that a set names."""
    negated, low, high = found.groups()
    return "+" if negated else chr(ord(low) + 1) if high and low < high else low
