"""Conditions that no made row meets, rows that are like others, and what harms neither."""

from __future__ import annotations

import pytest

from gatekeeper.migrations.proven import Trouble
from tests.test_migration_attacks import LOST, USERS, proven, rebuilt, troubles

HIDDEN = {
    "a computed remainder": "DELETE FROM users WHERE unicode(name) * 31 % 1000003 = 5;",
    "a product": "DELETE FROM users WHERE score * level = 9973;",
    "a name put together": "DELETE FROM users WHERE name = 'go' || 'ne';",
    "a name by its letters": "DELETE FROM users WHERE name = char(103, 111);",
    "a sum of constants": "UPDATE users SET name = 'x' WHERE score = 40 * 1000 + 7;",
    "bits of the id": "DELETE FROM users WHERE rowid & 1 AND rowid > 5000000;",
    "a thousand rows": "DELETE FROM users WHERE (SELECT count(*) FROM users) > 1000;",
    "no row elsewhere": "DELETE FROM users WHERE NOT EXISTS (SELECT 1 FROM posts);",
    "a pragma": "DELETE FROM users WHERE (SELECT foreign_keys FROM pragma_foreign_keys) = 0;",
    "a table that is elsewhere": (
        "DELETE FROM users WHERE EXISTS (SELECT 1 FROM pragma_table_info('orders'));"
    ),
    "a literal in a common table": (
        "WITH k AS (SELECT 'go' AS a, 'ne' AS b)"
        " DELETE FROM users WHERE status = (SELECT a || b FROM k);"
    ),
    "a copy with a computed filter": rebuilt(
        "id, name, status", "id, name, status", "WHERE id * 31 % 1000003 <> 5"
    ),
    "a copy with a high limit": rebuilt("id, name, status", "id, name, status", "LIMIT 100000"),
    "a backup with a high limit": (
        "CREATE TABLE bk AS SELECT * FROM users LIMIT 100000;\nDELETE FROM users;"
    ),
    "a value that is computed": "UPDATE users SET name = ifnull(nullif(name, 'go' || 'ne'), '?');",
    "a case that is computed": (
        "UPDATE users SET name = CASE WHEN id * 31 % 1000003 = 5 THEN 'x' ELSE name END;"
    ),
    "a copy of a filtered table": rebuilt(
        "id, name",
        "id, name",
        "AS u JOIN (SELECT id AS i FROM users WHERE id * 7 <> 9973) ON i = id",
    ),
}


@pytest.mark.parametrize("up", HIDDEN.values(), ids=HIDDEN.keys())
def test_a_condition_that_no_row_meets_stays_open(up: str) -> None:
    found = proven(up)

    assert [each.rpartition(": name other")[2] for each in found.open] == [" rows under `rows`"]


KEYED = "CREATE TABLE k (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b TEXT);"
NAMED = "CREATE TABLE k (id INTEGER PRIMARY KEY, a TEXT NOT NULL UNIQUE, b TEXT);"
SETTINGS = "CREATE TABLE k (name TEXT PRIMARY KEY, value TEXT NOT NULL, note TEXT);"


def again(columns: str, how: str = "INSERT OR IGNORE") -> str:
    """The table `k` made anew with other columns."""
    return (
        f"CREATE TABLE n ({columns});\n{how} INTO n SELECT * FROM k;\n"
        "DROP TABLE k;\nALTER TABLE n RENAME TO k;"
    )


ALIKE = {
    "rows that are equal but for the key": (
        "DELETE FROM k WHERE id NOT IN (SELECT min(id) FROM k GROUP BY a, b);",
        KEYED,
    ),
    "rows that are equal but for the case": (
        (
            "DELETE FROM k WHERE EXISTS"
            " (SELECT 1 FROM k AS o WHERE lower(o.a) = lower(k.a) AND o.id < k.id);"
        ),
        NAMED,
    ),
    "rows that a new unique constraint ignores": (
        again("id INTEGER PRIMARY KEY, a TEXT, b TEXT, UNIQUE (a, b)"),
        KEYED,
    ),
    "rows that a new unique constraint replaces": (
        again("id INTEGER PRIMARY KEY, a TEXT UNIQUE, b TEXT", "INSERT OR REPLACE"),
        KEYED,
    ),
    "rows that a constraint itself ignores": (
        again("id INTEGER PRIMARY KEY, a TEXT UNIQUE ON CONFLICT IGNORE, b TEXT", "INSERT"),
        KEYED,
    ),
    "rows that a collation takes for equal": (
        again("id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE UNIQUE, b TEXT"),
        NAMED,
    ),
    "rows that blanks alone tell apart": (
        again("id INTEGER PRIMARY KEY, a TEXT COLLATE RTRIM UNIQUE, b TEXT"),
        NAMED,
    ),
    "rows that a new check ignores": (
        again("id INTEGER PRIMARY KEY, a TEXT CHECK (length(a) < 200), b TEXT"),
        NAMED,
    ),
    "a row that is replaced by its key": (
        "INSERT OR REPLACE INTO k (name, value) VALUES ('theme', 'dark');",
        SETTINGS,
    ),
    "a row that is replaced by the order of columns": (
        "REPLACE INTO k VALUES ('size', '3', NULL), ('theme', 'dark', 'x');",
        SETTINGS,
    ),
    "a row that an upsert writes over": (
        (
            "INSERT INTO k (name, value) VALUES ('theme', 'dark')"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value;"
        ),
        SETTINGS,
    ),
}


@pytest.mark.parametrize("case", ALIKE.values(), ids=ALIKE.keys())
def test_rows_that_are_like_others_are_not_lost_unseen(case: tuple[str, str]) -> None:
    up, before = case

    assert troubles(proven(up, before=before)) & LOST


SHOP = (
    "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, role TEXT NOT NULL,"
    " first TEXT, last TEXT);\n"
    "CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER, title TEXT NOT NULL,"
    " category TEXT, published INTEGER NOT NULL DEFAULT 0);\n"
    "CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT);"
)
POSTS = (
    "CREATE TABLE n (id INTEGER PRIMARY KEY, user_id INTEGER, title TEXT NOT NULL,"
    " category TEXT, published INTEGER NOT NULL DEFAULT 0, email TEXT);\n"
    "INSERT {how} INTO n SELECT {source};\nDROP TABLE posts;\nALTER TABLE n RENAME TO posts;"
)
NO_EMAIL = "ALTER TABLE posts DROP COLUMN email;"
HARMLESS = {
    "a new column filled by a condition": (
        (
            "ALTER TABLE users ADD COLUMN active INTEGER NOT NULL DEFAULT 1;\n"
            "UPDATE users SET active = 1 WHERE active IS NULL;"
        ),
        "ALTER TABLE users DROP COLUMN active;",
    ),
    "a new column filled from a table that no foreign key names": (
        (
            "ALTER TABLE posts ADD COLUMN email TEXT;\n"
            "UPDATE posts SET email = u.email FROM users AS u WHERE u.id = posts.user_id;"
        ),
        NO_EMAIL,
    ),
    "a column moved into a table of its own": (
        (
            "CREATE TABLE cats (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);\n"
            "INSERT OR IGNORE INTO cats (name) SELECT DISTINCT category FROM posts"
            " WHERE category IS NOT NULL;\n"
            "ALTER TABLE posts ADD COLUMN cat_id INTEGER REFERENCES cats (id);\n"
            "UPDATE posts SET cat_id = (SELECT id FROM cats WHERE cats.name = posts.category);"
        ),
        "ALTER TABLE posts DROP COLUMN cat_id;\nDROP TABLE cats;",
    ),
    "a rebuild with an outer join": (
        POSTS.format(
            how="", source="posts.*, u.email FROM posts LEFT JOIN users u ON u.id = user_id"
        ),
        NO_EMAIL,
    ),
    "a rebuild with a value looked up": (
        POSTS.format(
            how="",
            source="posts.*, (SELECT email FROM users u WHERE u.id = user_id) FROM posts WHERE 1",
        ),
        NO_EMAIL,
    ),
    "a rebuild that ignores what is there": (
        POSTS.format(how="OR IGNORE", source="*, NULL FROM posts ORDER BY id"),
        NO_EMAIL,
    ),
    "rows kept aside and changed by what was kept": (
        (
            "CREATE TABLE bk (id INTEGER PRIMARY KEY, role TEXT NOT NULL);\n"
            "INSERT INTO bk SELECT id, role FROM users WHERE role = 'root';\n"
            "UPDATE users SET role = 'admin' WHERE id IN (SELECT id FROM bk);"
        ),
        (
            "UPDATE users SET role = (SELECT role FROM bk WHERE bk.id = users.id)"
            " WHERE id IN (SELECT id FROM bk);\nDROP TABLE bk;"
        ),
    ),
    "a row that is there only if nobody has one": (
        "INSERT OR IGNORE INTO settings (key, value) VALUES ('theme', 'dark');",
        "DELETE FROM settings WHERE key = 'theme' AND value = 'dark';",
    ),
    "rows kept aside by a condition, and taken": (
        (
            "CREATE TABLE bk (id INTEGER PRIMARY KEY, user_id INTEGER, title TEXT NOT NULL,"
            " category TEXT, published INTEGER NOT NULL);\n"
            "INSERT INTO bk SELECT * FROM posts WHERE published = 0;\n"
            "DELETE FROM posts WHERE published = 0;"
        ),
        "INSERT INTO posts SELECT * FROM bk;\nDROP TABLE bk;",
    ),
    "an update that only makes a trigger fire": (
        (
            "CREATE TABLE log (id INTEGER PRIMARY KEY, post INTEGER);\n"
            "CREATE TRIGGER t AFTER UPDATE ON posts BEGIN"
            " INSERT INTO log (post) VALUES (new.id); END;\n"
            "UPDATE posts SET title = title;"
        ),
        "DROP TRIGGER t;\nDROP TABLE log;",
    ),
    "an upsert into a table of its own": (
        (
            "CREATE TABLE kv (k TEXT PRIMARY KEY, v TEXT);\n"
            "INSERT INTO kv VALUES ('a', 'b') ON CONFLICT (k) DO UPDATE SET v = excluded.v;"
        ),
        "DROP TABLE kv;",
    ),
}
QUIET = {Trouble.REPEAT_FAILS, Trouble.REPEAT_CHANGES}


@pytest.mark.parametrize("case", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_harms_no_row_leaves_nothing_open(case: tuple[str, str]) -> None:
    found = proven(*case, before=SHOP)

    assert (found.open, troubles(found) - QUIET) == ((), set())


BACKUP = "CREATE TABLE bk AS SELECT * FROM k;\nDROP TABLE k;"
RESTORED = KEYED + "\nINSERT INTO k SELECT * FROM bk {};\nDROP TABLE bk;"
HIDDEN_BACK = {
    "rows of a computed id": (
        "ALTER TABLE k ADD COLUMN c TEXT;",
        "DELETE FROM k WHERE id > 1000000 AND id % 7919 = 3;\nALTER TABLE k DROP COLUMN c;",
    ),
    "what is beyond a limit": (BACKUP, RESTORED.format("LIMIT 1000")),
    "what a computed condition leaves out": (BACKUP, RESTORED.format("WHERE id * 31 % 10007 <> 5")),
}


@pytest.mark.parametrize("case", HIDDEN_BACK.values(), ids=HIDDEN_BACK.keys())
def test_a_way_back_that_takes_by_what_no_row_shows_stays_open(case: tuple[str, str]) -> None:
    assert len(proven(*case, before=KEYED).open) == 1


SILENT = {
    "ignores every row": "CREATE TRIGGER t BEFORE INSERT ON posts BEGIN SELECT RAISE(IGNORE); END;",
    "takes every row": (
        "CREATE TRIGGER t AFTER INSERT ON posts BEGIN DELETE FROM posts WHERE id = new.id; END;"
    ),
}


@pytest.mark.parametrize("up", SILENT.values(), ids=SILENT.keys())
def test_a_trigger_that_lets_nobody_write_without_a_word_is_found(up: str) -> None:
    assert Trouble.ROWS_LOST in troubles(proven(up, "DROP TRIGGER t;"))


def test_ids_are_given_again_where_the_ledger_of_ids_is_emptied() -> None:
    before = "CREATE TABLE k (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT);"

    emptied = proven("DELETE FROM sqlite_sequence;", before=before)
    hidden = proven("DELETE FROM sqlite_sequence WHERE seq > 1000000;", before=before)

    assert (Trouble.IDS_GIVEN_AGAIN in troubles(emptied), len(hidden.open)) == (True, 1)


def test_a_condition_that_the_projects_tables_meet_by_a_link_is_seen() -> None:
    found = proven("DELETE FROM posts WHERE title IN (SELECT name FROM users);", before=USERS)

    assert troubles(found) & LOST
