"""Backup tables: what a migration should keep of the rows that it takes away, and their return."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gatekeeper.migrations.arranging import in_order
from gatekeeper.migrations.losses import Fate, Loss
from gatekeeper.migrations.schema import Schema, Table, quoted
from gatekeeper.value import dataclass

_ROWS = (Fate.ROWS_GONE, Fate.TABLE_GONE)


@dataclass(frozen=True, slots=True)
class Backup:
    """What is kept of a table: its key and the columns that lose values, or whole rows."""

    table: Table
    name: str
    columns: tuple[str, ...]
    changed: tuple[str, ...]
    whole: bool

    @property
    def keeps(self) -> str:
        """The statement that keeps it, for the beginning of up."""
        listed = ", ".join(map(quoted, self.columns))
        words = ("CREATE TABLE", quoted(self.name), "AS SELECT", listed, "FROM")
        return " ".join((*words, quoted(self.table.name))) + ";"


def backups(schema: Schema, lost: Iterable[Loss], stem: str) -> tuple[Backup, ...]:
    """A backup for each table that loses anything; those without a primary key have none."""
    found: dict[str, list[Loss]] = {}
    for loss in lost:
        if not loss.carried and loss.fate is not Fate.IDS_GIVEN_AGAIN:
            found.setdefault(loss.table, []).append(loss)
    return tuple(
        _backup(table, found[table.name], f"_before_{stem}_{table.name}")
        for table in in_order(schema)
        if table.name in found and table.key
    )


def _backup(table: Table, lost: Sequence[Loss], name: str) -> Backup:
    key = tuple(each.name for each in table.key)
    whole = any(loss.fate in _ROWS for loss in lost)
    hit = {loss.column for loss in lost if loss.column}
    columns = table.stored if whole else tuple(c for c in table.stored if c in key or c in hit)
    changed = {loss.column for loss in lost if loss.fate is Fate.VALUES_CHANGED}
    return Backup(table, name, columns, tuple(c for c in table.stored if c in changed), whole)


def returned(kept: Sequence[Backup], there: Mapping[str, Table]) -> Iterator[str]:
    """The statements that bring rows and values back into tables that are `there` after up."""
    for backup in kept:
        if backup.table.name in there and backup.whole:
            yield _missing_rows(backup)
    for backup in kept:
        if backup.table.name in there and backup.changed:
            yield _old_values(backup)


def _missing_rows(backup: Backup) -> str:
    table, name = quoted(backup.table.name), quoted(backup.name)
    listed = ", ".join(map(quoted, backup.columns))
    there = " ".join(("SELECT 1 FROM", table, "WHERE", _same_key(backup)))
    words = ("INSERT INTO", table, f"({listed})", "SELECT", listed, "FROM", name)
    return " ".join((*words, "WHERE NOT EXISTS", f"({there})")) + ";"


def _old_values(backup: Backup) -> str:
    table, name, same = quoted(backup.table.name), quoted(backup.name), _same_key(backup)
    values = ", ".join(
        f"{quoted(each)} = "
        + " ".join(("(SELECT", quoted(each), "FROM", name, "WHERE", f"{same})"))
        for each in backup.changed
    )
    there = " ".join(("SELECT 1 FROM", name, "WHERE", same))
    return " ".join(("UPDATE", table, "SET", values, "WHERE EXISTS", f"({there})")) + ";"


def _same_key(backup: Backup) -> str:
    table, name = quoted(backup.table.name), quoted(backup.name)
    return " AND ".join(
        f"{name}.{quoted(each.name)} IS {table}.{quoted(each.name)}" for each in backup.table.key
    )
