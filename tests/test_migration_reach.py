"""A table that no statement names and that changes all the same is seen, whichever rows show it."""

from __future__ import annotations

import pytest

from gatekeeper.migrations import course
from gatekeeper.migrations.engines import in_process
from gatekeeper.migrations.migration import Dialect, Script
from gatekeeper.migrations.proven import Proven, Trouble
from gatekeeper.migrations.reach import around, reached
from gatekeeper.migrations.schema import Schemas
from tests.test_migration_proof import HARM, HARMLESS, proven

A = "CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER NOT NULL);\n"
B = "CREATE TABLE b (id INTEGER PRIMARY KEY, v INTEGER, w TEXT);\n"
FAR = "CREATE TABLE far (id INTEGER PRIMARY KEY, v TEXT);\n"
AB = f"{A}{B}{FAR}"
CHILD = "CREATE TABLE b (id INTEGER PRIMARY KEY, v INTEGER, a_id INTEGER NOT NULL REFERENCES a(id)"
HUGE = "v > 9000000000000000000"
TOUCHED = "UPDATE a SET n = n;"

CHANGES = {
    "by a trigger": (
        f"{AB}CREATE TRIGGER t AFTER UPDATE ON a BEGIN DELETE FROM b; END;",
        TOUCHED,
        (Trouble.ROWS_LOST, "b"),
    ),
    "by a trigger, and only where a value is huge": (
        f"{AB}CREATE TRIGGER t AFTER UPDATE ON a BEGIN UPDATE b SET v = 1 WHERE {HUGE}; END;",
        TOUCHED,
        (Trouble.VALUES_CHANGED, "b.v"),
    ),
    "by a trigger of a trigger, and only where a value is huge": (
        (
            f"{AB}CREATE TABLE c (id INTEGER PRIMARY KEY, m INTEGER);\n"
            "CREATE TRIGGER t AFTER UPDATE ON a BEGIN UPDATE c SET m = m; END;\n"
            f"CREATE TRIGGER u AFTER UPDATE ON c BEGIN UPDATE b SET v = 1 WHERE {HUGE}; END;"
        ),
        TOUCHED,
        (Trouble.VALUES_CHANGED, "b.v"),
    ),
    "by a trigger INSTEAD OF, and only where a value is huge": (
        (
            f"{AB}CREATE VIEW seen AS SELECT id, n FROM a;\n"
            "CREATE TRIGGER t INSTEAD OF UPDATE ON seen BEGIN"
            f" UPDATE b SET v = 1 WHERE {HUGE}; END;"
        ),
        "UPDATE seen SET n = n;",
        (Trouble.VALUES_CHANGED, "b.v"),
    ),
    "by a trigger that the migration makes": (
        AB,
        "CREATE TRIGGER t AFTER UPDATE ON a BEGIN DELETE FROM b; END;\nUPDATE a SET n = n;",
        (Trouble.ROWS_LOST, "b"),
    ),
    "by a cascade": (
        f"{A}{CHILD} ON DELETE CASCADE);\n{FAR}",
        "DELETE FROM a;",
        (Trouble.ROWS_LOST, "b"),
    ),
    "by a cascade to a grandchild without row ids": (
        (
            f"{A}{CHILD} ON DELETE CASCADE);\n{FAR}CREATE TABLE c (k TEXT PRIMARY KEY,"
            " b_id INTEGER REFERENCES b(id) ON DELETE CASCADE) WITHOUT ROWID;"
        ),
        "DELETE FROM a;",
        (Trouble.ROWS_LOST, "c"),
    ),
    "by a parent that is dropped": (
        f"{A}{CHILD} ON DELETE CASCADE);\n{FAR}",
        "CREATE TABLE n AS SELECT * FROM a;\nDROP TABLE a;\nALTER TABLE n RENAME TO a;",
        (Trouble.ROWS_LOST, "b"),
    ),
    "by a key that moves": (
        f"{A}{CHILD} ON UPDATE CASCADE);\n{FAR}",
        "UPDATE a SET id = id + 5000000;",
        (Trouble.VALUES_CHANGED, "b.a_id"),
    ),
    "by a parent that is gone, which sets NULL": (
        (
            f"{A}{FAR}CREATE TABLE b (id INTEGER PRIMARY KEY, v INTEGER,"
            " a_id INTEGER REFERENCES a(id) ON DELETE SET NULL);"
        ),
        "DELETE FROM a WHERE id > 2;",
        (Trouble.VALUES_CHANGED, "b.a_id"),
    ),
    "by a row that another one replaces": (
        f"{A}{CHILD} ON DELETE CASCADE);\n{FAR}",
        "INSERT OR REPLACE INTO a SELECT id, n FROM a;",
        (Trouble.ROWS_LOST, "b"),
    ),
    "by a key that is checked at the end": (
        f"{A}{CHILD} DEFERRABLE INITIALLY DEFERRED);\n{FAR}",
        "DELETE FROM a;",
        (Trouble.FAILS_ON_ROWS, "FOREIGN_KEY"),
    ),
    "of which only the ids are forgotten": (
        f"{AB}CREATE TABLE c (id INTEGER PRIMARY KEY AUTOINCREMENT, x TEXT);",
        "DELETE FROM sqlite_sequence;",
        (Trouble.IDS_GIVEN_AGAIN, "c"),
    ),
    "whose name another one takes": (
        AB,
        "ALTER TABLE a RENAME TO x;\nALTER TABLE b RENAME TO a;\nALTER TABLE x RENAME TO b;",
        (Trouble.REPEAT_CHANGES, ""),
    ),
    "by a virtual table, which writes to others when it is used": (
        (
            f"{B}{FAR}CREATE VIRTUAL TABLE found USING fts5(w, content='b', content_rowid='id');\n"
            "CREATE TRIGGER t AFTER DELETE ON far BEGIN DELETE FROM b; END;"
        ),
        "DELETE FROM far WHERE id = 1;",
        (Trouble.ROWS_LOST, "b"),
    ),
}


@pytest.mark.parametrize("case", CHANGES.values(), ids=CHANGES.keys())
def test_a_table_that_no_statement_names_is_seen_to_change(
    case: tuple[str, str, tuple[Trouble, str]],
) -> None:
    before, up, expected = case

    assert expected in _told(proven(before, up, None))


def test_with_rows_in_every_table_a_proof_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = {
        **{name: (before, up, None) for name, (before, up, _) in CHANGES.items()},
        **{name: case for name, (case, _) in HARM.items()},
        **HARMLESS,
    }
    near = {name: _told(proven(*case)) for name, case in cases.items()}
    monkeypatch.setattr(course, "reached", lambda *_: None)
    everywhere = {name: _told(proven(*case)) for name, case in cases.items()}

    assert everywhere == near


REACHED = {
    "a column is added": ("ALTER TABLE a ADD COLUMN x;", {"a"}),
    "an index is made": ("CREATE UNIQUE INDEX i ON b (v);", {"b"}),
    "a table is made": ("CREATE TABLE n (x UNIQUE);", {"n"}),
    "rows are copied": ("INSERT INTO a SELECT id, v FROM b WHERE v > 1;", {"a", "b"}),
    "a table is rebuilt": (
        (
            "PRAGMA defer_foreign_keys = ON;\nCREATE TABLE n (id INTEGER PRIMARY KEY, v, w);\n"
            "INSERT INTO n SELECT * FROM b;\nDROP TABLE b;\nALTER TABLE n RENAME TO b;"
        ),
        {"b", "n"},
    ),
    "a list is read": ("INSERT INTO a SELECT value, 1 FROM json_each('[7, 9]');", {"a"}),
}


@pytest.mark.parametrize("case", REACHED.values(), ids=REACHED.keys())
def test_what_a_script_reaches_is_known(case: tuple[str, set[str]]) -> None:
    assert _reached(AB, case[0]) == frozenset(case[1])


ANYWHERE = {
    "a pragma": "PRAGMA optimize;",
    "the statistics": "ANALYZE;",
    "every index": "CREATE INDEX i ON a (n);\nREINDEX;\nDROP INDEX i;",
    "a table of the engine": "INSERT INTO a SELECT 1, count(*) FROM pragma_table_list;",
    "a virtual table": "CREATE VIRTUAL TABLE f USING fts5(x);",
    "one that is gone again": "CREATE VIRTUAL TABLE f USING fts5(x);\nDROP TABLE f;",
    "a name that is given in between": (
        "ALTER TABLE b RENAME TO c;\nUPDATE c SET v = 1;\nALTER TABLE c RENAME TO b;"
    ),
}


@pytest.mark.parametrize("up", ANYWHERE.values(), ids=ANYWHERE.keys())
def test_a_script_that_asks_for_anything_else_may_reach_every_table(up: str) -> None:
    assert _reached(AB, up) is None


def test_what_rows_need_and_bring_about_is_around_them() -> None:
    made = (
        "CREATE TABLE parent (id INTEGER PRIMARY KEY);\n"
        "CREATE TABLE it (id INTEGER PRIMARY KEY, p INTEGER REFERENCES parent(id));\n"
        "CREATE TABLE other (id INTEGER PRIMARY KEY);\nCREATE TABLE log (x);\n"
        "CREATE TABLE deep (x);\nCREATE TABLE far (x);\n"
        "CREATE TABLE child (i REFERENCES it(id), o REFERENCES other(id));\n"
        "CREATE VIEW logged AS SELECT x FROM 'log';\n"
        "CREATE TRIGGER t AFTER INSERT ON parent BEGIN INSERT INTO logged VALUES (1); END;\n"
        'CREATE TRIGGER u INSTEAD OF INSERT ON logged BEGIN INSERT INTO "deep" VALUES (1); END;\n'
    )
    with in_process(Dialect.D1).open() as database:
        assert database.apply(Script("made.sql", made)) is None
        schema = Schemas(database).now()

    found = around(frozenset({"it"}), (schema,))

    assert found == {"it", "parent", "child", "other", "log", "logged", "deep"}


def _told(found: Proven) -> frozenset[tuple[Trouble, str]]:
    return frozenset((each.trouble, each.subject) for each in found.failings)


def _reached(before: str, up: str) -> frozenset[str] | None:
    """The tables that a script reaches on a database that another one has made."""
    with in_process(Dialect.D1).open() as database:
        assert database.apply(Script("before.sql", before)) is None
        schemas = Schemas(database)
        through = [schemas.now()]
        assert database.apply(Script("up.sql", up)) is None
        return reached(database.asked(), (*through, schemas.now()))
