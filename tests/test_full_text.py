"""Full-text tables: what migrations do to their rows, to the ids of these, and to their index."""

from __future__ import annotations

import pytest

from gatekeeper.migrations.proven import Trouble
from tests.test_migration_attacks import LOST, proven, troubles

OWN = "CREATE VIRTUAL TABLE f USING fts5(x);"
POSTS = "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL);\n"
INDEX = "CREATE VIRTUAL TABLE f USING fts5(title, content='posts', content_rowid='id');\n"
KEPT = (
    "CREATE TRIGGER f_add AFTER INSERT ON posts BEGIN"
    " INSERT INTO f (rowid, title) VALUES (new.id, new.title); END;\n"
)
BY_TEXT = "CREATE TABLE posts (slug TEXT PRIMARY KEY, title TEXT NOT NULL);\n"
HARM = {
    "its rows get other ids": (
        (
            "CREATE VIRTUAL TABLE n USING fts5(x);\n"
            "INSERT INTO n (x) SELECT x FROM f ORDER BY x DESC;\n"
            "DROP TABLE f;\nALTER TABLE n RENAME TO f;"
        ),
        OWN,
    ),
    "its rows are taken": ("DELETE FROM f WHERE f MATCH 'gone';", OWN),
    "its index is made anew and left empty": (
        f"DROP TABLE f;\n{INDEX}",
        f"{POSTS}{INDEX}{KEPT}",
    ),
    "its index is emptied": (
        "INSERT INTO f (f) VALUES ('delete-all');",
        f"{POSTS}{INDEX}{KEPT}",
    ),
    "the rows that it indexes get other ids": (
        (
            "CREATE TABLE n (slug TEXT PRIMARY KEY, title TEXT NOT NULL);\n"
            "INSERT INTO n SELECT * FROM posts ORDER BY title DESC;\n"
            "DROP TABLE posts;\nALTER TABLE n RENAME TO posts;"
        ),
        BY_TEXT + INDEX.replace("'id'", "'rowid'") + KEPT.replace("new.id", "new.rowid"),
    ),
}


@pytest.mark.parametrize("case", HARM.values(), ids=HARM.keys())
def test_harm_to_a_full_text_table_is_seen(case: tuple[str, str]) -> None:
    up, before = case

    assert troubles(proven(up, before=before)) & LOST


HARMLESS = {
    "an index over what is there": (
        f"{INDEX}INSERT INTO f (f) VALUES ('rebuild');\n{KEPT}",
        "DROP TRIGGER f_add;\nDROP TABLE f;",
        POSTS,
    ),
    "an index that is made anew and filled": (
        f"DROP TABLE f;\n{INDEX}INSERT INTO f (rowid, title) SELECT id, title FROM posts;",
        "INSERT INTO f (f) VALUES ('rebuild');",
        f"{POSTS}{INDEX}{KEPT}",
    ),
    "rows that keep their ids": (
        (
            "CREATE VIRTUAL TABLE n USING fts5(x, tokenize = 'porter');\n"
            "INSERT INTO n (rowid, x) SELECT rowid, x FROM f;\n"
            "DROP TABLE f;\nALTER TABLE n RENAME TO f;"
        ),
        (
            "CREATE VIRTUAL TABLE n USING fts5(x);\n"
            "INSERT INTO n (rowid, x) SELECT rowid, x FROM f;\n"
            "DROP TABLE f;\nALTER TABLE n RENAME TO f;"
        ),
        OWN,
    ),
}


@pytest.mark.parametrize("case", HARMLESS.values(), ids=HARMLESS.keys())
def test_a_full_text_table_that_finds_its_rows_is_left_in_peace(
    case: tuple[str, str, str],
) -> None:
    found = proven(*case)

    assert (found.open, troubles(found) - {Trouble.REPEAT_FAILS}) == ((), set())
