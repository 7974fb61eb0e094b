"""A run of pytest as a reading: what an honest run gives, and that a hostile one gives no pass."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from gatekeeper.reading.pytest_method import PytestMethod
from gatekeeper.reading.tests import Outcome, TestRun, Uncollected
from gatekeeper.terms import ReadingPlan
from tests.rooms import room_of, taken

PLAN = ReadingPlan(run="python -m pytest -q")

WRONG = "def test_wrong():\n    assert 1 + 1 == 3\n"
RIGHT = "def test_right():\n    assert 1 + 1 == 2\n"


def _run(folder: Path, files: Mapping[str, str], command: str = PLAN.run, **env: str) -> TestRun:
    run = taken(PytestMethod(), ReadingPlan(run=command), room_of(folder, files, **env))
    assert isinstance(run, TestRun)
    return run


def _outcomes(run: TestRun) -> dict[str, Outcome]:
    return {name: ran.outcome for name, ran in run.tests.items()}


EVERYTHING = """\
import unittest
import warnings

import pytest

@pytest.mark.contract("constraints-1", "outputs-2")
def test_passes():
    pass

def test_fails():
    assert 1 == 2

@pytest.fixture
def broken():
    raise RuntimeError("before")

def test_setup_fails(broken):
    pass

@pytest.fixture
def late():
    yield
    raise RuntimeError("after")

def test_teardown_fails(late):
    pass

@pytest.mark.skip(reason="not here")
def test_is_skipped():
    pass

def test_skips_itself():
    pytest.skip("not now")

@pytest.mark.xfail(reason="known")
def test_fails_as_expected():
    assert 1 == 2

@pytest.mark.xfail(reason="thought so")
def test_passes_against_expectation():
    pass

@pytest.mark.xfail(strict=True)
def test_must_not_pass():
    pass

@pytest.mark.parametrize("value", [1, "a::b[0]"])
def test_each(value):
    warnings.warn("look out")

class TestOld(unittest.TestCase):
    def test_equal(self):
        self.assertEqual(1, 1)

    def test_unequal(self):
        self.assertEqual(1, 2)

    @unittest.expectedFailure
    def test_expected(self):
        self.assertEqual(1, 2)

    def test_skip(self):
        self.skipTest("old")

def test_exits():
    raise SystemExit(0)
"""

OUTCOMES = {
    "test_passes": Outcome.PASSED,
    "test_fails": Outcome.FAILED,
    "test_setup_fails": Outcome.ERROR,
    "test_teardown_fails": Outcome.ERROR,
    "test_is_skipped": Outcome.SKIPPED,
    "test_skips_itself": Outcome.SKIPPED,
    "test_fails_as_expected": Outcome.XFAILED,
    "test_passes_against_expectation": Outcome.XPASSED,
    "test_must_not_pass": Outcome.FAILED,
    "test_each[1]": Outcome.PASSED,
    "test_each[a::b[0]]": Outcome.PASSED,
    "TestOld::test_equal": Outcome.PASSED,
    "TestOld::test_unequal": Outcome.FAILED,
    "TestOld::test_expected": Outcome.XFAILED,
    "TestOld::test_skip": Outcome.SKIPPED,
    "test_exits": Outcome.FAILED,
}


@pytest.mark.parametrize(
    "command",
    [
        "python -m pytest -q",
        "pytest",
        "pytest -x",
        "pytest --maxfail=1 -n 2",
        "pytest --stepwise",
        "pytest -n 2 --dist=loadfile",
        "pytest --reruns 1",
        "pytest --junitxml=theirs.xml --junit-prefix=theirs",
        "coverage run -m pytest",
        'cd . && PYTEST_ADDOPTS="$PYTEST_ADDOPTS -v" pytest',
    ],
)
def test_every_test_is_read_with_its_outcome(tmp_path: Path, command: str) -> None:
    run = _run(tmp_path, {"tests/test_all.py": EVERYTHING}, command)

    assert {f"tests/test_all.py::{name}": each for name, each in OUTCOMES.items()} == _outcomes(run)


def test_a_test_is_read_with_its_place_its_reason_and_its_clauses(tmp_path: Path) -> None:
    run = _run(tmp_path, {"tests/test_all.py": EVERYTHING, "pytest.ini": "[pytest]\n"})
    passes, fails = (run.tests[f"tests/test_all.py::test_{name}"] for name in ("passes", "fails"))
    skipped = run.tests["tests/test_all.py::test_is_skipped"]

    assert (
        (passes.path, passes.line, passes.reason, passes.contracts),
        (fails.path, fails.line, fails.reason, fails.contracts),
        (skipped.path, skipped.line, skipped.reason, skipped.contracts),
        run.warnings,
        run.tool.startswith(f"pytest {pytest.__version__}, Python 3."),
    ) == (
        ("tests/test_all.py", 6, "", ("constraints-1", "outputs-2")),
        ("tests/test_all.py", 10, "assert 1 == 2", ()),
        ("tests/test_all.py", 28, "not here", ()),
        ("tests/test_all.py:49: UserWarning: look out",),
        True,
    )


def test_a_run_in_which_every_test_passes_is_read_so_although_pytest_fails(tmp_path: Path) -> None:
    run = _run(tmp_path, {"a/test_a.py": RIGHT, "b/test_b.py": RIGHT, "doc.rst": ">>> 1\n1\n"})

    assert _outcomes(run) == {
        "a/test_a.py::test_right": Outcome.PASSED,
        "b/test_b.py::test_right": Outcome.PASSED,
    }


def test_the_projects_own_choice_of_folders_stays_in_force(tmp_path: Path) -> None:
    files = {
        "pytest.ini": "[pytest]\ntestpaths = chosen\naddopts = --strict-markers --strict-config\n",
        "chosen/test_a.py": RIGHT,
        "left/test_b.py": WRONG,
    }

    run = _run(tmp_path, files)

    assert _outcomes(run) == {"chosen/test_a.py::test_right": Outcome.PASSED}


def test_what_was_left_out_is_named(tmp_path: Path) -> None:
    files = {"test_a.py": RIGHT + WRONG, "pytest.ini": "[pytest]\naddopts = -k right\n"}

    run = _run(tmp_path, files)

    assert (_outcomes(run), run.deselected) == (
        {"test_a.py::test_right": Outcome.PASSED},
        ("test_a.py::test_wrong",),
    )


def test_what_a_hook_leaves_out_without_saying_so_is_named_as_well(tmp_path: Path) -> None:
    hook = (
        "def pytest_collection_modifyitems(items):\n"
        "    items[:] = [each for each in items if 'wrong' not in each.name]\n"
    )

    run = _run(tmp_path, {"test_a.py": RIGHT + WRONG, "conftest.py": hook})

    assert (_outcomes(run), run.deselected) == (
        {"test_a.py::test_right": Outcome.PASSED},
        ("test_a.py::test_wrong",),
    )


def test_a_file_that_cannot_be_collected_does_not_keep_the_others_from_running(
    tmp_path: Path,
) -> None:
    skipping = "import pytest\npytest.skip('not on this machine', allow_module_level=True)\n"
    files = {"t/test_a.py": RIGHT, "t/test_b.py": "import nowhere\n", "t/test_c.py": skipping}

    run = _run(tmp_path, files)

    assert (_outcomes(run), run.uncollected) == (
        {"t/test_a.py::test_right": Outcome.PASSED, "t/test_c.py": Outcome.SKIPPED},
        (Uncollected("t/test_b.py", "ModuleNotFoundError: No module named 'nowhere'"),),
    )


def test_paths_are_those_of_the_tree_where_pytest_has_a_root_of_its_own(tmp_path: Path) -> None:
    files = {"backend/pytest.ini": "[pytest]\n", "backend/tests/test_a.py": RIGHT}

    run = _run(tmp_path, files, "cd backend && pytest")

    assert {name: ran.path for name, ran in run.tests.items()} == {
        "tests/test_a.py::test_right": "backend/tests/test_a.py"
    }


@pytest.mark.parametrize("workers", ["", " -n 1"], ids=["one process", "xdist"])
def test_of_a_test_that_is_run_again_the_last_word_counts(tmp_path: Path, workers: str) -> None:
    flaky = (
        "from pathlib import Path\n\n"
        "def test_second_time():\n"
        "    seen = Path('seen').exists()\n"
        "    Path('seen').touch()\n"
        "    assert seen\n"
    )

    run = _run(tmp_path, {"test_a.py": flaky}, f"pytest --reruns 2{workers}")

    assert (_outcomes(run), run.notes) == (
        {"test_a.py::test_second_time": Outcome.PASSED},
        ("run more than once, the last outcome counts: test_a.py::test_second_time (1)",),
    )


MARKED = """\
import pytest

pytestmark = pytest.mark.contract("module")


@pytest.mark.contract("class")
class TestAll:
    @pytest.mark.contract("own", "more")
    def test_own(self):
        pass

    def test_inherited(self):
        pass


@pytest.mark.parametrize(
    "x", [pytest.param(1, marks=pytest.mark.contract("case")), 2]
)
def test_each(x):
    assert x
"""


@pytest.mark.parametrize("options", ["", " -n 2", " --reruns 1", " -n 2 --reruns 1 -x"])
def test_clauses_are_read_of_a_test_its_class_and_its_module(tmp_path: Path, options: str) -> None:
    files = {
        "test_marked.py": MARKED,
        "test_plain.py": "def test_plain():\n    pass\n",
        "test_hook.py": "def test_hook():\n    pass\n",
        "conftest.py": (
            "def pytest_collection_modifyitems(items):\n"
            "    for item in items:\n"
            "        if item.name == 'test_hook':\n"
            "            item.parent.add_marker('slow')\n"
            "            item.add_marker(__import__('pytest').mark.contract('hook'))\n"
        ),
    }

    run = _run(tmp_path, files, f"pytest{options}")

    assert {ran.id.partition("::")[2]: ran.contracts for ran in run.tests.values()} == {
        "TestAll::test_own": ("own", "more", "class", "module"),
        "TestAll::test_inherited": ("class", "module"),
        "test_each[1]": ("case", "module"),
        "test_each[2]": ("module",),
        "test_plain": (),
        "test_hook": ("hook",),
    }


@pytest.mark.parametrize("workers", ["", " -n 1"], ids=["one process", "xdist"])
def test_a_suite_without_tests_is_read_as_none(tmp_path: Path, workers: str) -> None:
    run = _run(tmp_path, {"test_a.py": ""}, f"pytest{workers}")

    assert (_outcomes(run), run.uncollected) == ({}, ())


def test_a_pytest_that_a_test_starts_is_not_recorded(tmp_path: Path) -> None:
    nested = (
        "import os, subprocess, sys\n\n"
        "def test_nested():\n"
        "    assert 'gatekeeper' not in repr(dict(os.environ)).replace('gatekeeper-', '')\n"
        "    subprocess.run([sys.executable, '-m', 'pytest', 'inner'], check=True)\n"
    )
    files = {
        "outer/test_a.py": nested,
        "outer/inner/test_b.py": RIGHT,
        "pytest.ini": "[pytest]\nnorecursedirs = inner\n",
    }

    run = _run(tmp_path / "x", files, "cd outer && pytest")

    assert _outcomes(run) == {"outer/test_a.py::test_nested": Outcome.PASSED}


def test_subtests_that_fail_fail_their_test_and_skipped_ones_do_not(tmp_path: Path) -> None:
    tests = (
        "import unittest\n\n"
        "class TestParts(unittest.TestCase):\n"
        "    def test_fails(self):\n"
        "        with self.subTest(1):\n"
        "            self.assertEqual(1, 2)\n"
        "    def test_skips(self):\n"
        "        with self.subTest(1):\n"
        "            self.skipTest('no')\n"
    )

    run = _run(tmp_path, {"test_a.py": tests})

    assert _outcomes(run) == {
        "test_a.py::TestParts::test_fails": Outcome.FAILED,
        "test_a.py::TestParts::test_skips": Outcome.PASSED,
    }


@pytest.mark.parametrize("workers", ["", " -n 1"], ids=["one process", "xdist"])
def test_fixtures_for_every_test_do_not_disturb(tmp_path: Path, workers: str) -> None:
    fixtures = (
        "import pytest\n\n"
        "@pytest.fixture(autouse=True)\n"
        "def around(request, tmp_path, monkeypatch):\n"
        "    assert request.module.__name__ and request.node.name\n"
        "    yield\n"
    )
    files = {"t/__init__.py": "", "t/conftest.py": fixtures, "t/test_a.py": RIGHT + WRONG}

    run = _run(tmp_path, files, f"pytest{workers}")

    assert _outcomes(run) == {
        "t/test_a.py::test_right": Outcome.PASSED,
        "t/test_a.py::test_wrong": Outcome.FAILED,
    }
