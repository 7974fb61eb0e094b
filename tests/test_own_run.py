"""`pytest --gatekeeper` judges with the run's own outcomes, and says that it does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.lean import LEAN
from tests.repositories import RepositoryBuilder, make_repository

CONTRACT = """\
# Stage 1: tested

## Validation
- All tests pass.

---
This contract is committed before implementation.
"""

BINDING = """\
contract: contracts/stage-1.md
contracts: [contracts/*.md]
readings:
  tests: {run: pytest}
clauses:
  - says: All tests pass.
    rules: [test-failed: {base-tests: false}]
  - says: This contract is committed before implementation.
    rules: [contract-after-code]
"""

RIGHT = "def test_right():\n    assert 1 + 1 == 2\n"
WRONG = "def test_wrong():\n    assert 1 + 1 == 3\n"


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    """A stage in which a test was added; the branch is `work`."""
    repository = make_repository(tmp_path / "service")
    repository.write_all({"app.py": "x = 1\n", ".gitignore": "__pycache__\n"})
    repository.commit("the service")
    repository.write_all({"contracts/stage-1.md": CONTRACT, "gatekeeper.yaml": BINDING})
    repository.commit("the contract")
    repository.git("checkout", "--quiet", "-b", "work")
    repository.write("tests/test_app.py", RIGHT)
    repository.commit("a test")
    return repository


def _pytest(
    repository: RepositoryBuilder, *arguments: str, python: Sequence[str] = ()
) -> tuple[int, str]:
    asked = ["-m", "pytest", *LEAN, "--gatekeeper", *arguments]
    done = subprocess.run(
        [sys.executable, *python, *asked],
        cwd=repository.path,
        env={**repository.environ, "NO_COLOR": "1", "COLUMNS": "200", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one process", "xdist"])
def test_a_run_that_passes_is_kept_and_labelled(
    repository: RepositoryBuilder, workers: list[str]
) -> None:
    status, out = _pytest(repository, *workers)

    assert "✓ validation-1  1 tests; the reading tests of the head was reported by the very" in out
    assert (("UNPROVEN" in out), status) in ((False, 0), (True, 1))


def test_a_test_that_fails_breaks_the_clause(repository: RepositoryBuilder) -> None:
    repository.write("tests/test_app.py", RIGHT + WRONG)
    repository.commit("a wrong test")

    status, out = _pytest(repository)

    assert "BROKEN" in out
    assert "tests/test_app.py:3" in out
    assert status == 1


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("app.py", "x = 2\n", "app.py differs from what is judged"),
        ("tests/test_new.py", RIGHT, "tests/test_new.py is not in what is judged"),
    ],
    ids=["a file differs", "a test is not committed"],
)
def test_a_run_on_something_else_than_what_is_judged_is_no_reading(
    repository: RepositoryBuilder, path: str, content: str, said: str
) -> None:
    repository.write(path, content)

    status, out = _pytest(repository)

    assert said in out
    assert status == 1


def test_a_run_that_hides_a_failure_is_no_reading(repository: RepositoryBuilder) -> None:
    hook = (
        "import pytest\n\n@pytest.hookimpl(hookwrapper=True)\n"
        "def pytest_runtest_makereport():\n"
        "    done = yield\n    done.get_result().outcome = 'passed'\n"
    )
    repository.write("tests/conftest.py", hook)
    repository.write("tests/test_app.py", WRONG)
    repository.commit("green")

    status, out = _pytest(repository)

    assert "test_wrong raised AssertionError and was reported as" in out
    assert status == 1


def test_what_only_a_measurement_shows_is_unproven_and_nothing_else_is_run(
    repository: RepositoryBuilder,
) -> None:
    repository.git("checkout", "--quiet", "main")
    binding = BINDING.replace("[test-failed: {base-tests: false}]", "[test-failed, test-lost]")
    repository.write("gatekeeper.yaml", binding)
    repository.commit("the contract asks for more")
    repository.git("checkout", "--quiet", "work")
    repository.git("rebase", "--quiet", "main")

    status, out = _pytest(repository)

    assert "a test run measures only itself" in out
    assert status == 1


COVERED = """\
contract: contracts/stage-1.md
contracts: [contracts/*.md]
readings:
  tests: {run: pytest}
  coverage: {run: "pytest --cov --cov-report=json:{out}", format: coverage-json}
clauses:
  - says: All tests pass.
    rules: [coverage-dropped: {minimum: 90}]
  - says: This contract is committed before implementation.
    rules: [contract-after-code]
"""
APP = "def half(x):\n    return x / 2\n\n\ndef third(x):\n    y = x / 3\n    return y\n"
CALLS = "import app\n\n\ndef test_half():\n    assert app.half(4) == 2\n"


@pytest.fixture
def covered(repository: RepositoryBuilder) -> RepositoryBuilder:
    """A stage that asks for coverage, and tests that do not reach all of the code."""
    repository.git("checkout", "--quiet", "main")
    repository.write("gatekeeper.yaml", COVERED)
    repository.write("pytest.ini", "[pytest]\npythonpath = .\naddopts = -W error\n")
    repository.commit("the contract asks for coverage")
    repository.git("checkout", "--quiet", "work")
    repository.git("rebase", "--quiet", "main")
    repository.write_all(
        {"app.py": APP, "tests/test_app.py": CALLS, ".gitignore": "*.pyc\n.cov*\n"}
    )
    repository.commit("code, and a test of half of it")
    return repository


@pytest.mark.parametrize(
    "options",
    [["--cov=app"], ["--cov=app", "-n", "2"], ["--cov=app", "--cov-branch"]],
    ids=["one process", "xdist", "branches"],
)
def test_coverage_of_the_run_is_judged_and_labelled(
    covered: RepositoryBuilder, options: list[str]
) -> None:
    status, out = _pytest(covered, *options)

    assert "The line coverage is 3 of 5 (60.00 %), under the floor of 90 %" in out
    assert "self-reported: the outcomes and the coverage of this very run" in out
    assert (status, "1 passed" in out) == (1, True)


def test_coverage_that_coverage_run_measures_is_judged_too(covered: RepositoryBuilder) -> None:
    run = ["-m", "coverage", "run", "--include=app.py"]

    status, out = _pytest(covered, python=run)

    assert "The line coverage is 3 of 5 (60.00 %), under the floor of 90 %" in out
    assert status == 1


@pytest.mark.parametrize(
    ("options", "python"),
    [([], []), (["-n", "1"], ["-m", "coverage", "run"]), (["--cov=app", "--no-cov"], [])],
    ids=["nothing measures", "only the controller is measured", "switched off"],
)
def test_a_run_that_was_not_measured_as_a_whole_has_no_coverage(
    covered: RepositoryBuilder, options: list[str], python: list[str]
) -> None:
    status, out = _pytest(covered, *options, python=python)

    assert "a test run measures only itself" in out
    assert status == 1


@pytest.mark.parametrize(
    ("options", "test", "said", "ended"),
    [
        (["-x"], WRONG + RIGHT, "Failed: stopping after 1 failures", 1),
        (["--maxfail=1", "-n", "1"], WRONG + RIGHT, "stopping after 1 failures", 2),
        ([], "def test_stops():\n    raise KeyboardInterrupt\n", "KeyboardInterrupt", 2),
        ([], "import nowhere\n", "Interrupted: 1 error during collection", 2),
        (
            [],
            "import pytest\ndef test_stops():\n    pytest.exit('enough', returncode=0)\n",
            "Exit: enough",
            1,
        ),
    ],
    ids=["-x", "--maxfail with xdist", "Ctrl-C", "an error at collection", "an exit that is well"],
)
def test_a_run_that_was_broken_off_is_not_judged_and_is_no_pass(
    repository: RepositoryBuilder, options: list[str], test: str, said: str, ended: int
) -> None:
    repository.write("tests/test_app.py", test)
    repository.commit("what breaks it off")

    status, out = _pytest(repository, *options)

    assert "not judged, for the run did not come to its end" in out
    assert said in out
    assert status == ended


def test_a_process_that_dies_is_no_pass(repository: RepositoryBuilder) -> None:
    repository.write("tests/test_app.py", "import os\n\ndef test_dies():\n    os._exit(7)\n")
    repository.commit("dies")

    assert _pytest(repository)[0] == 7


def test_a_worker_that_dies_is_a_test_that_failed(repository: RepositoryBuilder) -> None:
    repository.write("tests/test_app.py", "import os\n\ndef test_dies():\n    os._exit(0)\n")
    repository.commit("dies")

    status, out = _pytest(repository, "-n", "1")

    assert "✓ validation-1" not in out
    assert status == 1


def test_the_marker_of_a_clause_is_known_without_judging(repository: RepositoryBuilder) -> None:
    test = '@pytest.mark.contract("validation-1")\n'
    repository.write("tests/test_app.py", f"import pytest\n\n{test}{RIGHT}")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *LEAN, "--strict-markers"],
        cwd=repository.path,
        env=repository.environ,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0
