"""Values that a column takes: ordinary ones, those at the edges, and those of a wrong type.

Affinities: https://www.sqlite.org/datatype3.html section 3.1; STRICT: https://www.sqlite.org/stricttables.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import lru_cache

from gatekeeper.migrations.engine import Value
from gatekeeper.migrations.schema import Column


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
_FIRST_DAY = 1_706_745_600  # 2024-02-01T00:00:00Z


@lru_cache(maxsize=512)
def affinity(type_: str) -> Affinity:
    """The affinity of a declared type."""
    if not type_:
        return Affinity.BLOB
    return next((found for part, found in _BY_PART if part in type_.upper()), Affinity.NUMERIC)


def ordinary(column: Column, number: int) -> Value:
    """The value of a column in ordinary row `number`, from 0; different for each number.

    Flags are the exception: they are 0 or 1.
    """
    kind = affinity(column.type)
    if column.type.startswith("BOOL") or (kind is Affinity.INTEGER and _FLAG.search(column.name)):
        return number % 2
    if kind is Affinity.TEXT or column.type in ("DATE", "DATETIME", "TIMESTAMP", "JSON", "ANY"):
        return _text(column, number)
    if kind is Affinity.INTEGER or kind is Affinity.NUMERIC:
        return _FIRST_DAY + number * _DAY if _TIME.search(column.name) else 11 + 7 * number
    if kind is Affinity.REAL:
        return 2.5 + 1.25 * number
    return bytes((number % 256, 0xA0 + number % 16)) if column.type else f"{column.name} {number}"


def _text(column: Column, number: int) -> str:
    if _JSON.search(column.name) or column.type == "JSON":
        return f'{{"n": {number}, "of": "{_plain(column.name)}"}}'
    if _TIME.search(column.name) or column.type in ("DATE", "DATETIME", "TIMESTAMP"):
        return f"2024-{1 + number // 28 % 12:02}-{1 + number % 28:02}T0{number % 10}:15:00Z"
    return f"{_plain(column.name)} {number}"


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


def edges(column: Column) -> Sequence[Value]:
    """Values of the right type that are easily forgotten."""
    return _EDGES[affinity(column.type)]


def strange(column: Column) -> Sequence[Value]:
    """Values of another type, which a table takes that is not STRICT."""
    return _STRANGE[affinity(column.type)]
