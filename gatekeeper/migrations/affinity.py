"""Values that a column takes: ordinary ones, those at the edges, and those of a wrong type.

Affinities: https://www.sqlite.org/datatype3.html section 3.1; STRICT: https://www.sqlite.org/stricttables.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import lru_cache
from hashlib import sha256

from gatekeeper.migrations.engine import Value
from gatekeeper.migrations.schema import Column
from gatekeeper.value import dataclass


class Affinity(Enum):
    """What a column would rather hold."""

    INTEGER = "INTEGER"
    TEXT = "TEXT"
    BLOB = "BLOB"
    REAL = "REAL"
    NUMERIC = "NUMERIC"


_BY_PART = (
    ("INT", Affinity.INTEGER),
    ("CHAR", Affinity.TEXT),
    ("CLOB", Affinity.TEXT),
    ("TEXT", Affinity.TEXT),
    ("BLOB", Affinity.BLOB),
    ("REAL", Affinity.REAL),
    ("FLOA", Affinity.REAL),
    ("DOUB", Affinity.REAL),
)
_TIME = re.compile(r"(_at|_on|date|time|timestamp|created|updated|expires|until|since)$", re.I)
_FLAG = re.compile(r"^(is|has|can|should|was)_|enabled$|active$|deleted$|flag$", re.I)
_JSON = re.compile(r"json|settings|metadata|payload|config|options|data$", re.I)
_DAY = 86_400
_LETTERS = "bcdfghjklmnpqrstvwxz"
_SPREAD = 53
_FIRST_DAY = 1_706_745_600  # 2024-02-01T00:00:00Z


@lru_cache(maxsize=512)
def affinity(type_: str) -> Affinity:
    """The affinity of a declared type."""
    if not type_:
        return Affinity.BLOB
    return next((found for part, found in _BY_PART if part in type_.upper()), Affinity.NUMERIC)


@dataclass(frozen=True, slots=True)
class Mark:
    """What makes the values of a column its own: no other column of the seed holds the same ones.

    `place` is that of the column in its table, from 0; `salt` comes from seed, table and column,
    `whole` from seed and table.
    """

    place: int
    salt: int
    whole: int

    @property
    def token(self) -> str:
        """Three letters that stand in each of its texts."""
        return "".join(_LETTERS[self.salt // 20**at % 20] for at in range(3))

    @property
    def offset(self) -> int:
        """What its numbers are moved by: below 53, and different for places of a table."""
        return (5 * self.place + self.whole) % _SPREAD


def mark_of(seed: int, table: str, column: str, place: int) -> Mark:
    """The mark of a column."""
    return Mark(place, _salt(seed, table, column), _salt(seed, table))


def _salt(seed: int, *names: str) -> int:
    said = "\0".join((str(seed), *map(str.lower, names))).encode("utf-8", "replace")
    return int.from_bytes(sha256(said).digest()[:7], "big")


def ordinary(column: Column, number: int, mark: Mark) -> Value:
    """The value of a column in ordinary row `number`, from 0; different for each number.

    Flags are the exception: they are 0 or 1.
    """
    kind = affinity(column.type)
    if column.type.startswith("BOOL") or (kind is Affinity.INTEGER and _FLAG.search(column.name)):
        # Not simply by turns: two flags of a table that change places must not look alike.
        every, flipped = 2 + mark.place % 5, mark.place // 5
        return (number + number // every + flipped) % 2
    if kind is Affinity.TEXT or column.type in ("DATE", "DATETIME", "TIMESTAMP", "JSON", "ANY"):
        return _text(column, number, mark)
    if kind is Affinity.INTEGER or kind is Affinity.NUMERIC:
        moment = _FIRST_DAY + number * _DAY + 60 * (mark.offset + mark.salt % 1_000)
        return moment if _TIME.search(column.name) else 11 + 7 * number + mark.offset
    if kind is Affinity.REAL:
        return 2.5 + 1.25 * number + mark.offset
    if column.type:
        return bytes((number % 256, 0xA0 + number % 16, mark.offset))
    return f"{column.name} {number}{mark.token}"


def _text(column: Column, number: int, mark: Mark) -> str:
    if _JSON.search(column.name) or column.type == "JSON":
        return f'{{"n": {number}, "of": "{_plain(column.name)} {mark.token}"}}'
    if _TIME.search(column.name) or column.type in ("DATE", "DATETIME", "TIMESTAMP"):
        clock = f"T0{number % 10}:{mark.offset:02}:{mark.salt % 60:02}Z"
        return f"2024-{1 + number // 28 % 12:02}-{1 + number % 28:02}{clock}"
    return f"{_plain(column.name)} {number}{mark.token}"


@lru_cache(maxsize=512)
def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", " ", name).strip() or "value"


_EDGES: Mapping[Affinity, Sequence[Value]] = {
    Affinity.INTEGER: (0, -1, 2**53 + 1, 2**63 - 1, -(2**63), 1_000_003),
    Affinity.TEXT: (
        "",
        " padded ",
        'O\'Brien; DROP TABLE "x" -- %',
        "naïve 日本 😀 e\u0301",
        "nul\x00inside",
        "007",
        "1e5",
        "12345678901234567890",
        "line\r\nbreak\ttab",
        "null",
    ),
    Affinity.BLOB: (b"", b"\x00\xff\x00", b"\xf0\x28\x8c\x28"),
    Affinity.REAL: (-0.0, 0.1, 1e308, float("inf"), float("-inf"), 5e-324),
    Affinity.NUMERIC: (0, -1, 0.1, 2**53 + 1, 1_000_003),
}
_STRANGE: Mapping[Affinity, Sequence[Value]] = {
    Affinity.INTEGER: ("not a number", 1.5, b"\x01"),
    Affinity.TEXT: (b"\x00\xfe", b"blob"),
    Affinity.BLOB: ("text", 3, 2.5),
    Affinity.REAL: ("not a number", b"\x02"),
    Affinity.NUMERIC: ("not a number", b"\x03"),
}


def edges(column: Column, mark: Mark) -> Sequence[Value]:
    """Values of the right type that are easily forgotten; columns beside begin at other ones."""
    found = _EDGES[affinity(column.type)]
    start = mark.place % len(found)
    return (*found[start:], *found[:start])


def strange(column: Column) -> Sequence[Value]:
    """Values of another type, which a table takes that is not STRICT."""
    return _STRANGE[affinity(column.type)]


def fitted(column: Column, values: Sequence[Value]) -> tuple[Value, ...]:
    """Values as the column's type has them, without those that it cannot hold."""
    kind = affinity(column.type)
    if kind is Affinity.TEXT:
        found = (str(each) if isinstance(each, int | float) else each for each in values)
        return tuple(dict.fromkeys(each for each in found if not isinstance(each, bytes)))
    if kind in (Affinity.INTEGER, Affinity.REAL, Affinity.NUMERIC):
        dated = column.type in ("DATE", "DATETIME", "TIMESTAMP", "JSON")
        numbers = (each if dated else _as_number(each) for each in values)
        return tuple(
            each for each in numbers if each is None or not isinstance(each, str | bytes) or dated
        )
    return tuple(values)


def _as_number(value: Value) -> Value:
    """A text that is a number as that number."""
    try:
        return int(value) if isinstance(value, str) else value
    except ValueError:
        return value
