"""The engine in process and workerd, asked the same: what one allows the other allows too."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import product

import apsw
import pytest

from gatekeeper.migrations.engine import Database, Refusal, Value
from gatekeeper.migrations.engines import in_process
from gatekeeper.migrations.migration import Dialect
from gatekeeper.migrations.profile import D1
from tests.workerd import workerd_engine

Both = tuple[Database, Database]

PRAGMA_FORMS = (
    *("{p}", "{p}=1", "{p}=2", "{p}='off'", "{p}=yesterday", "{p}=-1", "{p}=null"),
    *("{p}(t)", "{p}('_cf_x')", "{p}(5)", "main.{p}", "temp.{p}", "{P}"),
)
ODD_NAMES = """
SELECT * FROM sqlite_temp_master; CREATE TABLE temp.x(a); CREATE TABLE main.x(a)
CREATE VIEW _cf_v AS SELECT 1; CREATE TABLE "_cf_"(a); DROP TABLE _cf_METADATA
CREATE TABLE x(a REFERENCES _cf_y(b)); WITH _cf_c AS (SELECT 1) SELECT * FROM _cf_c
ALTER TABLE t RENAME COLUMN a TO _cf_a; ALTER TABLE t RENAME TO _CF_t
CREATE TABLE _CF_KV AS SELECT 1
CREATE TABLE x(CONSTRAINT _cf_c CHECK (1)); REINDEX _cf_x; ANALYZE _cf_x; ANALYZE temp; DETACH temp
SELECT * FROM carray; SELECT * FROM dbstat; EXPLAIN DROP TABLE t; EXPLAIN PRAGMA user_version
ALTER TABLE t ALTER COLUMN a DROP NOT NULL; ALTER TABLE t DROP CONSTRAINT x
DELETE FROM sqlite_stat1
SELECT 1 COLLATE nosuch; SELECT "nosuch"; SELECT 'a; SELECT x'0; VACUUM main; ATTACH '' AS y
"""
SAMPLES = ("NULL", "-9223372036854775808", "0.1", "-0.0", "9e999", "'12é'", "x'00ff'", "'[1,2.50]'")
NOT_THE_SAME_TWICE = {
    *("random", "randomblob", "changes", "total_changes", "last_insert_rowid"),
    *("current_time", "current_date", "current_timestamp"),
}
# The SQLite 3.53 of this workerd gives NULL for an empty format, 3.54 an empty text.
OF_OTHER_VERSIONS = {"format", "printf"}
# apsw's SQLite is built with LIKE_DOESNT_MATCH_BLOBS.
BUILT_OTHERWISE = {"SELECT 'a' LIKE x'61'", "SELECT x'61' GLOB 'a'"}


@pytest.fixture(scope="module")
def both() -> Iterator[Both]:
    with workerd_engine().open() as real, in_process(Dialect.D1).open() as ours:
        for database in (real, ours):
            assert database.batch(["CREATE TABLE t(a)"]) is None
        yield real, ours


def functions() -> list[str]:
    listed = apsw.Connection(":memory:").execute("SELECT name FROM pragma_function_list")
    names = {str(name) for (name,) in listed} | D1.functions if D1.functions else set()
    return sorted(name for name in names if name.replace("_", "").isalnum())


def disagreements(both: Both, texts: list[str]) -> list[str]:
    real, ours = both
    start = real.save(), ours.save()
    found = []
    for text in texts:
        said = real.batch([text]), ours.batch([text])
        for database, refused, saved in zip(both, said, start, strict=True):
            if refused is None:
                database.restore(saved)
        if (said[0] is None) != (said[1] is None):
            found.append(text)
    return found


def test_the_same_functions_are_allowed(both: Both) -> None:
    real, ours = both
    # workerd prepares load_extension, and refuses it when it is run.
    calls = product(set(functions()) - {"load_extension"}, ("", "1", "1,1", "1,1,1"))
    texts = [f"SELECT {name}({given})" for name, given in calls]

    different = [
        text for text in texts if (real.prepare(text) is None) != (ours.prepare(text) is None)
    ]

    assert 500 < len(texts)
    assert [] == different


def test_the_same_pragmas_are_allowed(both: Both) -> None:
    names = [str(name) for (name,) in apsw.Connection(":memory:").execute("PRAGMA pragma_list")]
    forms = product([*names, "nosuch"], PRAGMA_FORMS)

    different = disagreements(
        both, [f"PRAGMA {form.format(p=p, P=p.upper())}" for p, form in forms]
    )

    assert [] == different


def test_the_same_virtual_tables_are_allowed(both: Both) -> None:
    listed = apsw.Connection(":memory:").execute("PRAGMA module_list")
    names = sorted({*(str(name) for (name,) in listed), "nosuch", "FTS5", "rtree_i32"})
    forms = ("CREATE VIRTUAL TABLE v USING {}(a,b,c)", "SELECT * FROM {}", "SELECT * FROM {}('t')")

    assert [] == disagreements(both, [form.format(name) for name, form in product(names, forms)])


def test_odd_names_and_statements_fare_the_same(both: Both) -> None:
    texts = [text.strip() for line in ODD_NAMES.splitlines() for text in line.split("; ")]
    texts = ["CREATE TRIGGER _cf_t AFTER INSERT ON t BEGIN SELECT 1; END", *filter(None, texts)]

    assert [] == disagreements(both, texts)


def exactly(answer: tuple[tuple[Value, ...], ...] | Refusal) -> list[tuple[str, Value]] | None:
    if isinstance(answer, Refusal):
        return None
    values = (value for row in answer for value in row)
    return [
        (type(value).__name__, struct.pack("<d", value) if isinstance(value, float) else value)
        for value in values
    ]


def test_functions_and_casts_give_the_same_values(both: Both) -> None:
    real, ours = both
    names = set(functions()) - NOT_THE_SAME_TWICE - OF_OTHER_VERSIONS
    texts = [f"SELECT {name}({sample})" for name, sample in product(sorted(names), SAMPLES)]
    texts += [f"SELECT {a} {b} {c}" for a, b, c in product(SAMPLES, ("+", "||", "->>"), SAMPLES)]
    types = ("INTEGER", "REAL", "TEXT", "NUMERIC")
    texts += [f"SELECT CAST({sample} AS {kind})" for sample, kind in product(SAMPLES, types)]

    different = [text for text in texts if exactly(real.query(text)) != exactly(ours.query(text))]

    assert [] == different


@pytest.mark.parametrize("text", sorted(BUILT_OTHERWISE))
def test_like_and_glob_of_a_blob_are_known_to_differ(both: Both, text: str) -> None:
    real, ours = both

    assert (((1,),), ((0,),)) == (real.query(text), ours.query(text))
