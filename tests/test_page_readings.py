"""A page writes readings down as a person would, and anything else is refused."""

from __future__ import annotations

import json

import pytest

from gatekeeper import Measured, Missing, Need, Which
from gatekeeper.page_readings import page_readings
from gatekeeper.reading.build import Built
from gatekeeper.reading.contexts import Context, Contexts, Phase, bits_of
from gatekeeper.reading.coverage import Branch, Coverage, FileCoverage
from gatekeeper.reading.lint import Linted, Warned
from gatekeeper.reading.tests import Outcome, Ran, TestRun, Uncollected
from gatekeeper.testing import PageError, read_page

WRITTEN = [
    pytest.param(
        {"kind": "tests", "tests": {"t.py::a": "passed"}},
        TestRun("pytest", {"t.py::a": Ran("t.py::a", Outcome.PASSED, "t.py")}),
        id="a test that passed",
    ),
    pytest.param(
        {"kind": "tests", "tests": {"a > b": {"outcome": "xfailed", "line": 3, "reason": "slow"}}},
        TestRun("pytest", {"a > b": Ran("a > b", Outcome.XFAILED, "", 3, "slow")}),
        id="a test with its reason",
    ),
    pytest.param(
        {"kind": "tests", "uncollected": {"t.py": "ImportError"}, "deselected": ["t.py::a"]},
        TestRun("pytest", {}, ("t.py::a",), (Uncollected("t.py", "ImportError"),)),
        id="tests that did not run",
    ),
    pytest.param(
        {"kind": "coverage", "files": {"a.py": {"covered": "1-3,5", "missed": "4"}}},
        Coverage("coverage.py", {"a.py": FileCoverage(frozenset({1, 2, 3, 5}), frozenset({4}))}),
        id="lines",
    ),
    pytest.param(
        {"kind": "coverage", "files": {"a.py": {"covered": "1", "branches": {"1": "1/2"}}}},
        Coverage(
            "coverage.py",
            {"a.py": FileCoverage(frozenset({1}), frozenset(), frozenset(), {1: Branch(1, 2)})},
            branches=True,
        ),
        id="branches",
    ),
    pytest.param(
        {
            "kind": "coverage",
            "files": {"a.py": {"covered": "1-3", "ran": {"t.py::a": "2-3"}}, "b.py": {}},
        },
        Coverage(
            "coverage.py",
            {
                "a.py": FileCoverage(frozenset({1, 2, 3}), frozenset()),
                "b.py": FileCoverage(frozenset(), frozenset()),
            },
            contexts=Contexts(
                (Context("t.py::a", Phase.CALL),), {"a.py": {0: bits_of([2, 3])}, "b.py": {}}
            ),
        ),
        id="which test ran what",
    ),
    pytest.param(
        {"kind": "lint", "files": ["a.py"], "warnings": ["a.py:3:1: F401 not used", "b.c: X y"]},
        Linted(
            "a linter",
            (
                Warned("a.py", 3, 1, "F401", "not used"),
                Warned("b.c", None, None, "X", "y"),
            ),
            frozenset({"a.py"}),
        ),
        id="warnings",
    ),
    pytest.param(
        {"kind": "build", "status": 1, "said": "no"}, Built("build", 1, "no"), id="a build"
    ),
]


@pytest.mark.parametrize(("written", "value"), WRITTEN)
def test_a_reading_is_what_the_page_says(written: object, value: object) -> None:
    readings = page_readings(json.dumps({"it": {"crossed": written}}))

    assert {Need("it", Which.CROSSED): Measured(value, "the page")} == readings


def test_a_page_can_say_that_a_reading_is_missing() -> None:
    readings = page_readings('{"tests": {"head": {"kind": "missing", "why": "it hung"}}}')

    assert {Need("tests", Which.HEAD): Missing("it hung")} == readings


@pytest.mark.parametrize(
    ("written", "why"),
    [
        pytest.param("[]", "an object was expected", id="no object"),
        pytest.param("{", "Expecting property name", id="no JSON"),
        pytest.param('{"tests": {"heat": {"kind": "build"}}}', "'heat' is none of", id="a side"),
        pytest.param('{"tests": {"head": {"kind": "x"}}}', "'x' is none of", id="a kind"),
        pytest.param(
            '{"tests": {"head": {"kind": "build", "code": 1}}}', "no field code", id="a field"
        ),
        pytest.param(
            '{"tests": {"head": {"kind": "build", "status": "1"}}}',
            "`status` must be a int",
            id="another type",
        ),
        pytest.param(
            '{"tests": {"head": {"kind": "tests", "tests": {"a": "green"}}}}',
            "'green' is none of",
            id="an outcome",
        ),
        pytest.param(
            '{"r": {"head": {"kind": "lint", "warnings": ["broken"]}}}',
            "write a warning as",
            id="a warning",
        ),
    ],
)
def test_a_page_that_says_something_else_is_refused(written: str, why: str) -> None:
    fences = f'```text title="after/a"\n```\n```json title="readings"\n{written}\n```'
    page = f"## Examples\n### One\n{fences}"

    with pytest.raises(PageError) as told:
        read_page(page)

    assert "line 2: the fence `readings`: " in str(told.value)
    assert why in str(told.value)
