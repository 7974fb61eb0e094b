"""test-failed: new tests that a run leaves out, or lets off, have not passed."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gatekeeper import Case, Need, Which
from gatekeeper.reading.tests import Outcome, Ran, TestRun, Uncollected
from gatekeeper_rules.suite.test_failed import RULE, Options
from tests.cases import case_of, doubts, findings, notes, with_readings

OLD, NEW = "tests/test_old.py::test_old", "tests/test_new.py::test_new"
PASSED, SKIPPED, XFAILED = Outcome.PASSED, Outcome.SKIPPED, Outcome.XFAILED
WRITTEN = "def test_new():\n    assert total(1) == 2\n"
FILES = {"tests/test_old.py": "def test_old():\n    assert total(0) == 1\n"}


def run(
    tests: Mapping[str, Outcome],
    deselected: tuple[str, ...] = (),
    uncollected: tuple[Uncollected, ...] = (),
) -> TestRun:
    held = {each: Ran(each, how, each.partition("::")[0]) for each, how in tests.items()}
    return TestRun("pytest", held, deselected, uncollected)


def judged(
    head: TestRun,
    added: Mapping[str, str],
    *,
    base: TestRun | None = None,
    before: Mapping[str, str] = FILES,
) -> Case[Options]:
    base = run({OLD: PASSED}) if base is None else base
    readings = {
        Need("tests", Which.BASE): base,
        Need("tests", Which.HEAD): head,
        Need("tests", Which.CROSSED): base,
    }
    return with_readings(case_of(before, {**before, **added}, Options()), readings)


def left_out(*names: str) -> str:
    return (
        f"new tests that the run leaves out, so nobody knows whether they pass: {', '.join(names)}"
    )


HERE = "tests/test_new.py"
LEFT_OUT: Mapping[str, tuple[TestRun, Mapping[str, str], str]] = {
    "a file that is ignored": (run({OLD: PASSED}), {HERE: WRITTEN}, "test_new"),
    "a test that a hook takes out": (
        run({OLD: PASSED, "tests/test_new.py::test_b": PASSED}),
        {HERE: WRITTEN + "\n\ndef test_b():\n    assert total(2) == 3\n"},
        "test_new",
    ),
    "a test that is deselected": (run({OLD: PASSED}, (NEW,)), {HERE: WRITTEN}, "test_new"),
    "a test deselected by pytest in a folder of its own": (
        run({OLD: PASSED}, ("test_new.py::test_new",)),
        {HERE: WRITTEN},
        "test_new",
    ),
    "a test in a class": (
        run({OLD: PASSED}),
        {HERE: "class TestNew:\n    def test_it(self):\n        assert total(1) == 2\n"},
        "TestNew.test_it",
    ),
    "a file of no tests by its own word": (
        run({OLD: PASSED}),
        {HERE: WRITTEN + "\n\n__test__ = False\n"},
        "test_new",
    ),
    "a file in a new folder below": (
        run({OLD: PASSED}),
        {"tests/more/test_new.py": WRITTEN},
        "test_new",
    ),
    "a new test of a file that was collected": (
        run({OLD: PASSED}),
        {"tests/test_old.py": FILES["tests/test_old.py"] + "\n\n" + WRITTEN},
        "test_new",
    ),
}


@pytest.mark.parametrize(
    ("head", "added", "name"), [pytest.param(*LEFT_OUT[name], id=name) for name in LEFT_OUT]
)
def test_a_new_test_that_the_run_leaves_out_has_not_passed(
    head: TestRun, added: Mapping[str, str], name: str
) -> None:
    (doubt,) = doubts(RULE, judged(head, added))

    assert left_out(name) in doubt


ELSEWHERE = {**FILES, "tests/slow/test_slow.py": "def test_slow():\n    assert total(9) == 10\n"}
HEARD: Mapping[str, tuple[TestRun, Mapping[str, str], Mapping[str, str]]] = {
    "a test that ran": (run({OLD: PASSED, NEW: PASSED}), {HERE: WRITTEN}, FILES),
    "a test with cases": (run({OLD: PASSED, f"{NEW}[1]": PASSED}), {HERE: WRITTEN}, FILES),
    "a test that is skipped": (run({OLD: PASSED, NEW: SKIPPED}), {HERE: WRITTEN}, FILES),
    "a file that skips itself": (run({OLD: PASSED, HERE: SKIPPED}), {HERE: WRITTEN}, FILES),
    "a file that cannot be collected": (
        run({OLD: PASSED}, uncollected=(Uncollected(HERE, "ImportError"),)),
        {HERE: WRITTEN},
        FILES,
    ),
    "a file without tests": (run({OLD: PASSED}), {HERE: "def make():\n    return 1\n"}, FILES),
    "a class for others to extend": (
        run({OLD: PASSED}),
        {HERE: "class SumTests:\n    def test_it(self):\n        assert total(1) == 2\n"},
        FILES,
    ),
    "a folder that the base's run passes over": (
        run({OLD: PASSED}),
        {"tests/slow/test_new.py": WRITTEN},
        ELSEWHERE,
    ),
    "a folder beside the tests": (run({OLD: PASSED}), {"e2e/test_new.py": WRITTEN}, FILES),
    "tests of another runner": (
        run({"tests/total.test.ts > total": PASSED}),
        {HERE: WRITTEN},
        FILES,
    ),
}


@pytest.mark.parametrize(
    ("head", "added", "before"), [pytest.param(*HEARD[name], id=name) for name in HEARD]
)
def test_a_new_test_is_not_missed_where_the_run_tells_of_it_or_never_would(
    head: TestRun, added: Mapping[str, str], before: Mapping[str, str]
) -> None:
    assert () == doubts(RULE, judged(head, added, before=before))


def test_where_the_base_deselects_tests_a_new_one_may_be_deselected() -> None:
    base = run({OLD: PASSED}, ("tests/test_old.py::test_slow",))
    case = judged(run({OLD: PASSED}, (NEW,)), {HERE: WRITTEN}, base=base)

    assert () == doubts(RULE, case)
    assert (f"new tests that the run leaves out, as it does others: {NEW}",) == notes(RULE, case)


MARKED = "import pytest\n\n\n@pytest.mark.xfail(strict=True)\n" + WRITTEN
CALLED = "import pytest\n\n\ndef test_new():\n    pytest.xfail('later')\n"
UNITTEST = "from unittest import expectedFailure\n\n\n@expectedFailure\n" + WRITTEN


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(WRITTEN, 1, id="nothing in its file says that it may fail"),
        pytest.param(WRITTEN + "# xfail\n", 1, id="only a comment says so"),
        pytest.param(MARKED, 0, id="a marker says so"),
        pytest.param(CALLED, 0, id="a call says so"),
        pytest.param(UNITTEST, 0, id="unittest's own marker says so"),
    ],
)
def test_a_new_test_that_fails_is_let_off_by_its_own_file_alone(text: str, found: int) -> None:
    case = judged(run({OLD: PASSED, NEW: XFAILED}), {HERE: text})

    assert found == len(findings(RULE, case))


def test_a_test_of_the_base_that_may_fail_is_not_this_rule_s() -> None:
    same = run({OLD: XFAILED, NEW: PASSED})
    case = judged(same, {HERE: WRITTEN}, base=same)

    assert () == tuple(findings(RULE, case))
