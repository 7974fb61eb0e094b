"""Backup tables: what a migration should keep of the rows that it takes away, and their return."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from gatekeeper.migrations.arranging import in_order
from gatekeeper.migrations.losses import Fate, Loss
from gatekeeper.migrations.schema import Schema, Table, quoted
from gatekeeper.value import dataclass

COPIED = (Fate.VALUES_CHANGED, Fate.ROWS_GONE)
"""What is kept even where a copy stands elsewhere: of these nobody can say whose copy it is."""
_WHOLE = (Fate.ROWS_GONE, Fate.TABLE_GONE)


@dataclass(frozen=True, slots=True)
class Backup:
    """What is kept of a table: its key and the columns that lose values, or whole rows.

    `left` are the columns that the table has after up, where all its rows are to be kept as up
    has left them too: by these it is known which were written since. `adds` says that up adds
    rows, whose keys are to be kept at its end.
    """

    table: Table
    name: str
    columns: tuple[str, ...]
    changed: tuple[str, ...] = ()
    whole: bool = False
    adds: bool = False
    left: tuple[str, ...] = ()

    @property
    def keeps(self) -> str:
        """The statement that keeps it, for the beginning of up."""
        return _kept(self.name, self.columns, self.table.name) + ";"

    @property
    def last(self) -> str:
        """The name of the table that the end of up makes; "" for none."""
        return f"{self.name}_added" if self.adds else f"{self.name}_left" if self.left else ""

    @property
    def closes(self) -> str:
        """The statement for the end of up; "" for none."""
        if self.adds:
            key = ", ".join(map(quoted, self.key))
            words = ("EXCEPT SELECT", key, "FROM", quoted(self.name))
            return _said(_kept(self.last, self.key, self.table.name), *words) + ";"
        return _kept(self.last, self.left, self.table.name) + ";" if self.left else ""

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of the table's primary key."""
        return tuple(each.name for each in self.table.key)

    @property
    def names(self) -> tuple[str, ...]:
        """The tables that up makes."""
        return (self.name, self.last) if self.last else (self.name,)

    @property
    def known(self) -> str:
        """The condition that a row of the table is one of those that are kept."""
        same = _same(self.name, self.table.name, self.key)
        return f"EXISTS ({_said('SELECT 1 FROM', quoted(self.name), 'WHERE', same)})"

    def value(self, column: str) -> str:
        """A subquery for what a column of the table's row held."""
        where = _same(self.name, self.table.name, self.key)
        return f"({_said('SELECT', quoted(column), 'FROM', quoted(self.name), 'WHERE', where)})"


def backups(
    before: Schema,
    after: Schema,
    lost: Iterable[Loss],
    added: Container[str],
    stem: str,
) -> tuple[Backup, ...]:
    """A backup for each table that loses anything, or to which rows are `added`."""
    found: dict[str, list[Loss]] = {}
    for loss in lost:
        if (not loss.carried or loss.fate in COPIED) and loss.fate is not Fate.IDS_GIVEN_AGAIN:
            found.setdefault(loss.table, []).append(loss)
    return tuple(
        _backup(table, after.tables.get(table.name), found.get(table.name, ()), added, stem)
        for table in in_order(before)
        if table.stored and (table.name in found or table.name in added)
    )


def _backup(
    table: Table, now: Table | None, lost: Sequence[Loss], added: Container[str], stem: str
) -> Backup:
    name = f"_before_{stem}_{table.name}"
    key = tuple(each.name for each in table.key)
    if now is not None and (not key or any(each.fate is Fate.KEYS_CHANGED for each in lost)):
        return Backup(table, name, table.stored, whole=True, left=now.stored)
    same_key = now is not None and key == tuple(each.name for each in now.key)
    whole = any(loss.fate in _WHOLE for loss in lost)
    hit = {loss.column for loss in lost if loss.column}
    changed = {loss.column for loss in lost if loss.fate is Fate.VALUES_CHANGED}
    return Backup(
        table,
        name,
        table.stored if whole else tuple(c for c in table.stored if c in key or c in hit),
        tuple(c for c in table.stored if c in changed),
        whole,
        adds=same_key and table.name in added,
    )


def cleared(kept: Sequence[Backup], there: Mapping[str, Table]) -> Iterator[str]:
    """The statements that take out rows which are as up has left them, where all come back."""
    for each in kept:
        if each.left and each.table.name in there:
            yield _deleted(each, each.left)


def returned(kept: Sequence[Backup], there: Mapping[str, Table]) -> Iterator[str]:
    """The statements that bring rows and values back into tables that are `there` after up."""
    left = [each for each in kept if each.table.name in there]
    for backup in reversed(left):
        if backup.adds:
            yield _deleted(backup, backup.key)
    for backup in left:
        if backup.left:
            yield refilled(backup)
        elif backup.whole:
            yield _missing_rows(backup)
    for backup in left:
        if backup.changed:
            yield _old_values(backup)


def refilled(backup: Backup) -> str:
    """The statement that brings back all rows."""
    listed = ", ".join(map(quoted, backup.columns))
    table, name = quoted(backup.table.name), quoted(backup.name)
    return _said("INSERT INTO", table, f"({listed})", "SELECT", listed, "FROM", name) + ";"


def _deleted(backup: Backup, columns: Sequence[str]) -> str:
    """The statement that takes out the rows which stand in the table of the end of up."""
    same = _same(backup.last, backup.table.name, columns)
    there = _said("SELECT 1 FROM", quoted(backup.last), "WHERE", same)
    return _said("DELETE FROM", quoted(backup.table.name), "WHERE EXISTS", f"({there})") + ";"


def _missing_rows(backup: Backup) -> str:
    table = quoted(backup.table.name)
    same = _same(backup.name, backup.table.name, backup.key)
    there = _said("SELECT 1 FROM", table, "WHERE", same)
    return _said(refilled(backup)[:-1], "WHERE NOT EXISTS", f"({there})") + ";"


def _old_values(backup: Backup) -> str:
    table = quoted(backup.table.name)
    values = ", ".join(f"{quoted(each)} = {backup.value(each)}" for each in backup.changed)
    return _said("UPDATE", table, "SET", values, "WHERE", backup.known) + ";"


def _kept(name: str, columns: Sequence[str], table: str) -> str:
    listed = ", ".join(map(quoted, columns))
    return _said("CREATE TABLE", quoted(name), "AS SELECT", listed, "FROM", quoted(table))


def _same(one: str, other: str, columns: Sequence[str]) -> str:
    """That two rows have the same values in some columns."""
    pairs = (f"{quoted(one)}.{each} IS {quoted(other)}.{each}" for each in map(quoted, columns))
    return " AND ".join(pairs)


def _said(*words: str) -> str:
    return " ".join(words)
