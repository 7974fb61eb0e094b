from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from gatekeeper.report.escape import (
    ascii_only,
    clipped,
    code,
    code_block,
    html_code,
    prose,
    visible,
)
from tests.reports import on_each_hostile_text

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
ANYTHING = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.text("@#:/w.gh-1a`|\\<>[]()!*_~&$\n\r \t\x1b\u202e\udcff", min_size=1),
)


def inline(markdown: str) -> list[Token]:
    return [child for token in PARSER.parse(markdown) for child in token.children or []]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("plain ≥ é 漢", "plain ≥ é 漢", id="what is seen stays"),
        pytest.param("a\nb\r\tc", r"a\nb\r\tc", id="line feeds and tabs are written out"),
        pytest.param("\x1b[31m", r"\x1b[31m", id="an escape sequence is disarmed"),
        pytest.param("\x9b31m\x7f\x00", r"\x9b31m\x7f\x00", id="so are C1 controls and NUL"),
        pytest.param("\u202ea\u2066\u200f", r"\u202ea\u2066\u200f", id="bidirectional controls"),
        pytest.param("\u200b\ufeff\xad", r"\u200b\ufeff\xad", id="what has no width"),
        pytest.param("\u2028\u2029\x85", r"\u2028\u2029\x85", id="the other line ends"),
        pytest.param("caf\udce9", r"caf\xe9", id="a byte that is not UTF-8"),
        pytest.param("\ud83d", r"\ud83d", id="half a character of a script's string"),
        pytest.param("\U000e0041", r"\U000e0041", id="tag characters"),
        pytest.param("a\u00a0b\u3000c", "a b c", id="odd spaces become spaces"),
        pytest.param("[red]x", "[red]x", id="rich markup is only text"),
        pytest.param("::error::x", r"\x3a:error::x", id="a command to GitHub's runner"),
        pytest.param("a ::stop::", r"a \x3a:stop::", id="one that wrapping puts first"),
        pytest.param("x[::2] a::b", "x[::2] a::b", id="colons that are no command stay"),
        pytest.param("a ##[group]b", r"a #\x23[group]b", id="a command of the older form"),
        pytest.param("##vso[task]", r"#\x23vso[task]", id="a command to Azure's agent"),
    ],
)
def test_characters_that_act_or_hide_are_written_out(text: str, expected: str) -> None:
    seen = visible(text)

    assert expected == seen


@given(ANYTHING)
@on_each_hostile_text("text")
def test_visible_text_is_one_line_of_characters_that_can_be_seen_and_encoded(text: str) -> None:
    seen = visible(text)

    assert seen.isprintable()
    assert seen == seen.encode("utf-8").decode("utf-8")
    assert seen == visible(seen)


@given(ANYTHING)
@on_each_hostile_text("text")
def test_ascii_text_is_ascii_and_still_one_line(text: str) -> None:
    seen = ascii_only(visible(text))

    assert seen.isascii()
    assert seen.isprintable()


def test_a_terminal_without_unicode_gets_likenesses_where_there_are_some() -> None:
    seen = ascii_only("≥90% — “done” → é")

    assert r'>=90% - "done" -> \xe9' == seen


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(5, "abcde"), (4, "abc…"), (1, "…")],
    ids=["what fits stays", "what does not is cut and marked", "the mark comes first"],
)
def test_text_is_clipped_with_a_mark(limit: int, expected: str) -> None:
    assert expected == clipped("abcde", limit)


@given(ANYTHING, st.integers(1, 60))
@on_each_hostile_text("text", limit=1)
@on_each_hostile_text("text", limit=20)
def test_clipped_text_is_visible_and_never_longer_than_allowed(text: str, limit: int) -> None:
    seen = clipped(text, limit)

    assert seen.isprintable()
    assert len(seen) <= limit


@given(ANYTHING)
@on_each_hostile_text("text")
def test_prose_is_text_and_nothing_else_to_a_markdown_reader(text: str) -> None:
    tokens = PARSER.parse(prose(text))

    blocks = [token.type for token in tokens]
    assert blocks in ([], ["paragraph_open", "inline", "paragraph_close"])
    assert {"text"} >= {child.type for token in tokens for child in token.children or []}


@given(ANYTHING)
@on_each_hostile_text("text")
def test_prose_reads_as_what_was_written(text: str) -> None:
    read = "".join(child.content for child in inline(f"x {prose(text)}"))

    assert f"x {' '.join(visible(text).split())}".rstrip() == read.replace("\u200b", "")


@given(ANYTHING)
@on_each_hostile_text("text")
def test_github_finds_nothing_to_link_mention_or_replace_in_prose(text: str) -> None:
    read = "".join(child.content for child in inline(f"x {prose(text)}"))

    assert None is re.search(
        r"@[\w]|#\d|://|www\.|\bgh-\d|:[a-z+-][\w+-]*:|:100:|:1234:", read, re.IGNORECASE
    )


@given(ANYTHING)
@on_each_hostile_text("text")
def test_prose_cannot_leave_the_cell_of_a_table(text: str) -> None:
    cell = prose(text)

    table = PARSER.parse(f"| a | b |\n| - | - |\n| {cell} | {html_code(text)} |\n")
    assert 2 == sum(token.type == "td_open" for token in table)
    assert 2 == sum(token.type == "tr_open" for token in table)


@given(ANYTHING)
@on_each_hostile_text("text")
def test_prose_cannot_open_or_close_a_tag_of_html(text: str) -> None:
    written = prose(text)

    assert not set('<>"\n') & set(written) - {'"'}
    assert None is re.search(r"&(?!#\d+;)", written)


@given(ANYTHING)
@on_each_hostile_text("text")
def test_a_code_span_holds_exactly_the_text(text: str) -> None:
    spans = [child for child in inline(f"x {code(text)} y") if child.type == "code_inline"]

    seen = visible(text)
    assert ([seen] if seen else []) == [span.content for span in spans]


@given(st.lists(ANYTHING))
def test_no_line_closes_the_block_of_code_that_it_stands_in(lines: list[str]) -> None:
    block = code_block(tuple(lines))

    (fence,) = PARSER.parse(block)
    assert "fence" == fence.type
    assert [visible(line) for line in lines] == fence.content.split("\n")[: len(lines)]


def test_an_email_address_and_a_url_stay_readable() -> None:
    written = prose("see https://x.example/a_b or a@b.example")

    assert "see https:&#8203;//x.example/a&#95;b or a@&#8203;b.example" == written
