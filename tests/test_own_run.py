"""`pytest --gatekeeper` judges with the run's own outcomes, and says that it does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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


def _pytest(repository: RepositoryBuilder, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--gatekeeper", *arguments],
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


def test_the_marker_of_a_clause_is_known_without_judging(repository: RepositoryBuilder) -> None:
    test = '@pytest.mark.contract("validation-1")\n'
    repository.write("tests/test_app.py", f"import pytest\n\n{test}{RIGHT}")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--strict-markers", "-p", "no:cacheprovider"],
        cwd=repository.path,
        env=repository.environ,
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0
