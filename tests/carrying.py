"""A small data migration, whole and in many broken forms, for tests that run it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from gatekeeper import Glob, Snapshot
from gatekeeper.carrying.measuring import Means, carried
from gatekeeper.migrations.carried import DataProof, DataProofs
from gatekeeper.rule import Measured
from gatekeeper.terms import Contract, DataMigrationPlan
from gatekeeper.value import replace
from tests.cases import contract_of

SCHEMA = """\
CREATE TABLE workflows (id TEXT PRIMARY KEY, title TEXT NOT NULL, attempts INTEGER NOT NULL);
CREATE TABLE events (id INTEGER PRIMARY KEY, workflow TEXT, action TEXT NOT NULL);
"""

FIXTURE = """\
{
  "workflows": [
    {"id": "wf-1", "title": "Gift cards", "attempts": 1},
    {"id": "wf-2", "title": "Refunds", "attempts": 1}
  ],
  "events": [
    {"id": 1, "workflow": "wf-1", "action": "queued"},
    {"id": 2, "workflow": "wf-1", "action": "done"},
    {"id": 3, "workflow": "wf-gone", "action": "queued"}
  ]
}
"""

FORWARD = """\
import json
import sqlite3
import sys

TABLES = {"workflows": ("id", "title", "attempts"), "events": ("id", "workflow", "action")}


def main(source, target):
    with open(source, encoding="utf-8") as file:
        export = json.load(file)
    if set(export) - set(TABLES):
        raise SystemExit("unknown tables")
    database = sqlite3.connect(target, timeout=0.1)
    missing = []
    with database:
        for table, columns in TABLES.items():
            for row in export.get(table, []):
                if set(row) - set(columns):
                    raise SystemExit(f"{table}: unknown columns")
                values = [row.get(name) for name in columns]
                marks = ", ".join("?" for _ in columns)
                database.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", values)
                same = " AND ".join(f"{name} IS ?" for name in columns)
                query = f"SELECT 1 FROM {table} WHERE {same}"
                if database.execute(query, values).fetchone() is None:
                    missing.append(f"{table}: {row}")
    print("\\n".join(missing), file=sys.stderr, end="")
    return 1 if missing else 0


sys.exit(main(*sys.argv[1:]))
"""

REVERSE = """\
import json
import sqlite3
import sys

TABLES = {"workflows": ("id", "title", "attempts"), "events": ("id", "workflow", "action")}
database = sqlite3.connect(sys.argv[1])
export = {
    table: [
        dict(zip(columns, row))
        for row in database.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY id")
    ]
    for table, columns in TABLES.items()
}
with open(sys.argv[2], "w", encoding="utf-8") as file:
    json.dump(export, file)
"""

PLAN = DataMigrationPlan(
    "python tools/forward.py {in} {db}",
    "python tools/reverse.py {db} {out}",
    ("Coordinator",),
    (Glob("tests/dump.json"),),
)

FILES: Mapping[str, str] = {
    "wrangler.jsonc": '{"d1_databases": [{"binding": "DB", "database_name": "shop"}]}',
    "migrations/0001_all.sql": SCHEMA,
    "tests/dump.json": FIXTURE,
    "tools/forward.py": FORWARD,
    "tools/reverse.py": REVERSE,
}


def contract_with(plan: DataMigrationPlan = PLAN) -> Contract:
    return replace(contract_of(), data_migrations={"coordinator": plan})


def proof_of(
    files: Mapping[str, str] = FILES,
    plan: DataMigrationPlan = PLAN,
    base: Mapping[str, str] | None = None,
) -> DataProof:
    """The proof of the one data migration, really run."""
    before = Snapshot.of("base", base or {})
    head = Snapshot.of("head", files, cache=before.cache)
    reading = carried(before, head, contract_with(plan), Means(dict(os.environ)))
    assert isinstance(reading, Measured), reading
    assert isinstance(reading.value, DataProofs)
    (proof,) = reading.value.proofs
    return proof


def altered(tool: str, *changes: tuple[str, str]) -> Mapping[str, str]:
    """The files with a tool in which texts are replaced, each of which it must hold."""
    text = FILES[tool]
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return {**FILES, tool: text}
