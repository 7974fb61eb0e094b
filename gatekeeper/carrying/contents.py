"""What a database file holds, row by row, and how two states of it differ."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import apsw

from gatekeeper.migrations.contents import exact_row, shown
from gatekeeper.migrations.engine import Row
from gatekeeper.migrations.proven import Stand
from gatekeeper.migrations.schema import quoted
from gatekeeper.value import dataclass

MOST_ROWS = 200_000
"""Rows of one table that are looked at."""

_SECONDS = 20.0
_SHOWN = 5
_TABLES = (
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"
    " AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
)


class NoDatabase(Exception):
    """A file cannot be read as a database; the text says why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A table's columns and its rows, in an order of no meaning."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def counted(self) -> Counter[object]:
        """The rows by the types and bits of their values."""
        return Counter(exact_row(row) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Contents:
    """All tables of a database by name, and what D1 would not hold, in words."""

    tables: Mapping[str, Kept]
    unsound: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """All rows."""
        return sum(len(table.rows) for table in self.tables.values())


@dataclass(frozen=True, slots=True)
class Gap:
    """How a table differs between two moments: in words, and as it stood."""

    table: str
    says: str
    stands: tuple[Stand, ...] = ()


def contents_of(file: Path) -> Contents:
    """Read a database file of ours that nobody else has open; raises NoDatabase.

    A journal beside it is rolled back, as the next run would do it.
    """
    deadline = time.monotonic() + _SECONDS
    try:
        connection = opened(file, deadline)
        try:
            names = [str(name) for (name,) in connection.execute(_TABLES)]
            tables = {name: _kept(connection, name) for name in names}
            return Contents(tables, tuple(_unsound(connection)))
        finally:
            connection.close(force=True)
    except (apsw.Error, MemoryError, UnicodeError) as error:
        raise NoDatabase(f"it cannot be read as a database: {error}") from None


def answers(file: Path, queries: Iterable[str]) -> Mapping[str, str | None]:
    """Why each query is not answered by a database file of ours; None where it is."""
    found = dict[str, str | None]()
    for query in queries:
        try:
            connection = opened(file, time.monotonic() + _SECONDS)
            try:
                connection.execute("PRAGMA query_only = 1")
                connection.execute(query).fetchall()
            finally:
                connection.close(force=True)
            found[query] = None
        except (apsw.Error, MemoryError, UnicodeError) as error:
            found[query] = str(error)
    return found


def opened(file: Path, deadline: float) -> apsw.Connection:
    """A connection that trusts nothing the file says; what it runs ends at the deadline."""
    connection = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READWRITE)
    connection.config(apsw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
    connection.set_progress_handler(lambda: time.monotonic() > deadline, 10_000)
    return connection


def _kept(connection: apsw.Connection, name: str) -> Kept:
    listed = connection.execute("SELECT name FROM pragma_table_info(?)", (name,))
    columns = tuple(str(column) for (column,) in listed)
    limit = str(MOST_ROWS + 1)
    sql = " ".join(
        ("SELECT", ", ".join(map(quoted, columns)), "FROM", quoted(name), "LIMIT", limit)
    )
    rows = tuple(connection.execute(sql)) if columns else ()
    if len(rows) > MOST_ROWS:
        raise NoDatabase(f"{name} has more than {MOST_ROWS:,} rows")
    return Kept(columns, rows)


def _unsound(connection: apsw.Connection) -> Iterator[str]:
    for (says,) in connection.execute("PRAGMA integrity_check(5)"):
        if says != "ok":
            yield str(says)
    orphans = Counter(
        (str(row[0]), str(row[2])) for row in connection.execute("PRAGMA foreign_key_check")
    )
    for (child, parent), count in orphans.items():
        yield f"{count} rows of {child} refer to rows of {parent} that are not there"


def gaps(was: Contents, now: Contents, *, more: bool = False) -> Iterator[Gap]:
    """How two states differ, table by table; with `more`, rows that came along are no matter."""
    for name in dict.fromkeys((*was.tables, *now.tables)):
        old, new = was.tables.get(name), now.tables.get(name)
        if new is None:
            yield Gap(name, f"the table {name} is not there any more")
        elif old is None:
            if not more:
                yield Gap(name, f"the table {name} was not there")
        else:
            yield from _gap(name, old, new, more=more)


def _gap(name: str, old: Kept, new: Kept, *, more: bool) -> Iterator[Gap]:
    if old.columns != new.columns:
        yield Gap(name, f"the table {name} has other columns")
        return
    gone = _beyond(old, new)
    came = () if more else _beyond(new, old)
    if not gone and not came:
        return
    told = [f"{len(gone):,} are not there any more"] if gone else []
    told += [f"{len(came):,} came along"] if came else []
    stands = (
        _stand("is missing", name, old.columns, gone),
        _stand("extra", name, old.columns, came),
    )
    rows = f"of {len(old.rows):,} rows of {name}, {' and '.join(told)}"
    yield Gap(name, rows, tuple(each for each in stands if each.rows))


def _beyond(some: Kept, others: Kept) -> tuple[Row, ...]:
    """The rows that the others have less often."""
    left = others.counted
    found = list[Row]()
    for row in some.rows:
        key = exact_row(row)
        if left[key] > 0:
            left[key] -= 1
        else:
            found.append(row)
    return tuple(found)


def _stand(when: str, name: str, columns: tuple[str, ...], rows: tuple[Row, ...]) -> Stand:
    return Stand(when, name, columns, tuple(tuple(map(shown, row)) for row in rows[:_SHOWN]))
