"""Warnings of linters are judged by what they are about, against those of the base."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper import Case, Missing, Need, Which
from gatekeeper.reading.lint import Linted, Warned
from gatekeeper_rules.suite.lint_warning import RULE, Options, needs
from tests.cases import Files, case_of, doubts, examined, findings, notes, places, with_readings
from tests.linting import Tree, linted

ZERO = Options(readings=("ruff",))
RATCHET = Options(readings=("ruff",), ratchet=True)
BASE, HEAD = Need("ruff", Which.BASE), Need("ruff", Which.HEAD)


def lint(*warnings: str, tool: str = "ruff 1.0", unread: tuple[str, ...] = ()) -> Linted:
    """A reading of `path:line code` each, all of whose files were looked at."""
    found = [_warned(each) for each in warnings]
    files = frozenset({"a.py", *(each.path for each in found)}) - set(unread)
    return Linted(tool, tuple(found), files, frozenset(unread))


def _warned(said: str) -> Warned:
    place, code = said.split(" ")
    path, line = place.split(":")
    return Warned(path, int(line) or None, 1, code, "this is wrong")


def case(
    before: Files, after: Files, options: Options, base: Linted | None, head: Linted
) -> Case[Options]:
    readings = {HEAD: head} if base is None else {BASE: base, HEAD: head}
    return with_readings(case_of(before, after, options), readings)


CODE = "def f():\n    g()\n\n\ndef h():\n    g()\n"


def test_every_warning_is_a_finding() -> None:
    judged = case({}, {"a.py": CODE}, ZERO, None, lint("a.py:2 A1", "a.py:6 A1", "a.py:0 A2"))

    assert ("head a.py", "head a.py:2", "head a.py:6") == places(RULE, judged)
    assert "ruff says A1: this is wrong" in {each.message for each in findings(RULE, judged)}
    assert {"linted files": 1} == examined(RULE, judged)


@pytest.mark.parametrize(
    ("before", "after", "base", "head"),
    [
        pytest.param(
            {"a.py": CODE}, {"a.py": f"\n\n{CODE}"}, ["a.py:2 A1"], ["a.py:4 A1"], id="lower down"
        ),
        pytest.param(
            {"a.py": "x = f(1)  # why\n"},
            {"a.py": "x  = f(1)\n"},
            ["a.py:1 A1"],
            ["a.py:1 A1"],
            id="with another comment",
        ),
        pytest.param({"a.py": CODE}, {"b.py": CODE}, ["a.py:2 A1"], ["b.py:2 A1"], id="renamed"),
        pytest.param(
            {"a.ts": "function f() {\n  g();\n}\n"},
            {"a.ts": "\nfunction f() {\n  g(); // x\n}\n"},
            ["a.ts:2 A1"],
            ["a.ts:3 A1"],
            id="in a script",
        ),
        pytest.param(
            {"a.md": "# a\n"}, {"a.md": "\n# a\n"}, ["a.md:1 A"], ["a.md:2 A"], id="in prose"
        ),
        pytest.param({"a.py": CODE}, {"a.py": CODE}, ["a.py:2 A1"], [], id="mended"),
    ],
)
def test_what_the_base_has_is_passed_over_by_a_ratchet(
    before: Files, after: Files, base: list[str], head: list[str]
) -> None:
    judged = case(before, after, RATCHET, lint(*base), lint(*head))

    assert () == places(RULE, judged)


OTHER = CODE.replace("g()", "k()")


@pytest.mark.parametrize(
    ("after", "head", "found"),
    [
        pytest.param(CODE, ["a.py:6 A1"], ["head a.py:6"], id="in another function"),
        pytest.param(CODE, ["a.py:2 A1", "a.py:6 A1"], ["head a.py:6"], id="made one more"),
        pytest.param(CODE, ["a.py:2 A2"], ["head a.py:2"], id="another code"),
        pytest.param(OTHER, ["a.py:2 A1"], ["head a.py:2"], id="on other code"),
    ],
)
def test_what_is_new_is_found_by_a_ratchet(after: str, head: list[str], found: list[str]) -> None:
    judged = case({"a.py": CODE}, {"a.py": after}, RATCHET, lint("a.py:2 A1"), lint(*head))

    assert tuple(found) == places(RULE, judged)


def test_a_file_that_nobody_looked_at_is_a_doubt() -> None:
    judged = case({}, {"a.py": CODE}, ZERO, None, lint(unread=("b.py",)))

    assert ("b.py: ruff 1.0 did not look at it",) == doubts(RULE, judged)


def test_a_file_that_nobody_looked_at_at_base_is_new_as_a_whole() -> None:
    files = {"a.py": CODE}
    judged = case(files, files, RATCHET, lint(unread=("a.py",)), lint("a.py:2 A1"))

    assert ("head a.py:2",) == places(RULE, judged)
    assert ("ruff 1.0 did not look at a.py at base: all in it counts as new",) == notes(
        RULE, judged
    )


def test_another_version_of_the_tool_is_noted() -> None:
    files = {"a.py": CODE}
    judged = case(files, files, RATCHET, lint(), lint(tool="ruff 2.0"))

    assert ("the base was read by ruff 1.0, the head by ruff 2.0",) == notes(RULE, judged)


def test_a_reading_without_files_is_a_doubt() -> None:
    judged = case({}, {}, ZERO, None, Linted("ruff 1.0", (), frozenset()))

    assert ("ruff 1.0 looked at no file",) == doubts(RULE, judged)


def test_no_reading_named_is_a_doubt() -> None:
    judged = case_of({}, {}, Options())

    assert len(doubts(RULE, judged)) == 1


def test_a_reading_that_is_missing_leaves_the_others_to_be_judged() -> None:
    options = Options(readings=("mypy", "ruff"))
    missing = {Need("mypy", Which.HEAD): Missing("it crashed"), HEAD: lint("a.py:2 A1")}
    judged = with_readings(case_of({}, {"a.py": CODE}, options), missing)

    assert ("the reading mypy of the head is missing: it crashed",) == doubts(RULE, judged)
    assert ("head a.py:2",) == places(RULE, judged)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param(ZERO, {HEAD}, id="zero"),
        pytest.param(RATCHET, {BASE, HEAD}, id="a ratchet"),
        pytest.param(Options(), set(), id="nothing named"),
    ],
)
def test_what_is_measured(options: Options, expected: set[Need]) -> None:
    assert expected == set(needs(options))


def test_thousands_of_warnings_are_told_in_part() -> None:
    text = "".join(f"x{number}\n" for number in range(1500))
    head = lint(*(f"a.py:{number} A1" for number in range(1, 1501)))
    judged = case({}, {"a.py": text}, ZERO, None, head)

    assert len(findings(RULE, judged)) == 1000
    assert ("ruff 1.0 has 500 more warnings, which are not told one by one",) == notes(RULE, judged)


SETTINGS = {"pyproject.toml": '[tool.ruff.lint]\nselect = ["F"]\n'}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            {"pyproject.toml": '[tool.ruff]\nexclude = ["*"]\n'}, id="everything excluded"
        ),
        pytest.param({".ruff.toml": 'lint.select = ["E9"]\n'}, id="other settings"),
    ],
)
def test_real_ruff_on_both_sides_finds_what_is_new(tmp_path: Path, change: Tree) -> None:
    base = {**SETTINGS, "a.py": "import os\n"}
    head = {**SETTINGS, "a.py": "import os\nimport sys\n", **change}
    before = linted(tmp_path / "base", "ruff", base)
    after = linted(tmp_path / "head", "ruff", head, base)

    judged = case(base, head, RATCHET, before, after)

    assert ("head a.py:2",) == places(RULE, judged)
