from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from gatekeeper.finding import Excerpt, Finding
from gatekeeper.report.brief import brief, suffices
from gatekeeper.report.terminal import Terminal, terminal
from gatekeeper.report.text import render
from gatekeeper.terms import Adoption
from gatekeeper.verdict import Judged, Report, Verdict
from tests import reports

ANY_TEXT = st.text(st.characters(exclude_categories=()), min_size=1, max_size=40)
SGR = re.compile(r"\x1b\[[0-9;]*m")


def with_finding(finding: Finding) -> Report:
    """A broken report with one finding."""
    return reports.report(reports.protected(Verdict.BROKEN, Judged("9c1f0a2e77b1d003", finding)))


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (reports.kept(), "KEPT  3 of 3 clauses kept (exit 0)"),
        (reports.waived(), "WAIVED  2 of 3 clauses waived, 1 kept (exit 0)"),
        (reports.deferred(), "DEFERRED  1 of 2 clauses deferred, 1 kept (exit 0)"),
        (reports.pending(), "PENDING  1 of 3 clauses pending, 2 kept (exit 0)"),
        (reports.unproven(), "UNPROVEN  3 of 5 clauses unproven, 2 kept (exit 3)"),
        (reports.broken(), "BROKEN  1 of 2 clauses broken, 1 kept (exit 1)"),
        (reports.report(reports.CLOSING), "KEPT  1 of 1 clause kept (exit 0)"),
        (reports.report(), "KEPT  no clauses (exit 0)"),
    ],
    ids=["kept", "waived", "deferred", "pending", "unproven", "broken", "one clause", "none"],
)
def test_the_first_line_is_the_verdict_the_counts_and_the_exit_status(
    report: Report, expected: str
) -> None:
    shown = render(report)

    assert expected == shown.splitlines()[0]


def test_a_long_report_ends_as_it_begins_because_that_is_what_a_terminal_shows() -> None:
    lines = render(reports.mixed()).splitlines()

    assert lines[0] == lines[-1]


def test_a_preview_says_that_it_is_one() -> None:
    draft = replace(reports.AT_BASE, adoption=Adoption.PREVIEW, source="the index", commit=None)

    shown = render(replace(reports.kept(), contract=draft))

    assert "KEPT  3 of 3 clauses kept (exit 3)" == shown.splitlines()[0]
    assert "read from the index, not committed: a preview, never exit 0" in " ".join(shown.split())


def test_a_finding_shows_its_place_the_lines_and_how_to_mend_it() -> None:
    shown = render(reports.broken())

    assert (
        """\
  src/artifacts/store.py:4:1  the content of a file of the protected module "artifact storage"
    changed
      2 | from workers import env
      3 |
    > 4 | BUCKET = "artifacts-v2"
      5 | PREFIX = "runs/"
    before  100644 3f1c9a7be2d4
    after   100644 b82e6d15f09c
    mend: Put the file back as it was: git checkout 5d2f0c8 -- src/artifacts/store.py
    protected-module-changed 9c1f0a2e77b1d003
"""
        in shown
    )


def test_a_long_excerpt_shows_the_lines_around_the_fault_and_counts_the_rest() -> None:
    text = "\n".join(f"line {number}" for number in range(1, 101))

    finding = replace(reports.STORE, evidence=(Excerpt(1, text),), line=50, end_line=51)

    shown = render(with_finding(finding))

    assert re.findall(r"^    . +(\d+) \| ", shown, re.M) == [str(n) for n in range(47, 56)]
    assert ["50", "51"] == re.findall(r"^    > +(\d+) \| ", shown, re.M)
    assert "… 45 more lines; --format json has them all" in shown


def test_lines_of_a_file_keep_their_indentation_and_lose_their_line_ends() -> None:
    text = "if x:\r\n\ty = '\r'\r\n\x1b[0m\n"

    shown = render(with_finding(replace(reports.STORE, evidence=(Excerpt(3, text),))))

    assert ("      3 | if x:\n    > 4 |     y = '\\r'\n      5 | \\x1b[0m\n    mend:") in shown


def test_clauses_that_miss_the_same_are_listed_under_one_reason() -> None:
    shown = render(reports.unproven())

    assert (
        """\
? not available in this version
    assumptions-1  api-changed, test-lost
      No user-facing API endpoints or workflow orchestration may break or regress.
    test-requirements-1  coverage-dropped
      Expected coverage: ≥90% line coverage (no decrease from baseline).
"""
        in shown
    )


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2027, 1, 19), "waived until 2027-01-31 (12 days left): The vendor"),
        (date(2027, 1, 30), "waived until 2027-01-31 (1 day left): The vendor"),
        (None, "waived until 2027-01-31: The vendor"),
    ],
    ids=["days", "one day", "no clock, no days"],
)
def test_a_waiver_says_why_and_for_how_long(today: date | None, expected: str) -> None:
    shown = render(reports.waived(), today=today)

    assert expected in shown


def test_a_clause_shows_twenty_findings_and_says_how_many_more_there_are() -> None:
    shown = render(reports.mixed(findings=51))

    assert 20 == shown.count("durable-object-used 0000")
    assert "and 31 more findings; --format json has them all" in shown


def test_many_kept_clauses_are_folded_into_one_paragraph_that_names_each() -> None:
    many = tuple(
        reports.clause(f"constraints-{n}", "x", n, reports.CLOSING.rulings[0]) for n in range(40)
    )

    shown = render(reports.report(*many))

    assert [str(n) for n in range(40)] == re.findall(r"constraints-(\d+)\s+\(3\s+commits\)", shown)
    assert 40 > len(shown.splitlines())


def test_a_clause_that_is_open_without_a_reason_says_so() -> None:
    ruled = replace(reports.CLOSING, verdict=Verdict.UNPROVEN, rulings=())

    shown = render(reports.report(ruled))

    assert "  its rules gave no reason\n" in shown


@settings(max_examples=40, deadline=None)
@given(ANY_TEXT, st.booleans(), st.integers(0, 120))
@reports.on_each_hostile_text(color=True, width=100)
@reports.on_each_hostile_text(color=False, width=30)
@example(attack=reports.LONG, color=True, width=60)
def test_no_text_can_act_on_a_terminal(attack: str, color: bool, width: int) -> None:
    shown = render(reports.hostile(attack), color=color, width=width)

    plain = SGR.sub("", shown) if color else shown
    assert plain.replace("\n", "").isprintable()


@settings(max_examples=40, deadline=None)
@given(ANY_TEXT)
@reports.on_each_hostile_text()
def test_no_text_can_make_a_line_of_its_own(attack: str) -> None:
    expected = len(render(reports.hostile("x"), width=100_000).split("\n"))

    shown = render(reports.hostile(attack), width=100_000)

    assert expected == len(shown.split("\n"))


@settings(max_examples=40, deadline=None)
@given(ANY_TEXT, st.integers(20, 120))
@reports.on_each_hostile_text(width=20)
@reports.on_each_hostile_text(width=100)
def test_no_line_is_a_command_to_a_ci_runner(attack: str, width: int) -> None:
    shown = render(reports.hostile(attack), width=width)

    assert [] == [line for line in shown.splitlines() if line.lstrip().startswith("::")]
    assert None is re.search(r"##[a-z]*\[", shown)


@settings(max_examples=30, deadline=None)
@given(ANY_TEXT)
@reports.on_each_hostile_text()
def test_a_terminal_that_is_not_unicode_gets_ascii_only(attack: str) -> None:
    shown = render(reports.hostile(attack), unicode=False)

    assert shown.isascii()


@settings(max_examples=40, deadline=None)
@given(st.integers(20, 120), st.booleans())
def test_only_a_single_long_word_makes_a_line_wider_than_the_terminal(
    width: int, unicode: bool
) -> None:
    shown = render(reports.mixed(), width=width, unicode=unicode)

    wide = [line for line in shown.splitlines() if cell_len(line) > width]
    assert [] == [line for line in wide if len(line.split()) > 1]


def test_wide_characters_count_as_two_cells() -> None:
    ruled = reports.clause("constraints-1", "契約 " * 40, 1, *reports.unproven().clauses[0].rulings)

    shown = render(reports.report(ruled), width=40)

    assert 40 >= max(map(cell_len, shown.splitlines()))


def test_markup_of_rich_is_shown_and_not_obeyed() -> None:
    message = "[red]x[/red] :smile: [link=https://x.example]y[/link]"

    shown = render(with_finding(replace(reports.STORE, message=message)), color=True)

    assert message in SGR.sub("", shown)
    assert "\x1b]8" not in shown


def test_colour_changes_nothing_but_the_colour() -> None:
    plain, coloured = (render(reports.mixed(), color=color) for color in (False, True))

    assert plain == SGR.sub("", coloured)
    assert plain != coloured


def test_the_environment_does_not_change_what_is_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    before = render(reports.mixed(), color=True)
    for name, value in {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "30"}.items():
        monkeypatch.setenv(name, value)

    assert before == render(reports.mixed(), color=True)


@pytest.mark.parametrize("word", ["kept", "waived", "deferred", "pending"])
def test_a_check_that_went_well_is_told_in_two_to_four_lines(word: str) -> None:
    report = reports.BY_VERDICT[word]()

    lines = brief(report).splitlines()

    assert suffices(report)
    assert render(report).splitlines()[0] == lines[0]
    assert 2 <= len(lines) <= 4


@pytest.mark.parametrize("word", ["broken", "unproven"])
def test_a_check_that_did_not_go_well_needs_more_than_a_few_lines(word: str) -> None:
    assert not suffices(reports.BY_VERDICT[word]())


@given(ANY_TEXT, st.booleans())
@reports.on_each_hostile_text(unicode=True)
@reports.on_each_hostile_text(unicode=False)
def test_no_text_can_act_in_the_few_lines_either(attack: str, unicode: bool) -> None:
    shown = brief(reports.hostile(attack), unicode=unicode)

    assert shown.replace("\n", "").isprintable()
    assert unicode or shown.isascii()
    assert not re.search(r"^\s*::", shown, re.M)


class Console(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class OldConsole(Console):
    encoding = "latin-1"


class OddConsole(Console):
    encoding = "no such encoding"


class Log(io.StringIO):
    encoding = "utf-8"


@pytest.mark.parametrize(
    ("stream", "environ", "expected"),
    [
        (Console(), {}, Terminal(100, color=True, unicode=True)),
        (Console(), {"COLUMNS": "40"}, Terminal(40, color=True, unicode=True)),
        (Console(), {"COLUMNS": "wide"}, Terminal(100, color=True, unicode=True)),
        (Console(), {"NO_COLOR": "1"}, Terminal(100, color=False, unicode=True)),
        (Console(), {"NO_COLOR": ""}, Terminal(100, color=True, unicode=True)),
        (Console(), {"TERM": "dumb"}, Terminal(100, color=False, unicode=True)),
        (Log(), {}, Terminal(100, color=False, unicode=True)),
        (Log(), {"FORCE_COLOR": "1"}, Terminal(100, color=True, unicode=True)),
        (Log(), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, Terminal(100, color=False, unicode=True)),
        (OldConsole(), {}, Terminal(100, color=True, unicode=False)),
        (OddConsole(), {}, Terminal(100, color=True, unicode=False)),
    ],
    ids=[
        "a terminal has colours",
        "COLUMNS says how wide",
        "COLUMNS is no number",
        "NO_COLOR",
        "NO_COLOR that is empty",
        "a dumb terminal",
        "a log has none",
        "FORCE_COLOR",
        "NO_COLOR wins",
        "an old encoding gets ASCII",
        "so does an unknown one",
    ],
)
def test_what_a_stream_can_show(
    stream: io.StringIO, environ: dict[str, str], expected: Terminal
) -> None:
    assert expected == terminal(stream, environ)
