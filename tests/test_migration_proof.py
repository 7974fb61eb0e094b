"""What the proof of a migration sees, run on the real SQLite under D1's rules."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gatekeeper import Glob, Snapshot
from gatekeeper.migrations.bounds import Bounds
from gatekeeper.migrations.engines import in_process
from gatekeeper.migrations.migration import Chain, Dialect, Migration, Runner, Script
from gatekeeper.migrations.proofs import ChainProof
from gatekeeper.migrations.proven import Failing, Proven, Trouble
from gatekeeper.migrations.proving import own_rows
from gatekeeper.migrations.trial import Charge, tried
from gatekeeper.terms import MigrationPlan

USERS = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age TEXT);"
POSTS = (
    f"{USERS}\nCREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL,"
    " user_id INTEGER REFERENCES users(id) ON DELETE CASCADE);"
)
REBUILT = """\
PRAGMA defer_foreign_keys = ON;
CREATE TABLE users_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age TEXT, email TEXT);
INSERT INTO users_new (id, name, age) SELECT id, name, age FROM users;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;
PRAGMA defer_foreign_keys = OFF;
"""


def migration(number: int, up: str, down: str | None) -> Migration:
    name = f"{number:04}_step.sql"
    back = None if down is None else Script(f"migrations/down/{name}", down)
    return Migration(name, Script(f"migrations/{name}", up), back, number)


def proof_of(
    before: str,
    up: str,
    down: str | None,
    keeps: tuple[str, ...] = (),
    rows: tuple[str, ...] = (),
    bounds: Bounds | None = None,
) -> ChainProof:
    """The proof of the last of two migrations; the first only makes the schema before it."""
    steps = (migration(1, before, "DROP TABLE nothing;"), migration(2, up, down))
    chain = Chain(Runner.WRANGLER, "migrations", Dialect.D1, steps)
    charge = Charge(chain, (steps[1].name,), keeps, rows)
    return tried(charge, in_process(Dialect.D1, bounds))


def proven(
    before: str, up: str, down: str | None, keeps: tuple[str, ...] = (), rows: tuple[str, ...] = ()
) -> Proven:
    return proof_of(before, up, down, keeps, rows).proven[0]


def troubles(found: Proven) -> Mapping[Trouble, Failing]:
    return {
        each.trouble: each
        for each in found.failings
        if each.trouble is not Trouble.REPEAT_FAILS  # loud, and only asked for by `raw`
    }


REFERRING = (
    "CREATE TABLE accounts (id INTEGER PRIMARY KEY);"
    "ALTER TABLE posts ADD COLUMN account INTEGER REFERENCES accounts(id);"
)
PICTURES = """
CREATE TABLE images (id BLOB PRIMARY KEY, path TEXT NOT NULL);
CREATE TABLE uses (id BLOB PRIMARY KEY, image BLOB NOT NULL REFERENCES images(id));
"""
FILES = (
    "ALTER TABLE images RENAME TO files; ALTER TABLE uses RENAME TO file_uses;"
    "ALTER TABLE file_uses RENAME COLUMN image TO file;"
)
IMAGES = (
    "ALTER TABLE file_uses RENAME COLUMN file TO image;"
    "ALTER TABLE file_uses RENAME TO uses; ALTER TABLE files RENAME TO images;"
)
HARMLESS = {
    "renamed tables whose ids are alike": (
        PICTURES,
        FILES,
        IMAGES,
    ),
    "one more foreign key, where rows miss a parent already": (
        POSTS,
        REFERRING,
        "ALTER TABLE posts DROP COLUMN account; DROP TABLE accounts;",
    ),
    "a new table": (USERS, "CREATE TABLE notes (id INTEGER PRIMARY KEY);", "DROP TABLE notes;"),
    "a new column that may be NULL": (
        USERS,
        "ALTER TABLE users ADD COLUMN email TEXT;",
        "ALTER TABLE users DROP COLUMN email;",
    ),
    "a new column with a default": (
        USERS,
        "ALTER TABLE users ADD COLUMN rank INTEGER NOT NULL DEFAULT 0;",
        "ALTER TABLE users DROP COLUMN rank;",
    ),
    "an index": (USERS, "CREATE INDEX i ON users (name);", "DROP INDEX i;"),
    "a renamed column": (
        USERS,
        "ALTER TABLE users RENAME COLUMN name TO title;",
        "ALTER TABLE users RENAME COLUMN title TO name;",
    ),
    "a renamed table": (
        USERS,
        "ALTER TABLE users RENAME TO people;",
        "ALTER TABLE people RENAME TO users;",
    ),
    "a view and a trigger": (
        USERS,
        (
            "CREATE VIEW adults AS SELECT * FROM users WHERE age > 17;\n"
            "CREATE TRIGGER named AFTER INSERT ON users BEGIN SELECT 1; END;"
        ),
        "DROP TRIGGER named;\nDROP VIEW adults;",
    ),
    "a rebuild of a table without children": (
        USERS,
        REBUILT,
        "ALTER TABLE users DROP COLUMN email;",
    ),
    "a column that goes to a table beside, by key, and comes back": (
        USERS,
        (
            "CREATE TABLE ages (user_id INTEGER PRIMARY KEY, age TEXT);\n"
            "INSERT INTO ages SELECT id, age FROM users;\nALTER TABLE users DROP COLUMN age;"
        ),
        (
            "ALTER TABLE users ADD COLUMN age TEXT;\n"
            "UPDATE users SET age = (SELECT age FROM ages WHERE user_id = users.id);\n"
            "DROP TABLE ages;"
        ),
    ),
}


@pytest.mark.parametrize("case", HARMLESS.values(), ids=HARMLESS.keys())
def test_nothing_is_said_of_a_migration_that_does_no_harm(case: tuple[str, str, str]) -> None:
    found = proven(*case)

    assert (troubles(found), found.unfilled, found.open) == ({}, (), ())


HARM = {
    "a column without a default that must not be NULL": (
        (USERS, "ALTER TABLE users ADD COLUMN email TEXT NOT NULL;", None),
        {Trouble.FAILS_ON_ROWS, Trouble.NO_DOWN},
    ),
    "a statement with a slip of the pen": (
        (USERS, "ALTER TABLE users ADD COLUMN email TEXT REFERENCES;", "SELECT 1;"),
        {Trouble.FAILS_ON_EMPTY},
    ),
    "a unique index on values that are not": (
        (USERS, "CREATE UNIQUE INDEX one ON users (age);", "DROP INDEX one;"),
        set(),
    ),
    "a parent rebuilt under children that cascade": (
        (POSTS, REBUILT, "ALTER TABLE users DROP COLUMN email;"),
        {Trouble.ROWS_LOST, Trouble.ROWS_NOT_RESTORED},
    ),
    "a dropped table": (
        (USERS, "DROP TABLE users;", USERS),
        {Trouble.TABLE_LOST, Trouble.ROWS_NOT_RESTORED},
    ),
    "a dropped column": (
        (USERS, "ALTER TABLE users DROP COLUMN age;", "ALTER TABLE users ADD COLUMN age TEXT;"),
        {Trouble.COLUMN_LOST, Trouble.ROWS_NOT_RESTORED},
    ),
    "a cast that loses": (
        (
            USERS,
            (
                "CREATE TABLE n (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age INTEGER);\n"
                "INSERT INTO n SELECT id, name, CAST(age AS INTEGER) FROM users;\n"
                "DROP TABLE users;\nALTER TABLE n RENAME TO users;"
            ),
            (
                "CREATE TABLE n (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age TEXT);\n"
                "INSERT INTO n SELECT id, name, CAST(age AS TEXT) FROM users;\n"
                "DROP TABLE users;\nALTER TABLE n RENAME TO users;"
            ),
        ),
        {Trouble.VALUES_CHANGED, Trouble.ROWS_NOT_RESTORED},
    ),
    "ids given anew": (
        (
            USERS,
            (
                "CREATE TABLE n (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age TEXT);\n"
                "INSERT INTO n (name, age) SELECT name, age FROM users;\n"
                "DROP TABLE users;\nALTER TABLE n RENAME TO users;"
            ),
            "SELECT 1;",
        ),
        {Trouble.KEYS_CHANGED, Trouble.ROWS_NOT_RESTORED},
    ),
    "a copy by place into columns of another order": (
        (
            USERS,
            (
                "CREATE TABLE n (id INTEGER PRIMARY KEY, age TEXT, name TEXT);\n"
                "INSERT INTO n SELECT * FROM users;\nDROP TABLE users;\n"
                "ALTER TABLE n RENAME TO users;"
            ),
            None,
        ),
        {Trouble.VALUES_CHANGED, Trouble.NO_DOWN},
    ),
    "no way back": ((USERS, "CREATE TABLE n (a);", None), {Trouble.NO_DOWN}),
    "a way back that is a comment": (
        (USERS, "CREATE TABLE n (a);", "-- DROP TABLE n;\n/* all of it */ ;"),
        {Trouble.HOLLOW_DOWN},
    ),
    "a way back that does something else": (
        (USERS, "CREATE TABLE n (a);", "UPDATE users SET age = age;"),
        {Trouble.SCHEMA_NOT_RESTORED},
    ),
    "a way back that forgets a default": (
        (
            "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL DEFAULT 5);",
            "ALTER TABLE t ADD COLUMN m TEXT;",
            (
                "CREATE TABLE x (id INTEGER PRIMARY KEY, n INTEGER NOT NULL);\n"
                "INSERT INTO x SELECT id, n FROM t;\nDROP TABLE t;\nALTER TABLE x RENAME TO t;"
            ),
        ),
        {Trouble.SCHEMA_NOT_RESTORED},
    ),
    "a way back that fails": (
        (USERS, "CREATE TABLE n (a);", "DROP TABLE m;"),
        {Trouble.DOWN_FAILS},
    ),
    "a way back for the rows that are there and for no others": (
        (
            USERS,
            "CREATE TABLE n (a INTEGER PRIMARY KEY, b TEXT);",
            (
                "CREATE TABLE none (x CHECK (x = 0));\nINSERT INTO none SELECT count(*) FROM n;\n"
                "DROP TABLE none;\nDROP TABLE n;"
            ),
        ),
        {Trouble.DOWN_FAILS_LATER},
    ),
    "a backup that is dropped in the same breath": (
        (
            USERS,
            "CREATE TABLE bk AS SELECT * FROM users;\nDELETE FROM users;\nDROP TABLE bk;",
            "CREATE TABLE bk (id, name, age);\nINSERT INTO users SELECT * FROM bk;\nDROP TABLE bk;",
        ),
        {Trouble.ROWS_LOST, Trouble.ROWS_NOT_RESTORED},
    ),
    "an inverse for the one row that was seen": (
        (USERS, "UPDATE users SET name = 'x';", "UPDATE users SET name = 'a' WHERE id = 3;"),
        {Trouble.VALUES_CHANGED, Trouble.ROWS_NOT_RESTORED},
    ),
    "rows without a guard": (
        (
            "CREATE TABLE settings (name TEXT, value TEXT);",
            "INSERT INTO settings VALUES ('theme', 'dark');",
            "DELETE FROM settings WHERE name = 'theme';",
        ),
        {Trouble.REPEAT_CHANGES},
    ),
    "ids that an AUTOINCREMENT table gave before": (
        (
            "CREATE TABLE e (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT);",
            (
                "CREATE TABLE n (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT, b TEXT);\n"
                "INSERT INTO n (id, a) SELECT id, a FROM e;\nDROP TABLE e;\n"
                "ALTER TABLE n RENAME TO e;"
            ),
            "ALTER TABLE e DROP COLUMN b;",
        ),
        {Trouble.IDS_GIVEN_AGAIN},
    ),
}


@pytest.mark.parametrize("case", HARM.values(), ids=HARM.keys())
def test_harm_is_seen(case: tuple[tuple[str, str, str | None], set[Trouble]]) -> None:
    found = proven(*case[0])

    assert set(troubles(found)) == case[1]


def test_a_counterexample_is_small_and_shows_every_moment() -> None:
    found = proven(POSTS, REBUILT, "ALTER TABLE users DROP COLUMN email;")

    example = troubles(found)[Trouble.ROWS_LOST].example
    assert example is not None
    assert [each.split("(")[0] for each in example.inserts] == [
        "INSERT INTO users ",
        "INSERT INTO posts ",
    ]
    posts = {each.when: len(each.rows) for each in example.stands if each.table == "posts"}
    assert posts == {"before": 1, "after up": 0, "after down": 0}


def test_a_query_that_must_answer_as_before_is_asked_on_rows() -> None:
    keeps = ("SELECT count(*) FROM users",)
    found = proven(USERS, "DELETE FROM users WHERE id > 2;", "SELECT 1;", keeps=keeps)

    assert troubles(found)[Trouble.KEEPS_BROKEN].says == (
        "`SELECT count(*) FROM users` gave 6, and gives 2"
    )


def test_the_projects_own_rows_are_tried_as_well() -> None:
    rows = ("INSERT INTO users VALUES (7, 'Ann', '-');\nINSERT INTO users VALUES (7, 'x', 'y');",)
    up = "UPDATE users SET age = NULL WHERE hex(age) = '2D';"
    found = proven(USERS, up, "SELECT 1;", rows=rows)

    assert troubles(found)[Trouble.VALUES_CHANGED].rows.name == "OWN"
    assert "1 of the project's own rows do not fit here" in found.tried


def test_what_the_engine_at_hand_cannot_judge_stays_open_and_ends_the_chain() -> None:
    endless = (
        "CREATE TABLE n AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)"
        " SELECT x FROM c;"
    )
    proof = proof_of(USERS, endless, "DROP TABLE n;", bounds=Bounds(steps=1_000_000))

    found = proof.proven[0]
    assert (troubles(found), found.ended, len(found.open), len(proof.stopped)) == ({}, True, 1, 1)


UNFILLED = (
    f"{USERS}\nCREATE TABLE closed (id INTEGER PRIMARY KEY, a TEXT, CHECK (0));"
    "\nCREATE TABLE inner (id INTEGER PRIMARY KEY, to_closed INTEGER REFERENCES closed(id));"
)
CONCERNED = {
    "another table": ("ALTER TABLE users ADD COLUMN b;", ()),
    "the table itself": ("ALTER TABLE closed ADD COLUMN b;", ("closed",)),
    "a table that refers to it": ("ALTER TABLE inner ADD COLUMN b;", ("closed",)),
}


@pytest.mark.parametrize("case", CONCERNED.values(), ids=CONCERNED.keys())
def test_a_table_that_takes_no_row_is_named_where_it_matters(
    case: tuple[str, tuple[str, ...]],
) -> None:
    found = proven(UNFILLED, case[0], None)

    assert tuple(name for name, _ in found.unfilled) == case[1]


def test_the_head_may_add_rows_to_be_tried_on_and_take_none_away() -> None:
    plan = MigrationPlan(rows=(Glob("rows/*.sql"),))
    base = Snapshot.of("base", {"rows/a.sql": "INSERT INTO users VALUES (1, 'a', '-');"})
    added = (
        "DELETE FROM users;\nINSERT INTO users VALUES (2, 'b', NULL);\n"
        "INSERT OR REPLACE INTO users VALUES (1, 'x', 'y');"
    )
    head = Snapshot.of("head", {"rows/b.sql": added})

    assert own_rows(base, head, plan) == (
        "INSERT INTO users VALUES (1, 'a', '-');",
        "INSERT INTO users VALUES (2, 'b', NULL);",
    )
