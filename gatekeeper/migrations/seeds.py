"""Rows that a migration adds to tables that were there, and how they are taken out again."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.migrations.contents import exact_row
from gatekeeper.migrations.course import Standing
from gatekeeper.migrations.engine import Value
from gatekeeper.migrations.schema import quoted


def unseeded(before: Standing, after: Standing) -> Iterator[str]:
    """A DELETE for each row that the migration adds whatever rows there are.

    `before` and `after` are of a database without rows of a project: what it holds, migrations
    have put there.
    """
    for name, table in after.contents.tables.items():
        old = before.contents.tables.get(name)
        if old is None:
            continue
        known = {exact_row(row) for row in old.rows}
        for row in table.rows:
            if old.columns == table.columns and exact_row(row) not in known:
                yield _deleted(name, dict(zip(table.columns, row, strict=True)))


def _deleted(table: str, row: dict[str, Value]) -> str:
    where = " AND ".join(f"{quoted(name)} IS {literal(value)}" for name, value in row.items())
    return " ".join(("DELETE FROM", quoted(table), "WHERE", where)) + ";"


def literal(value: Value) -> str:
    """A value as SQL reads it."""
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)
