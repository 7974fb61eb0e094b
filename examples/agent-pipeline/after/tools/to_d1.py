"""Carry an export of the coordinator into a D1 database: `to_d1.py EXPORT.json DATABASE`.

Rows that are there already are left alone, so it can be run again. At the end each row of the
export is looked for; one that did not arrive as it was is named, and the exit code is 1.
"""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from export_format import TABLES, Row, Table, read_export

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def main(arguments: list[str]) -> int:
    """Carry over and compare; 0 if everything arrived."""
    source, target = arguments
    try:
        export = read_export(Path(source))
    except ValueError as error:
        print(f"{source}: {error}", file=sys.stderr)
        return 1
    with closing(sqlite3.connect(target, timeout=1)) as database:
        _migrate_if_empty(database)
        with database:
            for table in TABLES:
                _insert(database, table, export[table.name])
        lost = [line for table in TABLES for line in _lost(database, table, export[table.name])]
    for line in lost:
        print(line, file=sys.stderr)
    return 1 if lost else 0


def _migrate_if_empty(database: sqlite3.Connection) -> None:
    if database.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
        for migration in sorted(MIGRATIONS.glob("*.sql")):
            database.executescript(migration.read_text(encoding="utf-8"))


def _insert(database: sqlite3.Connection, table: Table, rows: list[Row]) -> None:
    columns, marks = ", ".join(table.columns), ", ".join("?" for _ in table.columns)
    statement = f"INSERT OR IGNORE INTO {table.name} ({columns}) VALUES ({marks})"
    database.executemany(statement, [list(row.values()) for row in rows])


def _lost(database: sqlite3.Connection, table: Table, rows: list[Row]) -> list[str]:
    """Say how many rows arrived, and give a line for each that did not."""
    same = " AND ".join(f"{name} IS ?" for name in table.columns)
    query = f"SELECT 1 FROM {table.name} WHERE {same}"
    missing = [row for row in rows if not database.execute(query, list(row.values())).fetchone()]
    print(f"{table.name}: {len(rows) - len(missing)} of {len(rows)} rows")
    return [f"{table.name}: {_name(table, row)} did not arrive as it was" for row in missing]


def _name(table: Table, row: Row) -> str:
    return "/".join(str(row[name]) for name in table.key)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
