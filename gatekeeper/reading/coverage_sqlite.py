"""The SQLite file `.coverage`: which lines and jumps ran, read without coverage.py."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from gatekeeper.reading.content import LARGEST, shown
from gatekeeper.reading.contexts import lines_in
from gatekeeper.reading.places import Place, placing
from gatekeeper.reading.unusable import Unusable
from gatekeeper.value import dataclass

_SCHEMA = 7
_HEADER = b"SQLite format 3\0"
_STEPS, _MOST_CALLS = 100_000, 2_000
_TABLES = frozenset({"arc", "context", "coverage_schema", "file", "line_bits", "meta", "tracer"})
_MOST_LINES = 20_000_000

Arc = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Recorded:
    """Of each file, by path relative to the root, what ran; arcs only where they were measured.

    An arc is a jump from a line to another; a negative line is the way into a function, or
    out of it. Which lines could have run is not in the file.
    """

    has_arcs: bool
    lines: dict[str, set[int]]
    arcs: dict[str, set[Arc]]


def recorded(file: Path, root: str, cwd: str = "") -> Recorded:
    """What a data file of coverage.py 5 to 7 holds; paths become relative to `root`.

    Raises Unusable for another file or schema, one that is damaged or too large, one that
    names files outside of the root, and one measured with plugins for other languages.
    """
    with opened(file) as connection:
        return _read(connection, placing(root, cwd))


@contextmanager
def opened(file: Path, largest: int = LARGEST) -> Iterator[sqlite3.Connection]:
    """A data file to be asked within bounds; whatever SQLite objects to is raised as Unusable."""
    _check_file(file, largest)
    address = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            _bind(connection)
            _check_schema(connection)
            yield connection
    except (sqlite3.Error, OverflowError, UnicodeError) as error:
        raise Unusable(f"it is no data file of coverage.py, or damaged: {error}") from None


def _check_file(file: Path, largest: int) -> None:
    try:
        status = file.lstat()
        with file.open("rb") as readable:
            header = readable.read(len(_HEADER)) if stat.S_ISREG(status.st_mode) else b""
    except (OSError, ValueError):
        raise Unusable("there is no such file, or it cannot be read") from None
    if header != _HEADER:
        raise Unusable("it is no data file of coverage.py: it is not SQLite")
    if status.st_size > largest:
        raise Unusable(f"it holds {status.st_size} bytes, and {largest} are read at most")


def _bind(connection: sqlite3.Connection) -> None:
    """Bound what a file can make SQLite do: a table may be a view, and a view a program."""
    calls = iter(range(_MOST_CALLS))
    connection.set_progress_handler(lambda: next(calls, None) is None, _STEPS)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    plain = {name for name, sql in found if str(sql).upper().startswith("CREATE TABLE")}
    if missing := sorted(_TABLES - plain):
        raise Unusable(f"it is no data file of coverage.py 5 or later: no table {missing[0]}")


def _check_schema(connection: sqlite3.Connection) -> None:
    versions = connection.execute("SELECT version FROM coverage_schema").fetchall()
    if versions != [(_SCHEMA,)]:
        raise Unusable(f"its schema is {shown(versions)}, and {_SCHEMA} is read")
    if plugin := connection.execute("SELECT tracer FROM tracer WHERE tracer <> ''").fetchone():
        raise Unusable(f"a plugin measured it, which is not asked here: {shown(plugin[0])}")


def _read(connection: sqlite3.Connection, place: Place) -> Recorded:
    meta = dict(connection.execute("SELECT key, value FROM meta"))
    paths = {
        each: place(text_of(path)) for each, path in connection.execute("SELECT id, path FROM file")
    }
    bits: dict[str, int] = dict.fromkeys(paths.values(), 0)
    arcs: dict[str, set[Arc]] = {path: set() for path in bits}
    for each, set_ in connection.execute("SELECT DISTINCT file_id, numbits FROM line_bits"):
        bits[_known(paths, each)] |= int.from_bytes(numbits(set_), "little")
    for each, start, end in connection.execute("SELECT DISTINCT file_id, fromno, tono FROM arc"):
        if not is_line(start) or not is_line(end):
            raise Unusable(f"a jump in {shown(_known(paths, each))} is none between lines")
        arcs[_known(paths, each)].add((start, end))
    lines = _lines(bits)
    for path, jumps in arcs.items():
        lines[path].update(line for jump in jumps for line in jump if line > 0)
    return Recorded(meta.get("has_arcs") in ("1", 1), lines, arcs)


def _known(paths: dict[object, str], each: object) -> str:
    if each not in paths:
        raise Unusable(f"it holds lines of a file {shown(each)} that it does not name")
    return paths[each]


def text_of(value: object) -> str:
    """The name of a file or a context."""
    if not isinstance(value, str):
        raise Unusable(f"the name of a file or a context is {shown(value)}")
    return value


def is_line(value: object) -> bool:
    """Whether it is one end of an arc: a line, or its negative."""
    return type(value) is int and abs(value) <= _MOST_LINES


def numbits(bits: object) -> bytes:
    """A set of lines: line n is bit n % 8 of byte n // 8."""
    if not isinstance(bits, bytes) or len(bits) * 8 > _MOST_LINES:
        raise Unusable(f"the lines of a file are {shown(bits)}")
    return bits


def _lines(bits: Mapping[str, int]) -> dict[str, set[int]]:
    """The lines in each of these sets, in all not more than a large project has."""
    if (count := sum(each.bit_count() for each in bits.values())) > _MOST_LINES:
        raise Unusable(f"it holds {count} lines, and {_MOST_LINES} are read at most")
    return {
        path: set(lines_in(each.to_bytes((each.bit_length() + 7) // 8, "little")))
        for path, each in bits.items()
    }
