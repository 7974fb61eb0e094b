"""SQLite in this process: scripts, values, what is saved, and what a statement touches."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gatekeeper.migrations.engine import Reason, Refusal, TracingDatabase, Value
from gatekeeper.migrations.engines import in_process
from gatekeeper.migrations.migration import Dialect, Script

KEYED = """
CREATE TABLE p(id INTEGER PRIMARY KEY);
CREATE TABLE k(id INTEGER PRIMARY KEY, pid INT REFERENCES p(id) ON DELETE CASCADE);
"""


@pytest.fixture
def d1() -> Iterator[TracingDatabase]:
    with in_process(Dialect.D1).open() as database:
        yield database


@pytest.fixture
def plain() -> Iterator[TracingDatabase]:
    with in_process(Dialect.SQLITE).open() as database:
        yield database


def script(text: str, line: int = 1) -> Script:
    return Script("migrations/0001_it.sql", text, line)


def tables(database: TracingDatabase) -> list[Value]:
    rows = database.query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    assert not isinstance(rows, Refusal)
    return [name for (name,) in rows]


def test_a_temporary_table_is_gone_after_its_script(plain: TracingDatabase) -> None:
    assert plain.apply(script("CREATE TEMP TABLE t(x); CREATE TABLE a(x);")) is None

    assert isinstance(plain.query("SELECT * FROM t"), Refusal)
    assert ["a"] == tables(plain)


def test_what_a_statement_touches_is_told_with_its_line(d1: TracingDatabase) -> None:
    assert d1.apply(script(KEYED)) is None

    assert d1.apply(script("\nDROP TABLE p;")) is None

    touched = {(each.action, each.table, each.line) for each in d1.touched()}
    assert {("DROP_TABLE", "p", 2), ("DELETE", "k", 2)} <= touched
    assert not any(each.table.startswith("sqlite_") for each in d1.touched())


def test_an_altered_table_is_named_with_its_column(d1: TracingDatabase) -> None:
    assert d1.apply(script("CREATE TABLE t(a, b)")) is None

    assert d1.apply(script("ALTER TABLE t DROP COLUMN b")) is None

    assert ("ALTER_TABLE", "t", "b") in {(e.action, e.table, e.column) for e in d1.touched()}


def test_a_script_without_transaction_keeps_what_came_before_its_fault(
    plain: TracingDatabase,
) -> None:
    refused = plain.apply(script("CREATE TABLE a(x); SELEC;"), atomic=False)

    assert refused is not None
    assert ["a"] == tables(plain)


def test_a_script_with_its_own_transaction_is_run_where_its_runner_has_none(
    plain: TracingDatabase,
) -> None:
    text = "BEGIN; CREATE TABLE a(x); SAVEPOINT s; RELEASE s; COMMIT; VACUUM;"

    assert plain.apply(script(text), atomic=False) is None

    assert ["a"] == tables(plain)


def test_a_script_that_leaves_its_transaction_open_is_undone(plain: TracingDatabase) -> None:
    refused = plain.apply(script("BEGIN; CREATE TABLE a(x);"), atomic=False)

    assert refused is not None
    assert [] == tables(plain)


def test_a_script_cannot_end_the_transaction_of_its_runner(plain: TracingDatabase) -> None:
    refused = plain.apply(script("CREATE TABLE a(x); COMMIT; CREATE TABLE b(x);"))

    assert refused is not None
    assert [] == tables(plain)


def test_foreign_keys_of_plain_sqlite_are_off_unless_the_script_says_so(
    plain: TracingDatabase,
) -> None:
    assert plain.apply(script(KEYED + "INSERT INTO k VALUES (1, 9);")) is None

    on = "PRAGMA foreign_keys = on; INSERT INTO k VALUES (2, 9);"
    refused = plain.apply(script(on), atomic=False)

    assert refused is not None
    assert Reason.FOREIGN_KEY == refused.reason


def test_pages_of_another_size_are_put_back_too(plain: TracingDatabase) -> None:
    text = "PRAGMA page_size = 8192; VACUUM; CREATE TABLE t(a); INSERT INTO t VALUES (1);"
    assert plain.apply(script(text), atomic=False) is None

    plain.restore(plain.save())

    assert ((1,),) == plain.query("SELECT a FROM t")
    assert ((8192,),) == plain.query("PRAGMA page_size")


def test_the_engine_says_what_it_is() -> None:
    engine = in_process(Dialect.D1)

    assert ("SQLite under D1's rules", Dialect.D1) == (engine.name, engine.dialect)
    assert (3, 54) <= tuple(map(int, engine.version.split(".")))[:2]
