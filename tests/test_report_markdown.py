from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from gatekeeper.report.fitting import Room, fitted
from gatekeeper.report.markdown import LIMIT, render
from gatekeeper.verdict import Report, Verdict
from tests import reports

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
ANY_TEXT = st.one_of(
    st.text(st.characters(exclude_categories=()), min_size=1, max_size=40),
    st.text("@#:/w.gh-1a`|\\<>[]()!*_~&$\n\r \t\x1b\u202e\udcff", min_size=1, max_size=40),
)


class Tags(HTMLParser):
    """The tags of a piece of HTML with their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(" ".join((tag, *(name for name, _ in attrs))))

    def handle_endtag(self, tag: str) -> None:
        self.seen.append(f"/{tag}")

    def handle_comment(self, data: str) -> None:
        self.seen.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.seen.append("declaration")


def tokens(markdown: str) -> Iterator[Token]:
    for token in PARSER.parse(markdown):
        yield token
        yield from token.children or []


def structure(markdown: str) -> list[str]:
    """What a reader makes of the text: every block, span and tag, without the words."""
    found: list[str] = []
    for token in tokens(markdown):
        if token.type in ("html_block", "html_inline"):
            found += Tags(token.content).seen
        elif token.type != "text":
            found.append(f"{token.type} {token.tag} {token.info}")
    return found


def tags(markdown: str) -> list[str]:
    return [tag for tag in structure(markdown) if tag.startswith(("details", "/details"))]


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (reports.broken(), "## gatekeeper: ❌ BROKEN: 1 of 2 clauses broken, 1 kept (exit 1)"),
        (
            reports.unproven(),
            "## gatekeeper: ❔ UNPROVEN: 3 of 5 clauses unproven, 2 kept (exit 3)",
        ),
        (reports.kept(), "## gatekeeper: ✅ KEPT: 3 of 3 clauses kept (exit 0)"),
    ],
    ids=["broken", "unproven", "kept"],
)
def test_the_first_line_is_the_verdict(report: Report, expected: str) -> None:
    shown = render(report)

    assert expected == shown.splitlines()[0]


def test_what_broke_comes_before_everything_else() -> None:
    shown = render(reports.mixed())

    table = shown.index("| clause | what it says | why |")
    assert table < shown.index("<details")
    assert (
        "| ❌ <code>constraints-2</code> | No changes to artifact storage, validation pipeline, or "
        "GitHub integration. | <code>src/artifacts/store.py:4</code> a protected file was deleted |"
    ) in shown


def test_what_is_open_is_unfolded_only_where_nothing_is_worse() -> None:
    folded, unfolded = render(reports.mixed()), render(reports.unproven())

    assert "<details>\n<summary>❔ What was not proven: 3 clauses</summary>" in folded
    assert "<details open>\n<summary>❔ What was not proven: 3 clauses</summary>" in unfolded


def test_the_command_that_judges_the_same_commits_again_is_there_to_copy() -> None:
    shown = render(reports.broken())

    assert "`gatekeeper check --base 5d2f0c8b1e7a --head 91b3a7e5d4c2`" in shown


def test_an_index_cannot_be_judged_again_and_no_command_claims_it() -> None:
    assert "gatekeeper check" not in render(reports.deferred())


def test_the_same_report_gives_the_same_bytes() -> None:
    assert render(reports.mixed()) == render(reports.mixed())


@settings(max_examples=40, deadline=None)
@given(ANY_TEXT)
@reports.on_each_hostile_text()
def test_no_text_changes_what_the_summary_is_made_of(attack: str) -> None:
    told = f"x{attack}x"

    assert structure(render(reports.hostile("xx"))) == structure(render(reports.hostile(told)))


@settings(max_examples=40, deadline=None)
@given(ANY_TEXT)
@reports.on_each_hostile_text()
def test_not_even_text_that_comes_first_or_last_on_its_line(attack: str) -> None:
    made = set(structure(render(reports.hostile(attack))))

    assert set() == made - set(structure(render(reports.hostile("xx"))))


@settings(max_examples=40, deadline=None)
@given(ANY_TEXT)
@reports.on_each_hostile_text()
def test_nothing_is_linked_embedded_or_mentioned(attack: str) -> None:
    shown = render(reports.hostile(attack))

    made = {token.type for token in tokens(shown)}
    words = " ".join(token.content for token in tokens(shown) if token.type == "text")
    assert set() == made & {"link_open", "image", "hr", "blockquote_open", "code_block"}
    assert None is re.search(r"@\w|#\d|://|www\.", words, re.IGNORECASE)


@settings(max_examples=40, deadline=None)
@given(ANY_TEXT)
@reports.on_each_hostile_text()
def test_no_character_hides_acts_or_cannot_be_encoded(attack: str) -> None:
    shown = render(reports.hostile(attack))

    allowed = "\n\N{VARIATION SELECTOR-16}"
    assert "".join(each for each in shown if each not in allowed).isprintable()
    assert shown == shown.encode("utf-8").decode("utf-8")


def test_five_thousand_findings_fit_and_those_left_out_are_counted() -> None:
    shown = render(reports.mixed(findings=5_000))

    assert LIMIT > len(shown)
    told = shown.count("`durable-object-used` `")
    assert 20 == told
    assert "… 4980 more findings; the JSON report has all of them." in shown
    assert tags(render(reports.mixed())) == tags(shown)


@pytest.mark.parametrize("attack", ["@", "#1", "<", "\x00", "\U000e0041", "x" * 99, "漢"])
@pytest.mark.parametrize(("findings", "clauses"), [(1, 1), (50, 3), (3, 400)])
def test_the_summary_fits_a_comment_whatever_it_has_to_say(
    attack: str, findings: int, clauses: int
) -> None:
    shown = render(reports.hostile(attack * 1_000, findings, clauses))

    assert LIMIT > len(shown)
    opened = [tag for tag in tags(shown) if tag.startswith("details")]
    assert len(opened) == tags(shown).count("/details")


def test_clauses_that_do_not_fit_are_counted() -> None:
    clauses = tuple(
        replace(each, clause=replace(each.clause, id=f"constraints-{number}"))
        for number in range(400)
        for each in reports.broken().clauses[:1]
    )

    shown = render(reports.report(*clauses))

    rows = len(re.findall(r"^\| ❌", shown, re.M))
    folded = len(re.findall(r"^<summary>❌", shown, re.M))
    assert 0 < rows < 400
    assert 0 < folded < 400
    assert f"… {400 - rows} more broken clauses; the JSON report has all of them." in shown
    assert f"… {400 - folded} more broken clauses; the JSON report has all of them." in shown


def test_a_clause_with_many_findings_leaves_room_for_the_others() -> None:
    finding = reports.mixed(findings=300).clauses[1]
    clauses = tuple(
        replace(finding, clause=replace(finding.clause, id=f"outputs-{number}"))
        for number in range(6)
    )

    shown = render(reports.report(*clauses))

    counts = [part.count("`durable-object-used`") for part in shown.split("<summary>❌")[1:]]
    assert 6 == len(counts)
    assert all(counts)


@given(st.lists(st.integers(0, 40)), st.integers(100, 400), st.integers(0, 12))
def test_pieces_are_whole_within_their_room_and_counted(
    sizes: list[int], characters: int, most: int
) -> None:
    pieces = tuple(partial(str, "x" * size + "|") for size in sizes)

    shown = fitted(pieces, Room(characters, most), "piece")

    told = re.search(r"… (\d+) more pieces?;", shown)
    left_out = int(told.group(1)) if told else 0
    assert len(shown) <= characters
    assert len(pieces) == shown.count("|") + left_out
    assert shown.count("|") <= most


def test_a_clause_without_a_reason_says_so() -> None:
    ruled = replace(reports.CLOSING, verdict=Verdict.UNPROVEN, rulings=())

    shown = render(reports.report(ruled))

    assert "  - Not proven: its rules gave no reason\n" in shown
