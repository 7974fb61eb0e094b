"""A row to be written, and what came of filling a database with rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from gatekeeper.migrations.contents import shown
from gatekeeper.migrations.engine import Database, Refusal, Value
from gatekeeper.migrations.lexemes import lexemes
from gatekeeper.migrations.schema import quoted
from gatekeeper.migrations.statements import statements
from gatekeeper.value import dataclass


@dataclass(frozen=True, slots=True)
class Insert:
    """One row for one table; `unchecked` ones are written with foreign keys not enforced.

    One of the project's own is a statement as it stands in a file, `given`.
    """

    table: str
    columns: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    unchecked: bool = False
    given: str = ""

    @property
    def statement(self) -> str:
        """The statement that writes it, with `?` for values."""
        if self.given:
            return self.given
        if not self.columns:
            return " ".join(("INSERT INTO", quoted(self.table), "DEFAULT VALUES"))
        return _insert(quoted(self.table), map(quoted, self.columns), "?" * len(self.columns))

    def __str__(self) -> str:
        if self.given:
            return self.given
        return _insert(self.table, self.columns, map(shown, self.values)) + ";"

    def write(self, database: Database) -> Refusal | None:
        """Write the row."""
        if self.unchecked:
            return database.write_unchecked(self.statement, (self.values,))
        return database.write(self.statement, (self.values,))


def advanced(table: str) -> Insert:
    """As if later rows had been there and are deleted: their ids may not be given again."""
    name = table.replace("'", "''")
    words = ("UPDATE sqlite_sequence SET seq = seq + 1000 WHERE name =", f"'{name}'")
    return Insert(table, given=" ".join(words))


def has_rows(database: Database, table: str) -> bool:
    """Whether there are any in a table; raises EngineError."""
    answer = database.query(" ".join(("SELECT 1 FROM", quoted(table), "LIMIT 1")))
    return isinstance(answer, tuple) and bool(answer)


def _insert(table: str, columns: Iterable[str], values: Iterable[str]) -> str:
    listed, given = ", ".join(columns), ", ".join(values)
    return " ".join(("INSERT INTO", table, f"({listed})", "VALUES", f"({given})"))


def written(inserts: Sequence[Insert], database: Database) -> tuple[Insert, ...]:
    """Write rows in their order, those of one statement together; gives those that were taken."""
    taken = list[Insert]()
    for (statement, unchecked), group in groupby(
        inserts, key=lambda it: (it.statement, it.unchecked)
    ):
        rows = tuple(group)
        write = database.write_unchecked if unchecked else database.write
        if len(rows) > 1 and write(statement, tuple(row.values for row in rows)) is None:
            taken += rows
        else:
            taken += (row for row in rows if row.write(database) is None)
    return tuple(taken)


_INTO = ("insert", "replace", "into", "or", "update", "delete", "from")


def own(script: str) -> Iterator[Insert]:
    """The statements of a file of rows that the project keeps, each with the table it is about."""
    for statement in statements(script):
        words = [each.value for each in lexemes(statement.text)]
        named = [word for word in words[:6] if word.lower() not in (*_INTO, "ignore", "abort")]
        yield Insert(named[0] if named else "", given=statement.text.strip())


@dataclass(frozen=True, slots=True)
class Filled:
    """The rows that were written, in order, and the tables that could not be filled, with why."""

    inserts: tuple[Insert, ...]
    unfilled: Mapping[str, str]
