"""What an export of the service holds: its tables, and the columns of each."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

Row = Mapping[str, object]


class Table(NamedTuple):
    """A table, the columns that name a row, all columns in order, and the order of the rows."""

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    order: str


TABLES: tuple[Table, ...] = (
    Table(
        "workflows",
        ("id",),
        (
            "id",
            "title",
            "brief",
            "repository",
            "status",
            "settings",
            "created_at",
            "updated_at",
            "error",
            "pull_request",
        ),
        "created_at, id",
    ),
    Table(
        "steps",
        ("workflow_id", "name"),
        ("workflow_id", "name", "status", "attempts", "artifact"),
        "workflow_id, name",
    ),
    Table(
        "audit_events",
        ("id",),
        ("id", "at", "workflow_id", "actor", "action", "detail"),
        "id",
    ),
    Table("settings", ("name",), ("name", "value"), "name"),
)


class Refused(ValueError):
    """An export that cannot be carried over whole."""


def read_export(path: Path) -> Mapping[str, list[Row]]:
    """Read an export; a table that it lacks is empty. Raises Refused."""
    given = json.loads(path.read_text(encoding="utf-8"))
    if unknown := given.keys() - {table.name for table in TABLES}:
        raise Refused(f"unknown tables: {', '.join(sorted(unknown))}")
    return {
        table.name: [_checked(table, row) for row in given.get(table.name, [])] for table in TABLES
    }


def _checked(table: Table, row: Row) -> Row:
    """Give the row with every column, those it lacks as None."""
    if unknown := row.keys() - set(table.columns):
        raise Refused(f"{table.name}: unknown columns: {', '.join(sorted(unknown))}")
    if any(row.get(name) is None for name in table.key):
        raise Refused(f"{table.name}: a row lacks {' or '.join(table.key)}")
    if not all(value is None or isinstance(value, str | int) for value in row.values()):
        raise Refused(f"{table.name}: a value is neither text nor a whole number nor null")
    return {name: row.get(name) for name in table.columns}
