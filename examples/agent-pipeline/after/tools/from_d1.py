"""Take everything back out of a D1 database: `from_d1.py DATABASE EXPORT.json`.

The export is what `GET /export` of the coordinator would have given, ready for its `restore`.
"""

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from export_format import TABLES, Row, Table


def main(arguments: list[str]) -> int:
    """Write the export."""
    source, target = arguments
    with closing(sqlite3.connect(source)) as database:
        export = {table.name: _rows(database, table) for table in TABLES}
    text = json.dumps(export, indent=2, ensure_ascii=False)
    Path(target).write_text(f"{text}\n", encoding="utf-8")
    return 0


def _rows(database: sqlite3.Connection, table: Table) -> list[Row]:
    columns = ", ".join(table.columns)
    found = database.execute(f"SELECT {columns} FROM {table.name} ORDER BY {table.order}")
    return [dict(zip(table.columns, row, strict=True)) for row in found]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
