"""SQL that means harm: bounded, named, and never a write outside of the database."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatekeeper.migrations.bounds import Bounds
from gatekeeper.migrations.engine import Reason, Refusal, TracingDatabase
from gatekeeper.migrations.engines import in_process
from gatekeeper.migrations.migration import Dialect, Script

BOUNDS = Bounds(3_000_000, 20, memory=80_000_000, size=20_000_000, rows=1_000, answer=1_000_000)
ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)"
VIEWS = "CREATE TABLE v0(a);" + "".join(
    f"CREATE VIEW v{n} AS SELECT x.a FROM v{n - 1} x, v{n - 1} y;" for n in range(1, 30)
)


@pytest.fixture(params=list(Dialect), ids=lambda dialect: dialect.name)
def database(request: pytest.FixtureRequest) -> Iterator[TracingDatabase]:
    with in_process(request.param, BOUNDS).open() as opened:
        yield opened


def run(database: TracingDatabase, text: str, *, atomic: bool = True) -> Refusal | None:
    return database.apply(Script("migrations/0001_harm.sql", text), atomic=atomic)


WITHOUT_END = {
    "a recursion without end": f"{ENDLESS} SELECT count(*) FROM c;",
    "rows without end, one by one": f"{ENDLESS} SELECT x FROM c;",
    "a table without end": f"CREATE TABLE t(a); {ENDLESS} INSERT INTO t SELECT x FROM c;",
    "a database of many megabytes": (
        f"CREATE TABLE t(a); {ENDLESS} INSERT INTO t SELECT randomblob(1000000) FROM c;"
    ),
    "a sorting of many megabytes": (
        f"{ENDLESS} SELECT y FROM (SELECT randomblob(1000000) y FROM c LIMIT 10000) ORDER BY y;"
    ),
    "tables multiplied": (
        "CREATE TABLE t(a); INSERT INTO t VALUES (1),(2),(3),(4),(5),(6),(7),(8),(9),(10);"
        f"SELECT count(*) FROM {', '.join(f't AS t{n}' for n in range(9))};"
    ),
}


@pytest.mark.parametrize("text", WITHOUT_END.values(), ids=WITHOUT_END.keys())
def test_what_does_not_end_is_stopped_and_says_nothing_of_the_sql(
    database: TracingDatabase, text: str
) -> None:
    refused = run(database, text)

    assert refused is not None
    assert Reason.UNBOUNDED == refused.reason
    assert refused.is_inconclusive
    assert () == database.query("SELECT name FROM sqlite_schema")


def test_the_next_script_has_its_own_time(database: TracingDatabase) -> None:
    run(database, f"{ENDLESS} SELECT count(*) FROM c;")

    assert run(database, "CREATE TABLE t(a);") is None


TOO_MUCH = {
    "a gigabyte of zeros": "SELECT length(zeroblob(1073741824));",
    "a trigger that calls itself": (
        "CREATE TABLE t(a); PRAGMA recursive_triggers = on;"
        "CREATE TRIGGER r AFTER INSERT ON t BEGIN INSERT INTO t VALUES (new.a + 1); END;"
        "INSERT INTO t VALUES (1);"
    ),
    "views of views of views": f"{VIEWS} SELECT * FROM v29;",
    "brackets in brackets": f"SELECT {'(' * 50_000}1{')' * 50_000};",
    "an expression of a hundred thousand terms": f"SELECT 1{'+1' * 49_000};",
}


@pytest.mark.parametrize("text", TOO_MUCH.values(), ids=TOO_MUCH.keys())
def test_what_is_too_much_is_refused(database: TracingDatabase, text: str) -> None:
    refused = run(database, text)

    assert refused is not None
    assert refused.reason in {Reason.TOO_MUCH, Reason.UNBOUNDED, Reason.OTHER, Reason.SYNTAX}
    assert () == database.query("SELECT name FROM sqlite_schema")


@pytest.mark.parametrize("atomic", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        "ATTACH 'outside.db' AS o; CREATE TABLE o.t(a);",
        "ATTACH 'file:outside.db?mode=rwc' AS o;",
        "ATTACH '' AS o; CREATE TABLE o.t(a);",
        "VACUUM INTO 'outside.db';",
        "SELECT load_extension('outside');",
        "SELECT fts3_tokenizer('simple');",
        "SELECT writefile('outside.db', 'x');",
        "PRAGMA temp_store_directory = '.';",
        "PRAGMA writable_schema = on; CREATE TABLE t(a); UPDATE sqlite_schema SET sql = 'x';",
        "PRAGMA max_page_count = 1000000000;",
        "PRAGMA hard_heap_limit = 0;",
        "PRAGMA temp_store = file;",
        "CREATE VIRTUAL TABLE c USING csv(filename = 'outside.csv');",
        "SELECT * FROM sqlite_dbpage;",
    ],
)
def test_nothing_reaches_outside(
    database: TracingDatabase,
    text: str,
    atomic: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)

    refused = run(database, text, atomic=atomic)

    assert refused is not None
    assert [] == list(tmp_path.iterdir())


def test_what_plain_sqlite_would_do_outside_is_not_held_against_it() -> None:
    with in_process(Dialect.SQLITE).open() as database:
        refused = run(database, "ATTACH 'other.db' AS o;", atomic=False)

    assert refused is not None
    assert Reason.UNSAFE == refused.reason
    assert refused.is_inconclusive


def test_no_file_is_written_whatever_is_sorted_and_undone() -> None:
    # A process that may not write to any file dies of it.
    ours = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "from gatekeeper.migrations.engines import in_process\n"
        "from gatekeeper.migrations.migration import Dialect, Script\n"
        "rows = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 9000) '\n"
        "text = f'''CREATE TABLE t(a UNIQUE, b);\n"
        "{rows} INSERT INTO t SELECT x, randomblob(500) FROM c;\n"
        "CREATE INDEX i ON t(b); UPDATE t SET a = -a; SELECT * FROM t ORDER BY b, a DESC;\n"
        "INSERT INTO t SELECT CASE a WHEN -9000 THEN -1 ELSE -a END, b FROM t;'''\n"
        "for dialect in Dialect:\n"
        "    with in_process(dialect).open() as database:\n"
        "        print(database.apply(Script('a', text)).reason.name)\n"
    )
    command = (sys.executable, "-B", "-c", ours)

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (0, "CONSTRAINT\nCONSTRAINT\n") == (done.returncode, done.stdout), done.stderr


UNREADABLE = {
    "NUL": ("SELECT 1;\nSELECT 'a\0b';", 2),
    "NUL where a statement could end": ("SELECT 1;\nSELECT 1 \0; DROP TABLE t;", 2),
    "bytes that are not UTF-8": ("SELECT 1;\n\nSELECT '\udcff';", 3),
    "a string without end": ("SELECT 1;\nSELECT 'a;\nDROP TABLE t;", 2),
    "a name without end": ("SELECT 1;\nCREATE TABLE [a (b);", 2),
    "a trigger without end": ("SELECT 1;\nCREATE TRIGGER a BEGIN SELECT 1;", 2),
}


@pytest.mark.parametrize(("text", "line"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_cannot_be_read_is_refused_on_its_line(
    database: TracingDatabase, text: str, line: int
) -> None:
    refused = run(database, text)

    assert refused is not None
    assert (Reason.SYNTAX, line) == (refused.reason, refused.line)


def test_a_comment_without_end_hides_what_follows_as_it_does_in_sqlite(
    database: TracingDatabase,
) -> None:
    assert run(database, "CREATE TABLE t(a); /* DROP TABLE t;") is None

    assert (("t",),) == database.query("SELECT name FROM sqlite_schema")


def test_a_hundred_thousand_statements_are_run_in_bounded_time() -> None:
    text = "CREATE TABLE t(a);\n" + "INSERT INTO t VALUES (1);\n" * 100_000
    began = time.monotonic()

    with in_process(Dialect.D1).open() as database:
        refused = run(database, text)
        rows = database.query("SELECT count(*) FROM t")

    assert time.monotonic() - began < 60
    assert (refused is None and rows == ((100_000,),)) or (
        refused is not None and Reason.UNBOUNDED == refused.reason and refused.line > 1
    )


@pytest.mark.parametrize(
    "sql",
    [
        f"{ENDLESS} SELECT count(*) FROM c",
        f"{ENDLESS} SELECT x FROM c",
        f"{ENDLESS} SELECT zeroblob(100000) FROM c",
    ],
)
def test_a_query_without_end_is_stopped(database: TracingDatabase, sql: str) -> None:
    refused = database.query(sql)

    assert isinstance(refused, Refusal)
    assert Reason.UNBOUNDED == refused.reason


def test_what_is_too_long_to_show_is_cut(database: TracingDatabase) -> None:
    refused = run(database, f"SELEC '{'x' * 50_000}';")

    assert refused is not None
    assert 2_000 == len(refused.statement)
