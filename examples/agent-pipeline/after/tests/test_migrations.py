"""The schema's migrations: forward, back, and the rows in between."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shim.database import MIGRATIONS

FORWARD = sorted(path.name for path in MIGRATIONS.glob("*.sql"))
ROWS = Path(__file__).with_name("fixtures") / "rows.sql"


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    """A database with every migration applied."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for name in FORWARD:
            connection.executescript((MIGRATIONS / name).read_text(encoding="utf-8"))
        yield connection


def schema_of(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    query = "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
    return connection.execute(query).fetchall()


def test_the_tables_promised_are_there(database: sqlite3.Connection) -> None:
    found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")

    assert {"workflows", "steps", "audit_events", "settings", "sqlite_sequence"} == {
        name for (name,) in found
    }


def test_rows_of_every_kind_fit(database: sqlite3.Connection) -> None:
    database.executescript(ROWS.read_text(encoding="utf-8"))

    tables = ("workflows", "steps", "audit_events", "settings")
    counts = [database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables]
    assert [1, 1, 2, 1] == counts


def test_every_migration_has_its_way_back() -> None:
    assert FORWARD == sorted(path.name for path in (MIGRATIONS / "down").glob("*.sql"))


@pytest.mark.parametrize("name", FORWARD)
def test_a_way_back_undoes_its_migration(name: str) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        for earlier in FORWARD[: FORWARD.index(name)]:
            connection.executescript((MIGRATIONS / earlier).read_text(encoding="utf-8"))
        before = schema_of(connection)
        for script in (MIGRATIONS / name, MIGRATIONS / "down" / name):
            connection.executescript(script.read_text(encoding="utf-8"))

        assert before == schema_of(connection)
