"""One record of a test run: a JSON object on a line, asked for facts of known types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple, TypeVar

from gatekeeper.reading.unusable import Unusable

T = TypeVar("T")
_PHASE = 3


class Entry(NamedTuple):
    """A record; `kind` is what it says it is a record of. Wrong types raise Unusable."""

    number_of_line: int
    kind: str
    facts: Mapping[str, object]

    def fact(self, name: str, kind: type[T]) -> T | None:
        """A fact, or None where the record does not have it."""
        value = self.facts.get(name)
        if value is None:
            return None
        # To Python a truth value is a number as well.
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self._odd(name)
        return value

    def text(self, name: str) -> str:
        """A text that must be there."""
        value = self.fact(name, str)
        if value is None:
            raise self._odd(name)
        return value

    def number(self, name: str) -> int:
        """A whole number that must be there."""
        value = self.fact(name, int)
        if value is None:
            raise self._odd(name)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts that must be there."""
        values = self.fact(name, list)
        if values is None or not all(isinstance(each, str) for each in values):
            raise self._odd(name)
        return tuple(values)

    def table(self, name: str) -> Mapping[str, object]:
        """A table that must be there."""
        value = self.fact(name, dict)
        if value is None:
            raise self._odd(name)
        return value

    def phases(self) -> tuple[tuple[str, str, float], ...]:
        """The phases of a test: which, how it ended, seconds."""
        given = self.fact("phases", list) or []
        if not all(map(_is_phase, given)):
            raise self._odd("phases")
        return tuple((when, outcome, seconds) for when, outcome, seconds in given)

    def _odd(self, name: str) -> Unusable:
        return Unusable(f"line {self.number_of_line} of the records has no usable {name!r}")


def _is_phase(given: object) -> bool:
    if type(given) is not list or len(given) != _PHASE:
        return False
    when, outcome, seconds = given
    return type(when) is str and type(outcome) is str and type(seconds) in (int, float)


def entries(content: bytes) -> tuple[Entry, ...]:
    """All records, at least one; raises Unusable where there is none, or half of one."""
    if not content:
        raise Unusable("the recorder wrote nothing")
    lines = content.split(b"\n")
    if lines.pop():
        raise Unusable(f"line {len(lines) + 1} of the records is cut off")
    return tuple(_entry(number, line) for number, line in enumerate(lines, 1))


def _entry(number: int, line: bytes) -> Entry:
    try:
        facts = json.loads(line)
    except (ValueError, RecursionError):
        raise Unusable(f"line {number} of the records is no JSON") from None
    match facts:
        case {"record": str(kind)}:
            return Entry(number, kind, facts)
        case _:
            raise Unusable(f"line {number} of the records is no record")
