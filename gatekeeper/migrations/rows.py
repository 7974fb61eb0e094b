"""A row to be written, and what came of filling a database with rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gatekeeper.migrations.contents import shown
from gatekeeper.migrations.engine import Database, Refusal, Value
from gatekeeper.migrations.schema import quoted
from gatekeeper.value import dataclass


@dataclass(frozen=True, slots=True)
class Insert:
    """One row for one table; `unchecked` ones are written with foreign keys not enforced."""

    table: str
    columns: tuple[str, ...]
    values: tuple[Value, ...]
    unchecked: bool = False

    @property
    def statement(self) -> str:
        """The statement that writes it, with `?` for values."""
        if not self.columns:
            return " ".join(("INSERT INTO", quoted(self.table), "DEFAULT VALUES"))
        return _insert(quoted(self.table), map(quoted, self.columns), "?" * len(self.columns))

    def __str__(self) -> str:
        return _insert(self.table, self.columns, map(shown, self.values)) + ";"

    def write(self, database: Database) -> Refusal | None:
        """Write the row."""
        if self.unchecked:
            return database.write_unchecked(self.statement, (self.values,))
        return database.write(self.statement, (self.values,))


def _insert(table: str, columns: Iterable[str], values: Iterable[str]) -> str:
    listed, given = ", ".join(columns), ", ".join(values)
    return " ".join(("INSERT INTO", table, f"({listed})", "VALUES", f"({given})"))


@dataclass(frozen=True, slots=True)
class Filled:
    """The rows that were written, in order, and the tables that could not be filled, with why."""

    inserts: tuple[Insert, ...]
    unfilled: Mapping[str, str]
