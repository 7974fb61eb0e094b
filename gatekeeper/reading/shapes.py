"""What is expected of a value out of JSON, asked for piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NoReturn

from gatekeeper.reading.content import not_too_many, shown
from gatekeeper.reading.unusable import Unusable

_LARGEST_LINE = 1 << 31
_WIDEST_LINE = 9


class Table:
    """An object of JSON, and where it stands; every question raises Unusable where it must."""

    __slots__ = ("_members", "_where")

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise Unusable(f"{where} is no object but {shown(value)}")
        self._members: Mapping[str, object] = value
        self._where = where

    def __contains__(self, key: str) -> bool:
        return self._members.get(key) is not None

    def get(self, key: str) -> object:
        """The value as it is; None where it is missing."""
        return self._members.get(key)

    def table(self, key: str) -> Table:
        """The object at `key`."""
        return Table(self.get(key), self._at(key))

    def tables(self, key: str) -> Iterator[Table]:
        """The objects in the array at `key`."""
        return tables(self.get(key), self._at(key))

    def members(self) -> Iterator[tuple[str, Table]]:
        """The objects in this one, by key."""
        for key, value in self._members.items():
            yield key, Table(value, self._at(key))

    def text(self, key: str) -> str:
        """The text at `key`."""
        value = self.get(key)
        return value if isinstance(value, str) else self._fail(key, "text")

    def text_or_none(self, key: str) -> str | None:
        """The text at `key`, where there is one."""
        return self.text(key) if key in self else None

    def truth(self, key: str) -> bool:
        """The `true` or `false` at `key`."""
        value = self.get(key)
        return value if isinstance(value, bool) else self._fail(key, "true or false")

    def count(self, key: str) -> int:
        """The whole number at `key`, not below zero."""
        value = self.get(key)
        if type(value) is int and value >= 0:
            return value
        return self._fail(key, "count")

    def place(self, key: str) -> int | None:
        """The line or column at `key`; None for what tools write where they know none."""
        value = self.get(key)
        if value is None or (type(value) is int and -1 <= value <= 0):
            return None
        return value if type(value) is int and _is_line(value) else self._fail(key, "place")

    def column_from_0(self, key: str) -> int | None:
        """The column at `key`, which the tool counts from 0, counted from 1."""
        value = self.get(key)
        return 1 if type(value) is int and value == 0 else _next(self.place(key))

    def lines(self, key: str) -> frozenset[int]:
        """The line numbers at `key`, of which none is given twice."""
        value = self.get(key)
        if not isinstance(value, list) or not set(map(type, value)) <= {int}:
            return self._fail(key, "list of lines")
        lines = frozenset(value)
        if len(lines) != len(value) or (
            lines and not 0 <= min(lines) <= max(lines) < _LARGEST_LINE
        ):
            return self._fail(key, "list of lines")
        return lines

    def texts_by_line(self) -> Iterator[tuple[int, Sequence[str]]]:
        """The lists of texts in this object, of which the keys are numbers of lines."""
        for key, value in self._members.items():
            if not isinstance(value, list) or not set(map(type, value)) <= {str}:
                self._fail(key, "list of texts")
            if not key.isdecimal() or not key.isascii() or len(key) > _WIDEST_LINE:
                raise Unusable(f"{self._at(key)} is no line")
            yield int(key), value

    def branches(self, key: str) -> Sequence[int]:
        """The lines that the branches at `key` go out from; each is a pair, from and to."""
        value = self.get(key)
        if not isinstance(value, list) or not set(map(type, value)) <= {list}:
            return self._fail(key, "list of branches")
        if not set(map(len, value)) <= {2}:
            return self._fail(key, "list of branches")
        starts = [start for start, _ in value]
        if not set(map(type, starts)) <= {int}:
            return self._fail(key, "list of branches")
        return starts

    def _at(self, key: str) -> str:
        return f"{self._where}: {shown(key)}"

    def _fail(self, key: str, wanted: str) -> NoReturn:
        raise Unusable(f"{self._at(key)} is no {wanted} but {shown(self.get(key))}")


def tables(value: object, where: str) -> Iterator[Table]:
    """The objects in an array."""
    if not isinstance(value, list):
        raise Unusable(f"{where} is no array but {shown(value)}")
    not_too_many(len(value), f"objects in {where}")
    return (Table(each, f"{where}, number {n}") for n, each in enumerate(value, 1))


def _next(column: int | None) -> int | None:
    return None if column is None else column + 1


def _is_line(number: int) -> bool:
    return 1 <= number < _LARGEST_LINE
