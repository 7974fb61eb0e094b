"""A JUnit report counts once tests of ours, in place of the project's, have been seen to fail."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from gatekeeper import Measured, Missing, Need, Which
from gatekeeper.reading.control import controlled
from gatekeeper.reading.file_method import FileMethod
from gatekeeper.reading.tests import Outcome, Ran, TestRun
from gatekeeper.reading.unusable import Unusable
from gatekeeper.snapshot import Snapshot
from gatekeeper.terms import ReadingPlan
from gatekeeper.value import replace
from tests.node import node_modules
from tests.rooms import room_of, taken
from tests.trees import measured

DATA = Path(__file__).parent / "data"

VITEST = "vitest run --reporter=junit --outputFile={out}"
JEST = "JEST_JUNIT_OUTPUT_FILE={out} jest --reporters=jest-junit"
PYTEST = "python -m pytest -q -p no:cacheprovider --junitxml={out}"

TESTS = """\
it("adds", () => {
  expect([1 + 1]).toStrictEqual([2]);
});
"""
OF_VITEST = f'import {{ expect, it }} from "vitest";\n\n{TESTS}'
LENIENT = "expect.extend({ toStrictEqual: () => ({ pass: true, message: () => '' }) });\n"
SETTINGS = "export default { test: { %s } };\n"
RUNNER = """\
import { VitestTestRunner } from "vitest/runners";

export default class extends VitestTestRunner {
  onAfterRunTask(test) {
    test.result.state = "pass";
  }
}
"""
LAST_WORD = """\
import pytest


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    made = yield
    made.get_result().outcome = "passed"
"""
WRONG = TESTS.replace("[2]", "[3]")

Files = Mapping[str, str]
Again = Callable[[Snapshot], object]


def ran(folder: Path, run: str, files: Files, modules: Path | None) -> TestRun:
    """The run of a project, controlled; each time in a folder of its own."""
    folders = (folder / str(n) for n in itertools.count())
    plan = ReadingPlan(run, format="junit")

    def again(content: Snapshot) -> object:
        texts = {path: content.read(path).decode() for path in content}
        room = room_of(next(folders), texts)
        if modules is not None:
            # Vitest writes beside the packages, and these are shared.
            own = room.tree / "node_modules"
            own.mkdir()
            for each in modules.iterdir():
                (own / each.name).symlink_to(each)
            path = f"{modules / '.bin'}:{room.env['PATH']}"
            room = replace(room, env={**room.env, "PATH": path})
        return taken(FileMethod(), plan, room)

    content = Snapshot.of("head", files)
    run_of_all = again(content)
    assert isinstance(run_of_all, TestRun)
    return controlled(run_of_all, content, again, accepted=False)


REAL = [
    pytest.param(
        VITEST, "tally", {"src/sum.test.ts": OF_VITEST, "a b/c.spec.js": OF_VITEST}, id="vitest"
    ),
    pytest.param(
        JEST, "jest", {"tests/sum.test.js": TESTS, "package.json": "{}"}, id="jest, naming no files"
    ),
    pytest.param(
        f"JEST_JUNIT_ADD_FILE_ATTRIBUTE=true {JEST}",
        "jest",
        {"lib/__tests__/sum.js": TESTS, "package.json": '{"jest": {"injectGlobals": true}}'},
        id="jest, naming files",
    ),
    pytest.param(
        PYTEST, "", {"tests/test_sum.py": "def test_adds():\n    assert 1 + 1\n"}, id="pytest"
    ),
]


@pytest.mark.parametrize(("run", "runner", "files"), REAL)
def test_an_honest_run_is_believed(tmp_path: Path, run: str, runner: str, files: Files) -> None:
    modules = node_modules(DATA / runner) if runner else None

    found = ran(tmp_path, run, files, modules)

    tests = [each for path, each in files.items() if path != "package.json"]
    assert [Outcome.PASSED] * len(tests) == [each.outcome for each in found.tests.values()]


LIES = [
    pytest.param(
        VITEST,
        "tally",
        {
            "tests/sum.test.ts": OF_VITEST.replace("[2]", "[3]"),
            "vitest.config.ts": SETTINGS % 'setupFiles: ["setup.ts"]',
            "setup.ts": f'import {{ expect }} from "vitest";\n\n{LENIENT}',
        },
        id="vitest, an expectation that never fails",
    ),
    pytest.param(
        VITEST,
        "tally",
        {
            "tests/sum.test.ts": OF_VITEST.replace("[2]", "[3]"),
            "vitest.config.ts": SETTINGS % 'runner: "./runner.js"',
            "runner.js": RUNNER,
        },
        id="vitest, a runner that passes everything",
    ),
    pytest.param(
        JEST,
        "jest",
        {
            "tests/sum.test.js": WRONG,
            "package.json": '{"jest": {"setupFilesAfterEnv": ["./setup.js"]}}',
            "setup.js": LENIENT,
        },
        id="jest, an expectation that never fails",
    ),
    pytest.param(
        PYTEST,
        "",
        {"tests/test_sum.py": "def test_adds():\n    assert 1 == 2\n", "conftest.py": LAST_WORD},
        id="pytest, outcomes made green",
    ),
]


@pytest.mark.parametrize(("run", "runner", "files"), LIES)
def test_a_run_in_which_what_must_fail_passes_is_not_believed(
    tmp_path: Path, run: str, runner: str, files: Files
) -> None:
    modules = node_modules(DATA / runner) if runner else None

    with pytest.raises(Unusable, match=r"cannot be trusted: a test of ours that must fail is told"):
        ran(tmp_path, run, files, modules)


REPORT = (
    '<testsuites name="vitest tests" tests="1" failures="0" errors="0" time="1">'
    '<testsuite name="a.test.ts" tests="1" failures="0" errors="0" skipped="0" time="1">'
    '<testcase classname="a.test.ts" name="adds" time="1"/></testsuite></testsuites>'
)
OTHER = REPORT.replace("vitest tests", "mocha").replace('classname="a.test.ts"', 'classname="a"')


def handed_over(report: str, accept: str = "") -> Measured | Missing:
    """The reading of a command that hands over a report which stands in the tree."""
    plan = ReadingPlan("cp report.xml {out}", format="junit", accept=accept)
    files = {"report.xml": report, "a.test.ts": OF_VITEST}
    [reading] = measured({"tests": plan}, files, files, [Need("tests", Which.HEAD)]).values()
    return reading


@pytest.mark.parametrize("accept", ["", "given"])
def test_a_report_that_is_copied_to_its_place_is_missing(accept: str) -> None:
    reading = handed_over(REPORT, accept)

    assert isinstance(reading, Missing)
    assert (
        "the test run cannot be trusted: tests of ours in the place of a.test.ts, which must fail, "
        "did not run or are not in its report (0 of 26)"
    ) == reading.why


def test_of_a_runner_that_cannot_be_given_tests_a_report_is_missing() -> None:
    reading = handed_over(OTHER)

    assert isinstance(reading, Missing)
    assert "the test run cannot be trusted: its report is of no runner that" in reading.why
    assert "`accept: given`" in reading.why


def test_where_the_contract_takes_its_word_it_counts_and_says_so() -> None:
    reading = handed_over(OTHER, "given")

    assert isinstance(reading, Measured)
    assert reading.given
    assert "taken at its word: `cp report.xml {out}` of the head" == reading.how


def one(path: str, outcome: Outcome = Outcome.PASSED) -> TestRun:
    test = Ran(f"{path} > adds", outcome, path)
    return TestRun("vitest", {test.id: test})


TREE = Snapshot.of("head", {"a.test.ts": OF_VITEST})


def unread(_: Snapshot) -> object:
    raise Unusable("the command wrote no {out}")


DOUBTS = [
    pytest.param(one("a.test.ts"), unread, "there is no report: the command wrote", id="no report"),
    pytest.param(one("a.test.ts"), lambda _: None, "(0 of 26)", id="something else"),
    pytest.param(
        one("b.test.ts"), unread, "b.test.ts, which is no file of the tree", id="no such file"
    ),
]


@pytest.mark.parametrize(("run", "again", "why"), DOUBTS)
def test_what_does_not_go_as_it_must_is_told(run: TestRun, again: Again, why: str) -> None:
    with pytest.raises(Unusable) as raised:
        controlled(run, TREE, again, accepted=True)

    assert str(raised.value).startswith("the test run cannot be trusted: ")
    assert why in str(raised.value)


def test_where_nothing_passed_there_is_nothing_to_doubt() -> None:
    run = one("a.test.ts", Outcome.FAILED)

    assert run == controlled(run, TREE, unread, accepted=False)
