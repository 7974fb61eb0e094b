"""SQL cut into tokens and statements as SQLite cuts it, whatever the text."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.migrations.old_splitter import pieces
from gatekeeper.migrations.statements import statements
from gatekeeper.migrations.tokens import Kind, is_hollow, tokens

PARTS = (
    *("CREATE ", "TEMP ", "TRIGGER ", "END", "end ", ";", " ", "\n", "'a;b'"),
    *("'", '"', "[", "]", "`"),
    *("--x;\n", "/*;*/", "/*", "EXPLAIN ", "SELECT 1", "$", " BEGIN ", " CASE ", "é", "\t", "($a)"),
)  # fmt: skip
SQL = st.lists(st.sampled_from(PARTS), max_size=16).map("".join)


@given(st.one_of(SQL, st.text()))
def test_tokens_put_together_are_the_text(sql: str) -> None:
    assert sql == "".join(token.text for token in tokens(sql))


@given(SQL)
def test_a_statement_is_complete_where_sqlite_says_so(sql: str) -> None:
    found = statements(sql)
    last = list(tokens(sql))[-1:]
    open_comment = last and last[0].kind is Kind.SPACE and not sqlite3.complete_statement(f"{sql};")

    if found and not open_comment:
        assert sqlite3.complete_statement(sql) == found[-1].complete


@given(SQL)
def test_statements_stand_where_they_say(sql: str) -> None:
    for each in statements(sql):
        assert sql[each.start : each.end] == each.text
        assert sql.count("\n", 0, each.start) + 1 == each.line


@given(SQL)
def test_a_text_is_hollow_where_it_holds_no_statement(sql: str) -> None:
    assert is_hollow(sql) == (statements(sql) == ())


@pytest.mark.parametrize(
    "evil", ["'", "[", "/*", "--", "a;", "(", "$", "''", "$a$", " BEGIN ", " END", "CASE\n", "/*x"]
)
def test_long_texts_of_one_kind_come_to_an_end(evil: str) -> None:
    text = evil * 20_000

    assert text.count(";") == sum(each.complete for each in statements(text))
    assert pieces(text) is not None
