"""Text as people meant it, and the form in which a quotation is compared with the prose."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.contract.folding import fold, mend, straighten

REPLACEABLE = "≥≤é€\u2019“”\u2013—…✓→½üñßÅ\u00a0🙂"


def misread(text: str) -> str:
    """What an editor shows that takes UTF-8 for windows-1252 (Latin-1 where that has nothing)."""
    return "".join(
        bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in text.encode()
    )


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        pytest.param("\u00e2\u2030\u00a590%", "≥90%", id="a sign of comparison"),
        pytest.param("don\u00e2\u20ac\u2122t", "don\u2019t", id="an apostrophe"),
        pytest.param("1\u00e2\u20ac\u201c2", "1\u20132", id="a dash"),
        pytest.param("caf\u00c3\u00a9", "café", id="an accented letter"),
        pytest.param("\u00c2\u00a73", "§3", id="a sign of two bytes"),
        pytest.param("\u00c3\u00a2\u00e2\u20ac\u00b0\u00c2\u00a5", "≥", id="misread twice"),
        pytest.param("naïve \u00e2\u20ac\u2122", "naïve \u2019", id="only a part is misread"),
        pytest.param("\u00e2\u0089\u00a5", "≥", id="misread as Latin-1"),
        pytest.param("\u00f0\u0178\u2122\u201a", "🙂", id="an emoji"),
    ],
)
def test_misread_text_is_mended(broken: str, whole: str) -> None:
    mended = mend(broken)

    assert whole == mended


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("≥90 % \u2013 “quoted” …", id="typography"),
        pytest.param("«CAFÉ»", id="a capital before a closing quotation mark"),
        pytest.param("“MAÇÃ”", id="the same in curly quotation marks"),
        pytest.param("“voilâ”…", id="a circumflex before a closing quotation mark"),
        pytest.param("IRMÃ\u2019S", id="a capital before an apostrophe"),
        pytest.param("façade, Ünïcode, 字", id="letters of many languages"),
        pytest.param("voilâ… naïve", id="a circumflex before an ellipsis"),
        pytest.param("plain ASCII", id="ASCII"),
    ],
)
def test_text_that_is_fine_is_not_touched(text: str) -> None:
    mended = mend(text)

    assert text == mended


@given(st.text(alphabet=REPLACEABLE + "abc 9%"), st.integers(min_value=1, max_value=2))
def test_what_was_misread_as_a_whole_comes_back(text: str, times: int) -> None:
    broken = text
    for _ in range(times):
        broken = misread(broken)

    assert mend(text) == mend(broken)


@given(st.text())
def test_mending_what_is_mended_changes_nothing(text: str) -> None:
    once = mend(text)

    assert once == mend(once)


@pytest.mark.parametrize(
    ("quoted", "written"),
    [
        pytest.param("All tests\n  pass.", "All tests pass.", id="wrapped lines"),
        pytest.param("don\u2019t \u201cdo\u201d", 'don\'t "do"', id="typographic quotes"),
        pytest.param("a \u2013 b\u2026", "a - b...", id="dashes and dots"),
        pytest.param("90\u00a0%", "90 %", id="a blank that does not break"),
        pytest.param("`src/a_b.py` and **all**", "src/a_b.py and all", id="code and emphasis"),
        pytest.param("`__init__.py`", "__init__.py", id="a name with underscores in code"),
        pytest.param("see [the docs](https://x.example/a_b)", "see the docs", id="a link"),
        pytest.param("see [the docs][1]", "see the docs", id="a link by reference"),
        pytest.param("<https://x.example>", "https://x.example", id="a bare address"),
        pytest.param("- [ ] All tests pass.", "All tests pass.", id="with its bullet"),
        pytest.param("a &amp; b", "a & b", id="an entity"),
        pytest.param("2 \\* 3", "2 * 3", id="an escaped mark"),
        pytest.param("a <!-- not this --> b", "a b", id="a comment"),
        pytest.param("\u00e2\u2030\u00a590%", "≥90%", id="misread characters"),
        pytest.param("soft\u00adhyphen\u200b", "softhyphen", id="characters that cannot be seen"),
    ],
)
def test_a_quotation_folds_to_what_was_written(quoted: str, written: str) -> None:
    assert fold(written) == fold(quoted)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("All tests pass.", "all tests pass.", id="another case"),
        pytest.param("at least >5%", "at least <5%", id="another direction"),
        pytest.param("≥90%", "≤90%", id="another sign"),
        pytest.param("No changes to A.", "No changes to A, B.", id="another word"),
        pytest.param("not", "n ot", id="another word boundary"),
    ],
)
def test_other_words_stay_other_words(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    once = fold(text)

    assert once == fold(once)


def test_a_text_too_long_to_be_a_clause_is_left_alone() -> None:
    text = "<!--" * 250_000

    assert text == fold(text)


def test_straightening_keeps_the_marks_that_paths_are_made_of() -> None:
    straight = straighten("no \u201csrc/__init__.py\u201d \u2014 **/*_old.py")

    assert 'no "src/__init__.py" - **/*_old.py' == straight


def test_comments_are_blanks_and_one_that_does_not_end_is_text() -> None:
    assert "a b<!-- c" == fold("a <!-- x <!-- -->b<!-- c")


def test_many_comments_that_do_not_end_take_no_time() -> None:
    text = "<!--" * 5_000
    started = time.process_time()

    folded = fold(text)

    assert text == folded
    assert time.process_time() - started < 0.5
