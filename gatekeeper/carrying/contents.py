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
_OBJECTS = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL"


class NoDatabase(Exception):
    """A file cannot be read as a database; the text says why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A table's columns and its rows, in an order of no meaning.

    `key` says at which places of a row its primary key stands.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    key: tuple[int, ...] = ()

    @property
    def counted(self) -> Counter[object]:
        """The rows by the types and bits of their values."""
        return Counter(exact_row(row) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Made:
    """What the schema holds: a table, an index, a trigger or a view, and the table it is on."""

    sort: str
    name: str
    table: str
    sql: str


@dataclass(frozen=True, slots=True)
class Contents:
    """All tables of a database by name, what D1 would not hold in words, and its schema."""

    tables: Mapping[str, Kept]
    unsound: tuple[str, ...] = ()
    schema: frozenset[Made] = frozenset()

    def within(self, other: Contents) -> Contents:
        """Only the tables that another state has too; all where that has none."""
        if not other.tables:
            return self
        mine = {name: kept for name, kept in self.tables.items() if name in other.tables}
        return Contents(mine, self.unsound, self.schema)

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
            made = frozenset(Made(*map(str, row)) for row in connection.execute(_OBJECTS))
            return Contents(tables, tuple(_unsound(connection)), made)
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
    listed = tuple(connection.execute("SELECT name, pk FROM pragma_table_info(?)", (name,)))
    columns = tuple(str(column) for column, _ in listed)
    limit = str(MOST_ROWS + 1)
    sql = " ".join(
        ("SELECT", ", ".join(map(quoted, columns)), "FROM", quoted(name), "LIMIT", limit)
    )
    rows = tuple(connection.execute(sql)) if columns else ()
    if len(rows) > MOST_ROWS:
        raise NoDatabase(f"{name} has more than {MOST_ROWS:,} rows")
    return Kept(columns, rows, tuple(place for place, (_, pk) in enumerate(listed) if pk))


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


def altered(was: Contents, now: Contents) -> Iterator[str]:
    """In words, how the schema that was there has been altered; tables beside it are no matter."""
    mine = {made.name for made in was.schema if made.sort == "table"}
    for made in sorted(was.schema - now.schema, key=lambda each: (each.sort, each.name)):
        yield f"the {made.sort} {made.name} is not as migrations have made it"
    there = {made.name for made in was.schema}
    for made in sorted(now.schema - was.schema, key=lambda each: (each.sort, each.name)):
        if made.sort in ("index", "trigger") and made.table in mine and made.name not in there:
            yield f"the {made.sort} {made.name} on {made.table} comes from no migration"


def lasting(was: Contents, by: Contents) -> Contents:
    """The rows that have no reason to change: those whose key no row of the other state has."""
    return Contents(
        {name: _without(kept, by.tables.get(name)) for name, kept in was.tables.items()}
    )


def _without(kept: Kept, by: Kept | None) -> Kept:
    if by is None or not kept.key:
        return kept
    keys = {_key(by, row) for row in by.rows}
    rows = tuple(row for row in kept.rows if _key(kept, row) not in keys)
    return Kept(kept.columns, rows, kept.key)


def _key(kept: Kept, row: Row) -> tuple[object, ...]:
    exact = exact_row(row)
    return tuple(exact[place] for place in kept.key)


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
