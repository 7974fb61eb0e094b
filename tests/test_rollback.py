"""Ways back that are written for migrations: found, proven, and put where they belong."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.migrations.engines import in_process
from gatekeeper.migrations.migration import Chain, Dialect, Runner, Script
from gatekeeper.migrations.proof import Ask
from gatekeeper.migrations.rollback import Rollback, confirmed, rollback
from gatekeeper.migrations.way_back import ways_back
from tests.repositories import RepositoryBuilder, make_repository
from tests.stages import gatekeeper
from tests.test_migration_proof import HARM, HARMLESS, POSTS, REBUILT, USERS, migration
from tests.workerd import workerd_engine

WRANGLER = '{"name": "shop", "d1_databases": [{"binding": "DB", "database_name": "shop"}]}'
NOT_NULL = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b TEXT);"
AGAIN = {name: (case[0], case[1]) for name, case in HARMLESS.items()}
CYCLE = """
CREATE TABLE a (id INTEGER PRIMARY KEY, b REFERENCES b(id), writer REFERENCES users(id));
CREATE TABLE b (id INTEGER PRIMARY KEY, a REFERENCES a(id));
"""
LIKES = """
CREATE TABLE likes (
  id INTEGER PRIMARY KEY, who INTEGER REFERENCES users(id), what INTEGER NOT NULL,
  UNIQUE (who, what)
);
CREATE TABLE hates (
  id INTEGER PRIMARY KEY, who INTEGER REFERENCES users(id), whom INTEGER NOT NULL,
  UNIQUE (who, whom)
);
"""
RENAMED = """
ALTER TABLE hates RENAME TO crosses;
ALTER TABLE likes RENAME TO stars;
ALTER TABLE stars RENAME COLUMN who TO user_id;
ALTER TABLE crosses RENAME COLUMN who TO user_id;
ALTER TABLE users RENAME TO people;
ALTER TABLE people RENAME COLUMN age TO years;
"""
CODES = "CREATE TABLE t (id INTEGER PRIMARY KEY, code TEXT NOT NULL, name TEXT);"
CONFIG = "CREATE TABLE config (name TEXT PRIMARY KEY, value TEXT, at INTEGER NOT NULL);"
ENUM = """
CREATE TABLE jobs (id INTEGER PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('WAIT', 'RUN')));
CREATE TABLE logs (id INTEGER PRIMARY KEY, job INTEGER NOT NULL REFERENCES jobs(id));
"""
ENUM_WIDER = """
CREATE TABLE jobs_new (
  id INTEGER PRIMARY KEY,
  state TEXT NOT NULL CHECK (upper(state) IN ('DONE', 'WAIT', 'RUN'))
);
INSERT INTO jobs_new SELECT id, lower(state) FROM jobs;
CREATE TABLE logs_new (id INTEGER PRIMARY KEY, job INTEGER NOT NULL REFERENCES jobs_new(id));
INSERT INTO logs_new SELECT * FROM logs;
DROP TABLE logs;
DROP TABLE jobs;
ALTER TABLE jobs_new RENAME TO jobs;
ALTER TABLE logs_new RENAME TO logs;
"""
KEYLESS = """
CREATE TABLE u (a INTEGER PRIMARY KEY, b TEXT);
INSERT INTO u SELECT a, b FROM t;
DROP TABLE t;
ALTER TABLE u RENAME TO t;
"""
STARS = """
CREATE TABLE stars (
  post INTEGER REFERENCES posts(id),
  user INTEGER NOT NULL REFERENCES users(id),
  PRIMARY KEY (post, user)
);
"""
BACKED_UP = {
    "a dropped column": (USERS, "ALTER TABLE users DROP COLUMN age;"),
    "a dropped column that must not be NULL": (NOT_NULL, "ALTER TABLE t DROP COLUMN a;"),
    "a dropped table": (USERS, "DROP TABLE users;"),
    "rows that are deleted": (USERS, "DELETE FROM users WHERE age IS NULL;"),
    "values that are written over": (USERS, "UPDATE users SET name = upper(name);"),
    "a cast that loses": HARM["a cast that loses"][0][:2],
    "a parent rebuilt under children that cascade": (POSTS, REBUILT),
    "ids given anew": HARM["ids given anew"][0][:2],
    "rows that only some conditions meet": (USERS, "DELETE FROM users WHERE name = 'nobody';"),
    "values that no row met": (
        USERS,
        "UPDATE users SET age = 'old' WHERE name GLOB 'x*z' AND instr(name, 'yyy') > 3;",
    ),
    "a column that no two rows may share": (
        f"{CODES} CREATE UNIQUE INDEX codes ON t (code);",
        "DROP INDEX codes; ALTER TABLE t DROP COLUMN code;",
    ),
    "values whose old copy stands beside": (
        ENUM,
        "CREATE TABLE jobs_backup AS SELECT * FROM jobs;" + ENUM_WIDER,
    ),
    "rows that are put aside": (
        USERS,
        "CREATE TABLE old AS SELECT * FROM users; DELETE FROM users; ALTER TABLE users ADD b INT;",
    ),
    "rows that an earlier migration wrote": (
        f"{CONFIG} INSERT INTO config VALUES ('a', 'b', 1);",
        "UPDATE config SET value = 'c' WHERE name = 'a';",
    ),
    "a table without a key": ("CREATE TABLE t (a INTEGER, b TEXT);", KEYLESS),
    "rows that are made of others": (
        f"{USERS} CREATE TABLE notes (id INTEGER PRIMARY KEY, said TEXT);",
        "INSERT INTO notes (said) SELECT name FROM users;",
    ),
    "a dropped table that refers to one which has lost a column": (
        f"{POSTS} {STARS}",
        "DROP TABLE stars; ALTER TABLE users DROP COLUMN age;",
    ),
}
NULLABLE = (
    "CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT, b TEXT); INSERT INTO u SELECT * FROM t;"
    "DROP TABLE t; ALTER TABLE u RENAME TO t;"
)
NARROWED = (
    "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL);"
    "INSERT INTO posts SELECT id, title FROM p; DROP TABLE p;"
)
CHILDREN = """
CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT NOT NULL);
CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER NOT NULL REFERENCES a(id) ON DELETE CASCADE);
"""
LOOSER = """
CREATE TABLE c (id INTEGER PRIMARY KEY, x TEXT);
INSERT INTO c SELECT * FROM a;
CREATE TABLE d (id INTEGER PRIMARY KEY, a INTEGER NOT NULL REFERENCES c(id));
INSERT INTO d SELECT * FROM b;
DROP TABLE b;
DROP TABLE a;
ALTER TABLE c RENAME TO a;
ALTER TABLE d RENAME TO b;
"""
MORE = {
    "rows of the moment": (CONFIG, "INSERT INTO config VALUES ('a', 'b', unixepoch() * 1000);"),
    "rows of chance": (
        CONFIG,
        "INSERT INTO config VALUES ('a', hex(randomblob(8)), 1), ('b', datetime(), 2);",
    ),
    "rows with a number that is given": (
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT);",
        "INSERT INTO t (a) VALUES ('the first'), ('the second');",
    ),
    "columns of tables around a cycle": (
        f"{POSTS} {CYCLE}",
        "ALTER TABLE users ADD COLUMN more TEXT; ALTER TABLE a ADD COLUMN more TEXT;",
    ),
    "a row that others will refer to": (POSTS, "INSERT INTO users (name) VALUES ('system');"),
    "renamed tables and columns with a rule of their own": (f"{USERS} {LIKES}", RENAMED),
    "a condition that allows more": (
        ENUM,
        ENUM_WIDER.replace("upper(state)", "state").replace("lower(state)", "state"),
    ),
    "what is not there": (USERS, "DROP TABLE IF EXISTS nobody;"),
    "a column that may be NULL now": (NOT_NULL, NULLABLE),
    "two tables that refer to each other": (CHILDREN, LOOSER),
}


def way_back(before: str, up: str) -> Rollback:
    with in_process(Dialect.D1).open() as database:
        assert database.apply(Script("before.sql", before)) is None
        return rollback(database, migration(2, up, None), Ask())


@pytest.mark.parametrize("case", (AGAIN | MORE).values(), ids=(AGAIN | MORE).keys())
def test_what_takes_nothing_away_is_undone(case: tuple[str, str]) -> None:
    found = way_back(*case)

    assert (bool(found.down), found.backup) == (True, "")


@pytest.mark.parametrize("case", BACKED_UP.values(), ids=BACKED_UP.keys())
def test_what_takes_something_away_is_undone_from_a_backup_table(case: tuple[str, str]) -> None:
    found = way_back(*case)

    assert found.backup.startswith('CREATE TABLE "_before_0002_step_')
    assert (bool(found.down), bool(found.lost)) == (True, True)


@pytest.mark.parametrize("name", ["a table without a key", "a dropped column"])
def test_a_second_engine_proves_it_as_well(name: str) -> None:
    steps = (migration(1, BACKED_UP[name][0], "x"), migration(2, BACKED_UP[name][1], None))
    chain = Chain(Runner.WRANGLER, "migrations", Dialect.D1, steps)

    (found,) = ways_back(chain, "", "", workerd_engine())

    assert (bool(found.found.down), " and workerd " in found.engine) == (True, True)


def test_what_a_second_engine_does_not_show_is_not_offered() -> None:
    up = migration(2, "UPDATE users SET name = upper(name);", None)
    found = Rollback(up.name, down="UPDATE users SET name = lower(name);")
    with workerd_engine().open() as database:
        database.apply(Script("before.sql", USERS))
        told = confirmed(database, "workerd", up, found, Ask())

    assert (told.down, told.why[0].startswith("on workerd: the way back does not restore")) == (
        "",
        True,
    )


def test_a_new_row_that_a_migration_adds_is_taken_out_again() -> None:
    before = "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT);"
    found = way_back(before, "INSERT INTO settings VALUES ('it''s', NULL);")

    assert found.down == (
        'DELETE FROM "settings" WHERE "name" IS \'it\'\'s\' AND "value" IS NULL;\n'
    )


def test_what_cannot_be_undone_is_said_with_the_reason() -> None:
    before = POSTS.replace("user_id INTEGER", "user_id INTEGER NOT NULL")
    found = way_back(before, "ALTER TABLE posts RENAME TO p;" + NARROWED)

    assert found.down == ""
    assert "posts.user_id: the column is gone" in found.lost
    assert "the way back does not apply once new rows were written" in found.why[-1]


@pytest.fixture
def shop(tmp_path: Path) -> RepositoryBuilder:
    repository = make_repository(tmp_path / "shop")
    repository.write_all({"wrangler.jsonc": WRANGLER, "migrations/0001_users.sql": USERS})
    repository.commit()
    return repository


def written(shop: RepositoryBuilder, path: str) -> str:
    return (shop.path / path).read_text(encoding="utf-8")


def test_each_migration_without_a_way_back_is_shown_one(shop: RepositoryBuilder) -> None:
    told = gatekeeper(shop, "rollback")

    assert (told.status, told.out.splitlines()[0]) == (
        0,
        "migrations/0001_users.sql: a way back, proven on SQLite under D1's rules 3.54.1",
    )
    assert '    DROP TABLE "users";' in told.out.splitlines()
    assert not (shop.path / "migrations/down").exists()


def test_a_way_back_is_written_into_its_folder_and_never_twice(shop: RepositoryBuilder) -> None:
    gatekeeper(shop, "rollback", "0001", "--write")
    again = gatekeeper(shop, "rollback")

    assert written(shop, "migrations/down/0001_users.sql").endswith('\nDROP TABLE "users";\n')
    assert again.out == "every migration has a way back; `gatekeeper check` proves them\n"


def test_a_migration_that_is_not_committed_is_given_its_backup(shop: RepositoryBuilder) -> None:
    file = shop.path / "migrations/0002_no_age.sql"
    file.write_text("ALTER TABLE users DROP COLUMN age;\n", encoding="utf-8")

    told = gatekeeper(shop, "rollback", "0002_no_age.sql", "--write")

    assert (told.status, file.read_text(encoding="utf-8").splitlines()) == (
        0,
        [
            'CREATE TABLE "_before_0002_no_age_users" AS SELECT "id", "age" FROM "users";',
            "ALTER TABLE users DROP COLUMN age;",
        ],
    )
    assert 'DROP TABLE "_before_0002_no_age_users";' in written(
        shop, "migrations/down/0002_no_age.sql"
    )


def test_a_committed_migration_is_never_written_to(shop: RepositoryBuilder) -> None:
    shop.write("migrations/0002_no_age.sql", "ALTER TABLE users DROP COLUMN age;\n")
    shop.commit()

    told = gatekeeper(shop, "rollback", "0002", "--write")

    assert (told.status, "not written: migrations/0002_no_age.sql is committed" in told.out) == (
        3,
        True,
    )
    assert written(shop, "migrations/0002_no_age.sql") == "ALTER TABLE users DROP COLUMN age;\n"


def test_a_migration_that_is_not_there_is_an_error(shop: RepositoryBuilder) -> None:
    told = gatekeeper(shop, "rollback", "0009")

    assert (told.status, told.err) == (
        2,
        "gatekeeper: there is no migration 0009; name it as its file is called\n",
    )


def test_nothing_is_written_through_a_link_out_of_the_repository(
    shop: RepositoryBuilder, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (shop.path / "migrations/down").symlink_to(outside)

    told = gatekeeper(shop, "rollback", "0001", "--write")

    assert (told.status, list(outside.iterdir())) == (2, [])
