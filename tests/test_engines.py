"""What both engines do alike: scripts, values, what is saved, what can be prepared."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator

import pytest

from gatekeeper.migrations.engine import Database, Reason, Refusal, Value
from gatekeeper.migrations.engines import in_process
from gatekeeper.migrations.migration import Dialect, Script
from tests.workerd import workerd_engine

KEYED = """
CREATE TABLE p(id INTEGER PRIMARY KEY);
CREATE TABLE k(id INTEGER PRIMARY KEY, pid INT REFERENCES p(id) ON DELETE CASCADE);
"""


@pytest.fixture(scope="module")
def real() -> Iterator[tuple[Database, object]]:
    """One workerd for all tests here, and what it holds at first: nothing."""
    with workerd_engine().open() as database:
        yield database, database.save()


@pytest.fixture(params=["in process", "workerd"])
def d1(request: pytest.FixtureRequest) -> Iterator[Database]:
    if request.param == "workerd":
        database, empty = request.getfixturevalue("real")
        database.restore(empty)
        yield database
    else:
        with in_process(Dialect.D1).open() as database:
            yield database


def script(text: str, line: int = 1) -> Script:
    return Script("migrations/0001_it.sql", text, line)


def tables(database: Database) -> list[Value]:
    rows = database.query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    assert not isinstance(rows, Refusal)
    return [name for (name,) in rows]


def test_a_script_is_run_whole(d1: Database) -> None:
    assert d1.apply(script("CREATE TABLE a(x);\nCREATE TABLE b(x)")) is None

    assert ["a", "b"] == tables(d1)


def test_a_refused_script_has_changed_nothing(d1: Database) -> None:
    refused = d1.apply(script("CREATE TABLE a(x);\n\n-- and now\nINSERT INTO b VALUES (1);"))

    assert [] == tables(d1)
    assert (
        Refusal(
            Reason.OTHER,
            "no such table: b",
            "migrations/0001_it.sql",
            4,
            "INSERT INTO b VALUES (1);",
        )
        == refused
    )


def test_lines_count_from_where_the_section_begins(d1: Database) -> None:
    refused = d1.apply(script("/* two\nlines */ CREATE TABLE a(x); SELEC 1;", line=40))

    assert refused is not None
    assert (41, Reason.SYNTAX) == (refused.line, refused.reason)


def test_a_trigger_with_semicolons_is_one_statement(d1: Database) -> None:
    body = "DELETE FROM a; SELECT CASE 1 WHEN 1 THEN 2 END;"
    trigger = f"CREATE TRIGGER t AFTER INSERT ON a BEGIN {body} END;"

    assert d1.apply(script(f"CREATE TABLE a(x);\n{trigger}\nINSERT INTO a VALUES (1);")) is None


def test_a_foreign_key_left_broken_is_found_at_the_end(d1: Database) -> None:
    assert d1.apply(script(KEYED)) is None

    refused = d1.apply(
        script("PRAGMA defer_foreign_keys = on;\nINSERT INTO k VALUES (1, 9);", line=3)
    )

    assert refused is not None
    assert (Reason.FOREIGN_KEY, 3, "COMMIT") == (
        refused.reason,
        refused.line,
        refused.statement,
    )
    assert () == d1.query("SELECT * FROM k")


def test_a_switch_set_by_one_script_is_not_felt_by_the_next(d1: Database) -> None:
    assert d1.apply(script("PRAGMA case_sensitive_like = on;")) is None

    assert ((1,),) == d1.query("SELECT 'a' LIKE 'A'")


def test_rows_of_a_cascade_are_deleted_silently_on_d1(d1: Database) -> None:
    assert d1.apply(script(KEYED)) is None
    assert d1.write("INSERT INTO p VALUES (?)", [(1,), (2,)]) is None
    assert d1.write("INSERT INTO k VALUES (?, ?)", [(1, 1), (2, 2)]) is None

    refused = d1.apply(script("PRAGMA foreign_keys = off;\nDROP TABLE p;"))

    assert refused is None
    assert () == d1.query("SELECT * FROM k")


def test_an_interrupted_script_leaves_what_it_has_done(d1: Database) -> None:
    assert d1.apply_until(script("CREATE TABLE a(x); CREATE TABLE b(x); SELEC;"), 1) is None

    assert ["a"] == tables(d1)


def test_statements_are_counted_as_an_interruption_counts_them(d1: Database) -> None:
    three = script("CREATE TABLE a(x);; -- ;\nCREATE TABLE b(x); CREATE TABLE c(x)")

    assert 3 == d1.count(three)
    assert d1.apply_until(three, 2) is None
    assert ["a", "b"] == tables(d1)


VALUES: tuple[Value, ...] = (
    None,
    0,
    -1,
    2**63 - 1,
    -(2**63),
    0.0,
    -0.0,
    math.inf,
    -math.inf,
    5e-324,
    1.7976931348623157e308,
    0.1 + 0.2,
    "",
    "a\0b",
    "é 漢 🙂",
    "not UTF-8: \udcff\udcfe",
    b"",
    b"\0\xff",
)


def bits(value: Value) -> tuple[type, Value]:
    if isinstance(value, float):
        return float, struct.pack("<d", value)
    return type(value), value


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_values_come_back_bit_for_bit(d1: Database, value: Value) -> None:
    assert d1.apply(script("CREATE TABLE t(a, b)")) is None

    assert d1.write("INSERT INTO t VALUES (?, ? -- ? not this\n)", [(value, "\udcff")]) is None

    rows = d1.query("SELECT a, b FROM t ORDER BY a -- as it is")
    assert not isinstance(rows, Refusal)
    assert [bits(value), bits("\udcff")] == [bits(each) for each in rows[0]]


def test_what_is_not_a_number_is_stored_as_null(d1: Database) -> None:
    assert d1.apply(script("CREATE TABLE t(a)")) is None

    assert d1.write("INSERT INTO t VALUES (?)", [(math.nan,)]) is None

    assert ((None,),) == d1.query("SELECT a FROM t")


def test_rows_are_written_all_or_none(d1: Database) -> None:
    assert d1.apply(script("CREATE TABLE t(a UNIQUE)")) is None

    refused = d1.write("INSERT INTO t VALUES (?)", [(1,), (2,), (1,)])

    assert refused is not None
    assert Reason.CONSTRAINT == refused.reason
    assert () == d1.query("SELECT * FROM t")


def test_orphans_can_be_written_only_unchecked(d1: Database) -> None:
    assert d1.apply(script(KEYED)) is None

    refused = d1.write("INSERT INTO k VALUES (?, ?)", [(1, 9)])
    taken = d1.write_unchecked("INSERT INTO k VALUES (?, ?)", [(1, 9)])

    assert refused is not None
    assert Reason.FOREIGN_KEY == refused.reason
    assert taken is None
    assert (("k", 1, "p", 0),) == d1.query("PRAGMA foreign_key_check")


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM t",
        "INSERT INTO t VALUES (1) RETURNING a",
        "SELECT 1; DELETE FROM t",
        "DROP TABLE t",
        "",
    ],
)
def test_a_query_changes_nothing(d1: Database, sql: str) -> None:
    assert d1.apply(script("CREATE TABLE t(a); INSERT INTO t VALUES (1);")) is None

    refused = d1.query(sql)

    assert isinstance(refused, Refusal)
    assert ((1,),) == d1.query("SELECT a FROM t")


def test_what_was_saved_is_put_back_as_often_as_asked(d1: Database) -> None:
    assert d1.apply(script("CREATE TABLE t(a); INSERT INTO t VALUES (1);")) is None
    saved = d1.save()

    for _ in range(2):
        assert d1.apply(script("DROP TABLE t; CREATE TABLE u(a);")) is None
        d1.restore(saved)

        assert ["t"] == tables(d1)
        assert ((1,),) == d1.query("SELECT a FROM t")


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT a FROM t WHERE a = ?1", None),
        ("SELECT a FROM t WHERE a = :key", None),
        ("DELETE FROM t", None),
        ("SELECT b FROM t", Reason.OTHER),
        ("SELEC", Reason.SYNTAX),
        ("SELECT sqlite_version()", Reason.DENIED),
        ("-- nothing", Reason.SYNTAX),
    ],
)
def test_a_statement_is_prepared_and_not_run(d1: Database, sql: str, reason: Reason | None) -> None:
    assert d1.apply(script("CREATE TABLE t(a); INSERT INTO t VALUES (1);")) is None

    refused = d1.prepare(sql)

    assert reason == (refused and refused.reason)
    assert ((1,),) == d1.query("SELECT a FROM t")


def test_the_integrity_of_a_database_can_be_asked(d1: Database) -> None:
    text = "CREATE TABLE t(a); INSERT INTO t VALUES (NULL); PRAGMA ignore_check_constraints = on;"
    assert d1.apply(script(text)) is None

    assert () == d1.faults()


def test_a_broken_check_is_a_fault_of_the_database(d1: Database) -> None:
    text = "CREATE TABLE t(a CHECK (a > 0)); PRAGMA ignore_check_constraints = on;"
    assert d1.apply(script(f"{text} INSERT INTO t VALUES (0);")) is None

    assert ("CHECK constraint failed in t",) == d1.faults()
