"""What public chains of migrations taught: tables as people write them are filled."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gatekeeper.migrations.course import standing
from gatekeeper.migrations.engine import Refusal, Row
from gatekeeper.migrations.engines import in_process
from gatekeeper.migrations.filling import TRIES, fill
from gatekeeper.migrations.history import chains
from gatekeeper.migrations.migration import Dialect, FaultKind, Migration, Runner, Script
from gatekeeper.migrations.proof import Ask, prove
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

RAISING = """
CREATE TABLE members (id INTEGER PRIMARY KEY, phone TEXT NOT NULL, state TEXT NOT NULL, age INT);
CREATE TRIGGER phones BEFORE INSERT ON members
WHEN NEW.phone NOT GLOB '[0-9][0-9][0-9]-[0-9][0-9]' BEGIN SELECT RAISE(ABORT, 'phone'); END;
CREATE TRIGGER states BEFORE INSERT ON members BEGIN
  SELECT RAISE(ABORT, 'state') WHERE NEW.state NOT IN ('here', 'gone');
  SELECT CASE WHEN NEW.age < 18 THEN RAISE(ABORT, 'age') END;
END;
"""

GUARDED = """
CREATE TABLE grants (
  id INTEGER PRIMARY KEY, state TEXT NOT NULL, version INTEGER NOT NULL, kind TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (((amount BETWEEN 3 AND 5 AND amount % 2 = 1) AND version < 9))
);
CREATE TRIGGER fresh BEFORE INSERT ON grants
WHEN NEW.state IS NOT 'pending' OR NEW.version IS NOT 7 BEGIN SELECT RAISE(ABORT, 'fresh'); END;
CREATE TRIGGER kinds BEFORE INSERT ON grants BEGIN
  SELECT CASE WHEN NOT (NEW.kind = 'gift' AND NEW.state = 'pending') THEN RAISE(ABORT, 'k') END;
END;
"""

INDEXED = """
CREATE TABLE actors (id TEXT PRIMARY KEY, properties TEXT NOT NULL DEFAULT (json_object()));
CREATE INDEX by_name ON actors (id, json_extract(properties, '$.name') DESC);
"""

READ = """
CREATE TABLE actors (id TEXT PRIMARY KEY, properties TEXT NOT NULL);
CREATE TABLE names (actor TEXT, name TEXT);
CREATE TRIGGER named AFTER INSERT ON actors BEGIN
  INSERT INTO names VALUES (new.id, json_extract(new.properties, '$.name'));
END;
"""

HOURS = """
CREATE TABLE venues (
  id INTEGER PRIMARY KEY,
  opens TEXT NOT NULL CHECK (opens GLOB '[0-2][0-9]:[0-5][0-9]' AND length(opens) = 5),
  closes TEXT NOT NULL CHECK (
    length(closes) = 5 AND substr(closes, 3, 1) = ':' AND closes GLOB '[0-2][0-9]:[0-5][0-9]'
    AND CAST(substr(closes, 1, 2) AS INTEGER) BETWEEN 0 AND 23 AND closes <> opens
  )
);
"""

DEFAULTS = """
CREATE TABLE odd (
  id INTEGER PRIMARY KEY, said TEXT NOT NULL DEFAULT 'xyzzy' CHECK (hex(said) = '78797A7A79')
);
"""

BESIDE_A_CYCLE = """
CREATE TABLE accounts (id INTEGER PRIMARY KEY, owner INTEGER NOT NULL REFERENCES users(id));
CREATE TABLE boards (id INTEGER PRIMARY KEY, maker INTEGER NOT NULL REFERENCES users(id));
CREATE TABLE users (id INTEGER PRIMARY KEY, home INTEGER REFERENCES boards(id));
"""

FILLED = {
    "a trigger that reads JSON": (READ, 12, ()),
    "a table that refers to one of a cycle": (BESIDE_A_CYCLE, 18, ()),
    "triggers that raise for some values": (RAISING, 6, ()),
    "triggers that raise for several columns": (GUARDED, 6, ()),
    "an index of an expression": (INDEXED, 6, ()),
    "a pattern and another column": (HOURS, 6, ()),
    "a value that its default alone knows": (DEFAULTS, 6, ()),
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


def test_rows_of_other_kinds_keep_to_the_checks_as_well() -> None:
    check = "role TEXT NOT NULL CHECK (role IN ('owner', 'guest'))"
    sql = f"CREATE TABLE users (id INTEGER PRIMARY KEY, {check}, age INTEGER, note TEXT);"
    with in_process(Dialect.D1).open() as database:
        database.apply(Script("up.sql", sql))
        fill(database, schema_of(database, ""), Rows.EDGE)
        answer = database.query(
            "SELECT count(DISTINCT age) > 8, count(DISTINCT note) > 8 FROM users"
        )

    assert answer == ((1, 1),)


def test_a_database_of_many_tables_is_checked_one_by_one() -> None:
    columns = ", ".join(f"c{at} INTEGER NOT NULL UNIQUE" for at in range(20))
    with in_process(Dialect.D1).open() as database:
        for at in range(70):
            assert database.apply(Script("up.sql", f"CREATE TABLE t{at} ({columns});")) is None
        whole = database.query("PRAGMA quick_check")
        found = standing(database, schema_of(database, ""))

    assert (isinstance(whole, Refusal), found.unsound) == (True, ())


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


def test_scripts_of_one_day_have_no_number_in_common() -> None:
    days = ("20240131_a", "20240131_b", "2024-02-01-a", "2024-02-01-b", "20241399_a", "20241399_b")
    files = {f"migrations/{each}.sql": f"CREATE TABLE t{at} (a);" for at, each in enumerate(days)}
    (chain,) = chains(Snapshot.of("a tree", files), None)

    assert [each.path for each in chain.faults] == ["migrations/20241399_b.sql"]


LAYOUTS = {
    "one chain for each database": (
        {"store/migrations/sqlite/1_a.sql": ONE_ROW, "store/migrations/mysql/1_a.sql": ONE_ROW},
        {"store/migrations/sqlite": "", "store/migrations/mysql": "run elsewhere"},
    ),
    "a folder below a chain is no other one": (
        {"migrations/1_a.sql": ONE_ROW, "migrations/old/1_a.sql": ONE_ROW},
        {"migrations": ""},
    ),
    "a folder of sqlite may say what others say": (
        {"app-sqlite/migrations/1_a.sql": "CREATE TABLE a (id BIGSERIAL PRIMARY KEY);"},
        {"app-sqlite/migrations": ""},
    ),
}


@pytest.mark.parametrize(("files", "expected"), LAYOUTS.values(), ids=LAYOUTS.keys())
def test_a_layout_gives_its_chains(files: dict[str, str], expected: dict[str, str]) -> None:
    found = chains(Snapshot.of("a tree", files), None)

    assert expected == {
        each.folder: ", ".join(fault.kind.value for fault in each.faults) for each in found
    }


WORKER = '[[d1_databases]]\nbinding = "DB"\nmigrations_dir = "sql"\n'


@pytest.mark.parametrize(
    ("package", "dialect"),
    [
        pytest.param({"crates/db/Cargo.toml": ""}, Dialect.SQLITE, id="a program in Rust"),
        pytest.param({"cli/go.mod": ""}, Dialect.D1, id="a program in Go beside it"),
        pytest.param({"crates/db/package.json": "{}"}, Dialect.D1, id="a package of the Worker"),
        pytest.param(
            {"crates/db/Cargo.toml": "", "crates/db/wrangler.toml": WORKER},
            Dialect.D1,
            id="a Worker in Rust",
        ),
    ],
)
def test_a_program_that_is_no_worker_has_no_d1(package: dict[str, str], dialect: Dialect) -> None:
    files = {"wrangler.toml": WORKER, "crates/db/src/migrations/1_a.sql": ONE_ROW, **package}

    found = chains(Snapshot.of("a tree", files), None)

    assert {each.folder: each.dialect for each in found}["crates/db/src/migrations"] is dialect


OWN = "PRAGMA foreign_keys = OFF;\n{}BEGIN;\nCREATE TABLE b (c);\nCOMMIT;\n{}"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param(OWN.format("", ""), "", id="a transaction of its own"),
        pytest.param(OWN.format("COMMIT;", "BEGIN;"), "", id="the runner's is ended and begun"),
        pytest.param(OWN.format("COMMIT;", ""), "", id="the runner's is ended"),
        pytest.param("BEGIN; CREATE TABLE b (c);", "still open at its end", id="one left open"),
    ],
)
def test_a_script_with_transactions_of_its_own_is_run_as_it_is_meant(text: str, says: str) -> None:
    (chain,) = chains(Snapshot.of("a tree", {"migrations/1_a.sql": text}), None)
    (step,) = chain.migrations
    with in_process(Dialect.SQLITE).open() as database:
        refusal = database.apply(step.up, atomic=step.atomic)
        there = database.query("SELECT name FROM sqlite_schema")

    assert (says in (refusal.says if refusal else ""), there) == (True, () if says else (("b",),))


def test_a_way_back_that_says_nothing_is_not_made_to_say_something() -> None:
    files = {"migrations/1_a.up.sql": OWN.format("", ""), "migrations/1_a.down.sql": "-- none\n"}
    (chain,) = chains(Snapshot.of("a tree", files), None)

    assert chain.migrations[0].down == Script("migrations/1_a.down.sql", "-- none\n")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("CREATE TABLE a (b CHECK (vec_length(b) = 512));", id="a function"),
        pytest.param("ALTER TABLE `a` ALTER COLUMN `b` TO `b` text;", id="libSQL's ALTER COLUMN"),
    ],
)
def test_what_is_added_to_sqlite_is_not_judged(text: str) -> None:
    found = {}
    for dialect in Dialect:
        with in_process(dialect).open() as database:
            refusal = database.apply(Script("up.sql", text))
        found[dialect] = refusal is not None and refusal.is_inconclusive

    assert found == {Dialect.D1: False, Dialect.SQLITE: True}


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


def test_a_column_that_is_named_anew_and_made_again_is_not_asked_for_its_old_values() -> None:
    up = (
        "ALTER TABLE users RENAME COLUMN style TO style_old;"
        "ALTER TABLE users ADD COLUMN style TEXT DEFAULT 'titles';"
        "UPDATE users SET style = style_old;"
        "ALTER TABLE users DROP COLUMN style_old;"
    )
    step = Migration("1_up.sql", Script("1_up.sql", up))
    with in_process(Dialect.D1).open() as database:
        database.apply(Script("0.sql", "CREATE TABLE users (id INTEGER PRIMARY KEY, style TEXT);"))
        proven = prove(database, step, Ask(explain=False))

    assert proven.open == ()
