"""Migrations written to be let through: each is told apart from one that does no harm."""

from __future__ import annotations

import pytest

from gatekeeper.migrations import contents
from gatekeeper.migrations.engines import in_process
from gatekeeper.migrations.filling import fill
from gatekeeper.migrations.migration import Chain, Dialect, Migration, Runner, Script
from gatekeeper.migrations.plains import Plains
from gatekeeper.migrations.proven import Proven, Rows, Trouble
from gatekeeper.migrations.schema import schema_of
from gatekeeper.migrations.trial import Charge, tried

USERS = (
    "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, status TEXT, score INTEGER,"
    " level INTEGER, is_admin INTEGER, is_active INTEGER, created_at TEXT, updated_at TEXT,"
    " data TEXT);\n"
    "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL, score INTEGER);"
)
LOST = {
    Trouble.TABLE_LOST,
    Trouble.COLUMN_LOST,
    Trouble.ROWS_LOST,
    Trouble.VALUES_CHANGED,
    Trouble.KEYS_CHANGED,
    Trouble.CORRUPT,
    Trouble.DANGLING,
}
BACK = {Trouble.ROWS_NOT_RESTORED, Trouble.SCHEMA_NOT_RESTORED, Trouble.DOWN_LOSES_LATER}


def migration(number: int, up: str, down: str | None) -> Migration:
    name = f"{number:04}_step.sql"
    back = None if down is None else Script(f"migrations/down/{name}", down)
    return Migration(name, Script(f"migrations/{name}", up), back, number)


def proven(up: str, down: str = "SELECT 1;", before: str = USERS, seed: int = 20_240_229) -> Proven:
    steps = (migration(1, before, "DROP TABLE nothing;"), migration(2, up, down))
    chain = Chain(Runner.WRANGLER, "migrations", Dialect.D1, steps, ledger="d1_migrations")
    charge = Charge(chain, (steps[1].name,), seed=seed, explain=False)
    return tried(charge, in_process(Dialect.D1)).proven[0]


def troubles(found: Proven) -> set[Trouble]:
    return {each.trouble for each in found.failings}


def rebuilt(columns: str, values: str, where: str = "") -> str:
    """The table `users` made anew from other values."""
    return (
        f"{USERS.partition(';')[0].replace('users', 'n')};\n"
        f"INSERT INTO n ({columns}) SELECT {values} FROM users {where};\n"
        "DROP TABLE users;\nALTER TABLE n RENAME TO users;"
    )


ALL = "id, name, status, score, level, is_admin, is_active, created_at, updated_at, data"
CONDITIONAL = {
    "one id": "DELETE FROM users WHERE id = 4242;",
    "large ids": "DELETE FROM users WHERE id > 90000000000;",
    "ids below nothing": "DELETE FROM users WHERE id < 0;",
    "ids by remainder": "DELETE FROM users WHERE id % 1009 = 77;",
    "ids by a sum": "DELETE FROM users WHERE id + 17 = 100017;",
    "a status": "DELETE FROM users WHERE status = 'gone';",
    "a status, said backwards": "DELETE FROM users WHERE 'gone' = status;",
    "a status in double quotes": "DELETE FROM users WHERE status IN ('x', 'gone');",
    "two conditions": "DELETE FROM users WHERE status = 'gone' AND score > 100500;",
    "three conditions": "DELETE FROM users WHERE status <> 'a' AND score < -7 AND name = 'Bo';",
    "a pattern": "DELETE FROM users WHERE name LIKE 'zz%';",
    "a glob": "DELETE FROM users WHERE name GLOB 'Zy[a-c]*';",
    "a range": "DELETE FROM users WHERE score BETWEEN 100600 AND 100700;",
    "a date": "DELETE FROM users WHERE created_at < '2001-01-01';",
    "a date in a function": "DELETE FROM users WHERE date(created_at) < '2001-01-01';",
    "a year in a function": "DELETE FROM users WHERE strftime('%Y', created_at) = '1999';",
    "a length": "DELETE FROM users WHERE length(name) > 200;",
    "a part of a text": "DELETE FROM users WHERE substr(name, 1, 3) = 'Foo';",
    "small letters": "DELETE FROM users WHERE lower(name) = 'root';",
    "a character somewhere": "DELETE FROM users WHERE instr(name, '@') > 0;",
    "a key of JSON": "DELETE FROM users WHERE json_valid(data) AND data ->> '$.kind' = 'old';",
    "a type": "UPDATE users SET status = NULL WHERE typeof(status) = 'blob';",
    "an answer by case": (
        "UPDATE users SET name = CASE name WHEN 'root' THEN 'admin' ELSE name END;"
    ),
    "an answer by iif": "UPDATE users SET status = iif(status = 'gone', 'kept', status);",
    "an answer by nullif": "UPDATE users SET status = nullif(status, 'gone');",
    "a text replaced": "UPDATE users SET name = replace(name, 'gmail', 'x') WHERE 1;",
    "a copy with a filter": rebuilt(ALL, ALL, "WHERE name <> 'root'"),
    "a copy with a filter on two": rebuilt(ALL, ALL, "WHERE NOT (status = 'q' AND level = 991)"),
    "values from a table": (
        "CREATE TABLE doomed (s TEXT);\nINSERT INTO doomed VALUES ('gone');\n"
        "DELETE FROM users WHERE status IN (SELECT s FROM doomed);\nDROP TABLE doomed;"
    ),
    "values from a view": (
        "CREATE VIEW doomed AS SELECT id FROM users WHERE status = 'gone';\n"
        "DELETE FROM users WHERE id IN (SELECT id FROM doomed);\nDROP VIEW doomed;"
    ),
    "a row that it first inserts": (
        "INSERT INTO users (id, name, status) VALUES (777, 'tmp', 'gone');\n"
        "DELETE FROM users WHERE status = 'gone';"
    ),
    "many rows": "DELETE FROM users WHERE (SELECT count(*) FROM users) > 50;",
    "all beyond a limit": (
        "DELETE FROM users WHERE id NOT IN (SELECT id FROM users ORDER BY id LIMIT 100);"
    ),
    "with a common table": (
        "WITH d AS (SELECT id FROM users WHERE status = 'gone') "
        "DELETE FROM users WHERE id IN (SELECT id FROM d);"
    ),
    "in a trigger that fires at once": (
        "CREATE TRIGGER t AFTER UPDATE ON posts BEGIN DELETE FROM users WHERE name = 'root'; END;\n"
        "UPDATE posts SET title = title;\nDROP TRIGGER t;"
    ),
}


@pytest.mark.parametrize("up", CONDITIONAL.values(), ids=CONDITIONAL.keys())
def test_a_loss_under_a_condition_is_seen(up: str) -> None:
    assert troubles(proven(up)) & LOST


SHAPES = {
    "two numbers change places": rebuilt(ALL, ALL.replace("score, level", "level, score")),
    "two flags change places": rebuilt(
        ALL, ALL.replace("is_admin, is_active", "is_active, is_admin")
    ),
    "two moments change places": rebuilt(
        ALL, ALL.replace("created_at, updated_at", "updated_at, created_at")
    ),
    "a column goes that another table seems to hold": "ALTER TABLE users DROP COLUMN score;",
    "a key gets another name and values change": (
        "ALTER TABLE users RENAME COLUMN id TO uid;\nUPDATE users SET name = 'x';"
    ),
}


@pytest.mark.parametrize("up", SHAPES.values(), ids=SHAPES.keys())
def test_a_loss_that_looks_like_a_copy_is_seen(up: str) -> None:
    found = proven(up)

    assert troubles(found) & LOST or found.open


def test_a_loss_among_more_rows_than_are_read_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MOST_ROWS", 500)
    found = proven(
        "CREATE TABLE bk AS SELECT * FROM users;\nDELETE FROM users WHERE id > 2;\n"
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 510)"
        " INSERT INTO users (id, name) SELECT 10000000 + x, 'n' FROM c;\nDROP TABLE bk;"
    )

    assert any("more than 500 rows" in each for each in found.open)


COLUMNS = "id INTEGER PRIMARY KEY, name TEXT NOT NULL, status TEXT"
LITTLE = f"CREATE TABLE users ({COLUMNS});"
WAYS_BACK = {
    "a copy of all that is put back over what was written since": (
        "CREATE TABLE bk AS SELECT * FROM users;\nUPDATE users SET status = NULL;",
        "DELETE FROM users;\nINSERT INTO users SELECT * FROM bk;\nDROP TABLE bk;",
    ),
    "a trigger that empties a table at the next write": (
        (
            "CREATE TABLE log (id INTEGER PRIMARY KEY, x TEXT);\n"
            "CREATE TRIGGER t AFTER INSERT ON log BEGIN DELETE FROM users WHERE id < 9; END;"
        ),
        "DROP TRIGGER t;\nDROP TABLE log;",
    ),
    "a table that was there goes": (
        "CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY);",
        "DROP TABLE IF EXISTS users;",
    ),
    "rows that were there before are taken as if up had made them": (
        "INSERT INTO users (id, name) VALUES (990000001, 'seed');",
        "DELETE FROM users WHERE name LIKE 's%';",
    ),
}


@pytest.mark.parametrize("case", WAYS_BACK.values(), ids=WAYS_BACK.keys())
def test_a_way_back_that_takes_what_was_there_is_seen(case: tuple[str, str]) -> None:
    assert troubles(proven(*case, before=LITTLE)) & BACK


def test_no_constants_fit_the_rows_of_two_seeds() -> None:
    def made(seed: int) -> set[str]:
        with in_process(Dialect.D1).open() as database:
            assert database.apply(Script("a.sql", LITTLE)) is None
            filled = fill(database, schema_of(database), Rows.TYPED, Plains(seed))
        return {str(value) for each in filled.inserts for value in each.values[1:] if value}

    assert made(1).isdisjoint(made(2))


SAID = {
    "the case of a default in double quotes": ('a TEXT DEFAULT "ABC"', 'a TEXT DEFAULT "abc"'),
    "the case of a text in a check": ('b CHECK (b GLOB "*X*")', 'b CHECK (b GLOB "*x*")'),
    "the collation of a key": ("a TEXT, PRIMARY KEY (a COLLATE NOCASE)", "a TEXT PRIMARY KEY"),
    "a key that stands for the row's id": ("a INTEGER PRIMARY KEY DESC", "a INTEGER PRIMARY KEY"),
    "the default of a column in a string's quotes": ("'c' INT DEFAULT 1", "'c' INT DEFAULT 2"),
    "a name that is a keyword": ('"check" INT CHECK ("check" > 1)', '"check" INT'),
    "a bracket in a string": ("a CHECK (a <> ')'), b DEFAULT 'x'", "a CHECK (a <> ')'), b"),
    "a collation after a comment": ("a TEXT /* , */ COLLATE NOCASE", "a TEXT"),
    "what a conflict does": ("a NOT NULL ON CONFLICT IGNORE", "a NOT NULL"),
}


@pytest.mark.parametrize("case", SAID.values(), ids=SAID.keys())
def test_a_way_back_to_another_definition_is_seen(case: tuple[str, str]) -> None:
    was, now = case
    found = proven("DROP TABLE t;", f"CREATE TABLE t ({now});", f"CREATE TABLE t ({was});")

    assert Trouble.SCHEMA_NOT_RESTORED in troubles(found)


def test_a_way_back_that_only_writes_otherwise_is_none_the_worse() -> None:
    was = 'CREATE TABLE t (id INTEGER PRIMARY KEY, "Name" TEXT DEFAULT "x" CHECK ("Name" <> "y"));'
    now = "create table t(id integer primary key, name text default 'x' check(name <> 'y'));"
    found = proven("DROP TABLE t;", now.replace("name", '"Name"'), was)

    assert Trouble.SCHEMA_NOT_RESTORED not in troubles(found)


ELSEWHERE = {
    "chance": "DELETE FROM users WHERE random() % 1000003 = 0;",
    "chance in a subquery": "DELETE FROM users WHERE (SELECT abs(random()) % 1000003) = 0;",
    "chance as an order": (
        "DELETE FROM users WHERE id = -1 OR id IN"
        " (SELECT id FROM users WHERE id = 0 ORDER BY random() LIMIT 1);"
    ),
    "the clock": "DELETE FROM users WHERE date('now') > '2031-01-01';",
    "the clock without an argument": "DELETE FROM users WHERE unixepoch() > 99999999999;",
    "the moment": "DELETE FROM users WHERE CURRENT_TIMESTAMP > '2031';",
    "the ledger": (
        "DELETE FROM users WHERE EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'd1_migrations');"
    ),
    "what was done before": "DELETE FROM users WHERE last_insert_rowid() = 123456789;",
    "chance in a case": (
        "UPDATE users SET name = CASE WHEN random() % 1000003 = 0 THEN 'x' ELSE name END;"
    ),
    "chance in iif": "UPDATE users SET name = iif(random() % 1000003 = 0, 'x', name);",
}


@pytest.mark.parametrize("up", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_a_condition_on_what_no_proof_can_show_stays_open(up: str) -> None:
    assert proven(up).open


SETTLED = {
    "a moment as a value": "ALTER TABLE users ADD COLUMN seen TEXT;\n"
    "UPDATE users SET seen = datetime('now') WHERE seen IS NULL;",
    "chance as a value": "ALTER TABLE users ADD COLUMN token TEXT;\n"
    "UPDATE users SET token = lower(hex(randomblob(16))) WHERE token IS NULL;",
    "a trigger that keeps a moment": (
        "CREATE TRIGGER t AFTER UPDATE ON posts WHEN old.title <> new.title BEGIN"
        " UPDATE users SET updated_at = CURRENT_TIMESTAMP WHERE id = new.id; END;"
    ),
}


@pytest.mark.parametrize("up", SETTLED.values(), ids=SETTLED.keys())
def test_values_by_chance_or_clock_leave_nothing_open(up: str) -> None:
    found = proven(up)

    assert (found.open, troubles(found) & LOST) == ((), set())
