"""A script in parts: the quick way gives what going from token to token gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.migrations.part import Part, parts, placeholders
from gatekeeper.migrations.statements import statements

PIECES = (
    *(";", "'", '"', "`", "[", "]", "--", "/*", "*/", "/", "-", "\n", " ", "\ufeff", "\0", "é"),
    *("CREATE", "TRIGGER", "BEGIN", "END", "SELECT", "x", "1", "?", "(", ")"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.integers(1, 5))
def test_the_quick_way_finds_the_same_statements(text: str, line: int) -> None:
    slowly = [(each.text, line - 1 + each.line) for each in statements(text)]

    assert slowly == [(each.text, each.line) for each in parts(text, line)]


@given(st.lists(st.sampled_from(PIECES[:-10]), max_size=40).map("".join))
def test_the_quick_way_minds_quotes_and_comments(text: str) -> None:
    assert [each.text for each in statements(text)] == [each.text for each in parts(text)]


def test_a_part_has_its_line_and_its_first_word() -> None:
    text = "-- one\n  create table a(b);\n;/* two */ (select 1); drop\ntable a"

    expected = (
        Part("create table a(b);", 2, "CREATE"),
        Part("(select 1);", 3, ""),
        Part("drop\ntable a", 3, "DROP"),
    )
    assert expected == parts(text)


@pytest.mark.parametrize(
    "text", ["'" * 200_001, "/*" * 100_000, "-" * 200_000, "[" * 200_000, ";" * 200_000]
)
def test_no_text_takes_long(text: str) -> None:
    assert len(parts(f"SELECT 1;{text}")) <= 2


def test_placeholders_in_strings_and_comments_are_none() -> None:
    sql = "SELECT ?, '?', [?] -- ?\n, ?"

    assert (7, len(sql) - 1) == placeholders(sql)
