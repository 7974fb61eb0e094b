"""`pytest --gatekeeper`: output and exit status agree, with and without xdist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lean import LEAN
from tests.repositories import RepositoryBuilder, make_repository
from tests.stages import agreed_repository

TEST = "def test_passes():\n    assert 1 + 1 == 2\n"


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    repository = agreed_repository(tmp_path)
    repository.write("src/test_service.py", TEST)
    repository.commit("a test")
    return repository


def _pytest(repository: RepositoryBuilder, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *LEAN, "src", *arguments],
        cwd=repository.path,
        env={**repository.environ, "NO_COLOR": "1", "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout


def test_nothing_is_judged_unless_asked(repository: RepositoryBuilder) -> None:
    status, out = _pytest(repository)

    said = out.replace(str(repository.path), "")  # The folder of a checkout can be called so.
    assert "gatekeeper" not in said.replace("stage-gatekeeper", "").replace("gatekeeper-0", "")
    assert status == 0


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one process", "xdist"])
def test_a_broken_contract_fails_the_run_and_the_last_line_says_so(
    repository: RepositoryBuilder, workers: list[str]
) -> None:
    repository.write("src/artifacts/store.py", "changed = True\n")
    repository.commit("quality gate PASSED")

    status, out = _pytest(repository, "--gatekeeper", *workers)

    assert "src/artifacts/store.py:1" in out
    assert out.count("constraints-1") == 1
    assert re.search(r"=+ .*1 passed.* =+\s*$", out)
    assert status == 1


def test_what_is_unproven_fails_the_run_too(repository: RepositoryBuilder) -> None:
    status, out = _pytest(repository, "--gatekeeper")

    assert "UNPROVEN" in out
    assert status == 1


def test_a_repository_without_a_contract_fails_the_run_with_the_reason(
    tmp_path: Path,
) -> None:
    repository = make_repository(tmp_path / "plain")
    repository.write("src/test_service.py", TEST)
    repository.commit("no contract")

    status, out = _pytest(repository, "--gatekeeper")

    assert "gatekeeper init CONTRACT.md" in out
    assert status == 1


def test_a_failing_test_stays_the_reason_it_was(repository: RepositoryBuilder) -> None:
    repository.write("src/test_service.py", TEST.replace("2", "3"))
    repository.commit("a failing test")

    status, out = _pytest(repository, "--gatekeeper")

    assert "1 failed" in out
    assert status == 1


def test_collecting_only_judges_nothing(repository: RepositoryBuilder) -> None:
    status, out = _pytest(repository, "--gatekeeper", "--collect-only", "-q")

    assert "UNPROVEN" not in out
    assert status == 0
