"""Every row of a database, each value exactly as it is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from marshal import dumps

from gatekeeper.migrations.engine import Database, Row, Value
from gatekeeper.migrations.full_text import ROWID, is_full_text, source_of
from gatekeeper.migrations.schema import Schema, Table, quoted
from gatekeeper.value import dataclass

Exact = None | int | str | bytes | tuple[str, str]
"""A value that equals another only if SQLite stores both alike: 1 is not 1.0, 0.0 is not -0.0."""

MOST_ROWS = 50_000
"""Rows of one table that are looked at."""

_FORM = 2  # of `marshal`: the newest that writes equal values alike wherever they came from

_SHOWN = 40
"""Characters of a text, and twice the bytes of a blob, that people are shown."""


@dataclass(frozen=True, slots=True)
class TableContents:
    """The rows of a table: `columns` as in each row, `key` the columns that tell rows apart.

    Where a table has no primary key, `key` is empty and rows are told apart by all they hold.
    """

    table: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    rows: tuple[Row, ...]

    def keyed(self) -> Mapping[tuple[Exact, ...], Row]:
        """The rows by what tells them apart; the nth of equal ones has n in its key."""
        places = [self.columns.index(name) for name in self.key or self.columns]
        seen = Counter[tuple[Exact, ...]]()
        found: dict[tuple[Exact, ...], Row] = {}
        for row in self.rows:
            about = tuple(exact(row[place]) for place in places)
            found[*about, seen[about]] = row
            seen[about] += 1
        return found

    def holds_as(self, other: TableContents) -> bool:
        """Whether both hold the same rows in one order, bit for bit; False says nothing."""
        if self is other:
            return True
        alike = self.rows == other.rows and (self.columns, self.key) == (other.columns, other.key)
        # Python takes 1 for 1.0 and 0.0 for -0.0, but does not write them alike.
        return alike and dumps(self.rows, _FORM) == dumps(other.rows, _FORM)

    def values(self, column: str) -> tuple[Value, ...]:
        """What a column holds, row by row."""
        place = self.columns.index(column)
        return tuple(row[place] for row in self.rows)


@dataclass(frozen=True, slots=True)
class Contents:
    """The rows of all tables, the highest ids given so far, and what could not be read.

    `sequences` holds of each AUTOINCREMENT table the highest id that it knows to have given, 0
    where it knows of none; `unread` of each table that does not answer the reason.
    """

    tables: Mapping[str, TableContents]
    sequences: Mapping[str, int]
    unread: Mapping[str, str]


NOTHING = Contents({}, {}, {})
"""What a database holds that nobody has looked at."""


def contents_of(
    database: Database,
    schema: Schema,
    before: Contents = NOTHING,
    unchanged: Collection[str] = (),
) -> Contents:
    """Read every table of the schema; raises EngineError where the engine is gone.

    A table that holds what it did `before` is the same value; the `unchanged` are not read.
    """
    tables, unread = dict[str, TableContents](), dict[str, str]()
    for name, table in schema.tables.items():
        old = before.tables.get(name)
        if old is not None and name in unchanged:
            tables[name] = old
            continue
        answer = _rows(database, table)
        if isinstance(answer, str):
            unread[name] = answer
        else:
            tables[name] = old if old is not None and old.holds_as(answer) else answer
    return Contents(tables, _sequences(database, schema), unread)


def _rows(database: Database, table: Table) -> TableContents | str:
    columns = table.stored
    if not columns:
        return "it has no column that holds anything"
    key = tuple(each.name for each in table.key)
    if is_full_text(table) and source_of(table) is None:
        columns, key = (*columns, ROWID), (ROWID,)
    listed = ", ".join(map(quoted, columns))
    sql = " ".join(("SELECT", listed, "FROM", quoted(table.name), "LIMIT", str(MOST_ROWS + 1)))
    answer = database.query(sql)
    if not isinstance(answer, tuple):
        return answer.says
    if len(answer) > MOST_ROWS:
        return f"it has more than {MOST_ROWS:,} rows"
    return TableContents(table.name, columns, key, answer)


def _sequences(database: Database, schema: Schema) -> Mapping[str, int]:
    none = {name: 0 for name, table in schema.tables.items() if table.autoincrement}
    if not none:
        return {}
    answer = database.query("SELECT name, max(seq) FROM sqlite_sequence GROUP BY name")
    if not isinstance(answer, tuple):
        return {}
    return none | {str(name): high for name, high in answer if isinstance(high, int)}


def exact(value: Value) -> Exact:
    """A value by its type and bits."""
    return ("real", value.hex()) if isinstance(value, float) else value


def exact_row(row: Row) -> tuple[Exact, ...]:
    """A row by the types and bits of its values."""
    return tuple(map(exact, row))


def shown(value: Value) -> str:
    """A value as SQL would write it, shortened for people."""
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        cut = "…" if len(value) > _SHOWN // 2 else ""
        return f"x'{value[: _SHOWN // 2].hex()}{cut}'"
    if isinstance(value, str):
        short = value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
        return "'" + short.replace("'", "''") + "'"
    return repr(value)
