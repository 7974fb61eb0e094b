"""The SQL in Python code: which strings are taken for it, and what constants make of them."""

from __future__ import annotations

import sqlite3
import textwrap
import time
from collections.abc import Callable
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.migrations.queries import Query, gathered
from gatekeeper.migrations.query_pieces import Piece, constant, formatted, percented, said
from gatekeeper.migrations.query_shape import Reads, is_template, reads
from gatekeeper.snapshot import Snapshot

NAMES = st.text("abcdefgh", min_size=1, max_size=8).map("{}_x".format)


def queries(code: str, **more: str) -> tuple[Query, ...]:
    files = {"a.py": textwrap.dedent(code), **more}
    return gathered(Snapshot.of("a tree", files)).queries


def texts(code: str) -> list[str]:
    return [each.text for each in queries(code)]


@given(st.text())
def test_any_text_reads_as_something(text: str) -> None:
    assert isinstance(reads(text, handed=False), Reads)
    assert isinstance(reads(text, handed=True), Reads)
    assert is_template(text) in ("", "%s", "{…}")


@given(NAMES, st.lists(NAMES, min_size=1, max_size=5), st.booleans())
def test_a_query_in_capitals_reads_as_sql_whatever_its_names(
    table: str, columns: list[str], handed: bool
) -> None:
    listed = ", ".join(columns)
    statements = (
        f"SELECT {listed} FROM {table}",
        f"INSERT INTO {table} ({listed}) VALUES (?)",
        f"UPDATE {table} SET {columns[0]} = ?",
        f"DELETE FROM {table} WHERE {columns[0]} = ?",
        f"CREATE TABLE {table} ({listed})",
        f"ALTER TABLE {table} ADD COLUMN {columns[0]}",
        f"DROP TABLE {table}",
        f"WITH {table} AS (SELECT 1) SELECT * FROM {table}",
    )

    assert [Reads.SQL] * len(statements) == [reads(each, handed=handed) for each in statements]


@pytest.mark.parametrize(
    ("verb", "preposition"),
    [("Select", "from"), ("Insert", "into"), ("Delete", "from"), ("Update", "in"), ("Drop", "on")],
)
@pytest.mark.parametrize("article", ["the", "a", "your", "this"])
def test_a_sentence_reads_as_no_sql(verb: str, preposition: str, article: str) -> None:
    sentences = (
        f"{verb} an item {preposition} {article} list.",
        f"{verb} items {preposition} {article} list",
        f"{verb.upper()} {preposition.upper()} {article.upper()} LIST",
    )

    assert [Reads.NOT] * len(sentences) == [reads(each, handed=False) for each in sentences]


@given(st.lists(st.text("ab ?,", max_size=5), min_size=1, max_size=6))
def test_constants_fold_as_python_folds_them(parts: list[str]) -> None:
    whole = "SELECT 1 FROM t WHERE a IN (" + "".join(parts)
    joined = " + ".join(["'SELECT 1 FROM t WHERE a IN ('", *map(repr, parts)])

    assert [whole] == texts(f"Q = {joined}")
    assert [whole] == texts(f"P = {''.join(parts)!r}\nQ = f'SELECT 1 FROM t WHERE a IN ({{P}}'")


@given(st.text("ab{}%s()0 ", max_size=12), st.lists(st.text("xyz", max_size=3), max_size=3))
def test_what_format_and_percent_make_is_what_python_makes_of_it(
    text: str, given_: list[str]
) -> None:
    options = [said(each) for each in given_]

    for made, expected in (
        (formatted(text, options, {}), _or_none(str.format, text, *given_)),
        (percented(text, options, {}), _or_none(str.__mod__, text, tuple(given_))),
    ):
        assert expected is None or constant(made[0]) in (expected, None)


def _or_none(make: Callable[..., str], *given_: object) -> str | None:
    """What Python makes of it; None where it refuses."""
    try:
        return make(*given_)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError):
        return None


@pytest.mark.parametrize(
    ("code", "holes"),
    [
        ('x.execute(f"SELECT a FROM {table}")', ("table",)),
        ('x.execute("SELECT a FROM " + self.table)', ("self.table",)),
        ('x.execute("SELECT a FROM %s" % name())', ("name(…)",)),
        ('x.execute("SELECT a FROM {}".format(table))', ("table",)),
        ('def f(t):\n    t = "steps"\n    x.execute(f"SELECT a FROM {t}")', ("t",)),
        ('Q = "SELECT a FROM {table}"', ("{…}",)),
        ('Q = "SELECT a FROM t WHERE b = %s"', ("%s",)),
        ('for t in ts:\n    x.execute(f"SELECT a FROM {t}")', ("t",)),
    ],
)
def test_what_is_not_constant_is_named(code: str, holes: tuple[str, ...]) -> None:
    assert [holes] == [each.holes for each in queries(code)]


def test_a_name_means_what_its_scope_says() -> None:
    code = """
        T = "outer"
        class A:
            T = "of_class"
            def f(self, x):
                return x.execute(f"SELECT a FROM {self.T}"), x.execute(f"SELECT a FROM {T}")
            def g(self, x):
                T = "inner"
                return x.execute(f"SELECT a FROM {T}")
    """

    assert ["SELECT a FROM of_class", "SELECT a FROM outer", "SELECT a FROM inner"] == texts(code)


def test_a_query_stands_at_its_place_in_its_function() -> None:
    code = """
        class A:
            async def f(self, db):
                return await rows(db, "SELECT a FROM t")
    """

    (query,) = queries(code)

    assert ("a.py", 4, 31, "A.f", "") == (
        query.path,
        query.line,
        query.column,
        query.symbol,
        query.via,
    )


def test_a_string_that_is_part_of_a_longer_one_is_not_taken_alone() -> None:
    code = 'x.execute("SELECT a FROM t" + " WHERE b = 1" " AND c = 2")'

    assert ["SELECT a FROM t WHERE b = 1 AND c = 2"] == texts(code)


def test_many_choices_come_to_an_end() -> None:
    choice = ' + ("a" if x else "b")' * 40

    found = queries(f'x.execute("SELECT a FROM t WHERE b = "{choice})')

    assert [("one of many",)] == [each.holes for each in found]
    assert found[0].text.startswith("SELECT a FROM t WHERE b = ")


@pytest.mark.parametrize(
    "code",
    [
        'q = "SELECT a FROM t"\n' + 'q = q + x + f"{q} y {q}"\n' * 30 + "db.execute(q)",
        'p = ["SELECT a FROM t"]\n' + 'p.append(" ".join(p))\n' * 30 + 'db.execute(" ".join(p))',
        'a0 = "SELECT a FROM t "\n'
        + "".join(f"a{n + 1} = {'+'.join([f'a{n}'] * 10)}\n" for n in range(30))
        + "db.execute(a30)",
    ],
    ids=["added to itself", "a list put into itself", "ten times as long, thirty times"],
)
def test_strings_that_grow_without_end_are_read_in_a_moment(code: str) -> None:
    begun = time.monotonic()

    found = queries(code)

    assert found
    assert time.monotonic() - begun < 10


def test_a_very_long_sum_is_one_string() -> None:
    parts = " + ".join(["' a = 1 OR'"] * 300)

    assert ["SELECT a FROM t WHERE" + " a = 1 OR" * 300 + " 1"] == texts(
        f"Q = 'SELECT a FROM t WHERE' + {parts} + ' 1'"
    )


def test_a_constant_in_terms_of_itself_comes_to_an_end() -> None:
    assert len(queries('A = f"SELECT {B} FROM t"\nB = f"{A}"')) >= 1


@pytest.mark.parametrize(
    "text",
    [
        "SELECT " + "a, " * 300_000 + "b FROM t",
        "SELECT '" + "'" * 1_000_001,
        "/*" * 500_000 + "SELECT 1",
        "-" * 1_000_000,
        "(" * 1_000_000,
        " " * 1_000_000 + "SELECT 1 FROM t",
    ],
    ids=["columns", "quotes", "comments", "dashes", "brackets", "spaces"],
)
def test_a_megabyte_is_read_in_a_moment(text: str) -> None:
    begun = time.monotonic()

    queries(f"Q = {text!r}")

    assert time.monotonic() - begun < 5


def test_lone_surrogates_and_nuls_are_kept_as_they_are() -> None:
    assert ["SELECT '\ud800' FROM t\0"] == texts(r"Q = 'SELECT \'\ud800\' FROM t\0'")


@given(st.text("SELECT FROM ab*,?()'\";=1.", max_size=40))
def test_what_sqlite_takes_is_sql_where_it_is_handed_to_it(text: str) -> None:
    sql = f"SELECT {text}"
    with closing(sqlite3.connect(":memory:")) as database:
        try:
            database.execute(f"EXPLAIN {sql}")
        except (sqlite3.Error, sqlite3.Warning):
            return

    assert reads(sql, handed=True) is Reads.SQL


def test_pieces_of_two_files_meet() -> None:
    code = 'from b import C\nfrom b import Q as P\nx.exec(P)\nR = f"SELECT a FROM {C.T}"'
    other = 'class C:\n    T = "t"\nQ = "DELETE FROM t"\n'

    found = queries(code, **{"b.py": other})

    assert [("a.py", "exec"), ("a.py", ""), ("b.py", "")] == [(q.path, q.via) for q in found]
    assert ["DELETE FROM t", "SELECT a FROM t", "DELETE FROM t"] == [q.text for q in found]


def test_a_hole_has_no_text() -> None:
    assert constant((Piece("a"), Piece("", "b"))) is None
