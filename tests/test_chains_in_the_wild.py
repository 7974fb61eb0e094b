"""What public chains of migrations taught: tables as people write them are filled."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gatekeeper.migrations.engine import Refusal, Row
from gatekeeper.migrations.engines import in_process
from gatekeeper.migrations.filling import TRIES, fill
from gatekeeper.migrations.history import chains
from gatekeeper.migrations.migration import Dialect, FaultKind, Runner, Script
from gatekeeper.migrations.proven import Rows
from gatekeeper.migrations.schema import schema_of
from gatekeeper.migrations.sqlite import SqliteDatabase
from gatekeeper.snapshot import Snapshot

MANY_CHECKS = """
CREATE TABLE notes (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('plain', 'rich', 'list')),
  pinned INTEGER NOT NULL CHECK (pinned IN (0, 1)),
  starred INTEGER NOT NULL CHECK (starred IN (0, 1)),
  revision INTEGER NOT NULL CHECK (revision >= 1000000),
  sort INTEGER NOT NULL CHECK ("sort" < 0),
  tags TEXT NOT NULL CHECK (json_valid(tags)),
  links TEXT NOT NULL CHECK (json_type(links) = 'array'),
  state TEXT NOT NULL CHECK (state = 'open' OR state = 'shut'),
  hash TEXT NOT NULL CHECK (length(hash) = 64)
);
"""

BETWEEN_COLUMNS = """
CREATE TABLE jobs (
  id INTEGER PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done')),
  owner TEXT,
  ended INTEGER,
  least INTEGER NOT NULL,
  most INTEGER NOT NULL CHECK (most < 10),
  CHECK ((state = 'done') = (ended IS NOT NULL)),
  CHECK (state <> 'running' OR owner IS NOT NULL),
  CHECK (least <= most)
);
"""

ONE_ROW = "CREATE TABLE setup (id INTEGER PRIMARY KEY CHECK (id = 1), said TEXT);"
SEEDED = f"{ONE_ROW} INSERT INTO setup VALUES (1, 'by the migration');"
NEVER = "CREATE TABLE never (a TEXT NOT NULL CHECK (a = 'x' AND a = 'y'), b TEXT CHECK (b > 'b'));"


GENERATED = """
CREATE TABLE actors (
  id TEXT PRIMARY KEY,
  properties TEXT NOT NULL DEFAULT (json_object()),
  name TEXT GENERATED ALWAYS AS (json_extract(properties, '$.name')) STORED
);
"""

FILLED = {
    "a generated column that reads JSON": (GENERATED, 6, ()),
    "many checks of one column each": (MANY_CHECKS, 6, ()),
    "checks between columns": (BETWEEN_COLUMNS, 6, ()),
    "a table for one row": (ONE_ROW, 1, ()),
    "a table whose only row the migration wrote": (SEEDED, 0, ()),
    "a check that nothing takes": (NEVER, 0, ("never",)),
}


@pytest.mark.parametrize("case", FILLED.values(), ids=FILLED.keys())
def test_tables_with_checks_are_filled_or_named(case: tuple[str, int, tuple[str, ...]]) -> None:
    sql, rows, unfilled = case
    with in_process(Dialect.D1).open() as database:
        refused = database.apply(Script("up.sql", sql))
        found = fill(database, schema_of(database, ""), Rows.TYPED)

    assert (refused, len(found.inserts), tuple(found.unfilled)) == (None, rows, unfilled)


def test_a_search_in_vain_is_made_once_for_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[str]()
    write = SqliteDatabase.write

    def counted(database: SqliteDatabase, sql: str, rows: Sequence[Row] = ((),)) -> Refusal | None:
        asked.append(sql)
        return write(database, sql, rows)

    monkeypatch.setattr(SqliteDatabase, "write", counted)
    with in_process(Dialect.D1).open() as database:
        database.apply(
            Script("up.sql", f"{NEVER}\nCREATE TABLE both (a, b, CHECK (a > b AND a < b));")
        )
        fill(database, schema_of(database, ""), Rows.TYPED)

    assert 10 < len(asked) < 2 * TRIES


def test_diesels_days_are_no_number_that_all_of_a_year_share() -> None:
    files = {
        f"migrations/2026-0{at}-01-000000_step/{way}.sql": text
        for at in (1, 2)
        for way, text in (("up", f"CREATE TABLE t{at} (a);"), ("down", f"DROP TABLE t{at};"))
    }
    (chain,) = chains(Snapshot.of("a tree", files), None)

    assert (chain.runner, len(chain.migrations), chain.faults) == (Runner.DIESEL, 2, ())


def test_a_folder_that_is_called_after_another_database_is_not_run_as_sqlite() -> None:
    files = {
        f"migrations/mysql/2026-01-01-000000_step/{way}.sql": f"{word} TABLE a;"
        for way, word in (("up", "CREATE"), ("down", "DROP"))
    }
    (chain,) = chains(Snapshot.of("a tree", files), None)

    assert [each.kind for each in chain.faults] == [FaultKind.ELSEWHERE]


def test_a_file_that_ends_its_runners_transaction_is_no_failure_off_d1() -> None:
    script = Script("up.sql", "COMMIT;\nPRAGMA foreign_keys = OFF;\nBEGIN;\nCREATE TABLE a (b);")
    found = {}
    for dialect in Dialect:
        with in_process(dialect).open() as database:
            refusal = database.apply(script)
        found[dialect] = refusal is not None and refusal.is_inconclusive

    assert found == {Dialect.D1: False, Dialect.SQLITE: True}
