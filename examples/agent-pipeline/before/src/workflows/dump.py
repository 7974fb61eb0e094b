"""Everything the coordinator remembers, as JSON, and the way back."""

from collections.abc import Mapping
from typing import Any

from workflows.records import Row

ORDER: Mapping[str, str] = {
    "workflows": "created_at, id",
    "steps": "workflow_id, name",
    "audit_events": "id",
    "settings": "name",
}
"""The tables of a dump, and what their rows are ordered by."""

Dump = Mapping[str, list[Row]]


def dump_from(sql: Any) -> Dump:
    """Give the rows of every table."""
    return {
        table: [dict(row) for row in sql.exec(f"SELECT * FROM {table} ORDER BY {order}").toArray()]
        for table, order in ORDER.items()
    }


def restore_into(sql: Any, dumped: Dump) -> None:
    """Put a dump back; rows that are there already are replaced by the dumped ones."""
    for table in ORDER:
        for row in dumped[table]:
            columns = ", ".join(row)
            marks = ", ".join("?" for _ in row)
            sql.exec(f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({marks})", *row.values())
