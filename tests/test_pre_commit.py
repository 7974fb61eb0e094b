"""The pre-commit hook, run by the real pre-commit in a repository of somebody else's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.repositories import RepositoryBuilder
from tests.stages import agreed_repository

ROOT = Path(__file__).parent.parent


def _try_hook(repository: RepositoryBuilder) -> tuple[int, str]:
    """`pre-commit try-repo`: installs this checkout as a hook of its own and runs it."""
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "try-repo", "--color=never", str(ROOT), "gatekeeper"],
        cwd=repository.path,
        env={**repository.environ, "PRE_COMMIT_HOME": str(repository.path.parent / "hooks")},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("path", "passes", "said"),
    [
        pytest.param("src/app.py", True, "Passed", id="an honest change is let through"),
        pytest.param(
            "src/artifacts/store.py",
            False,
            "src/artifacts/store.py:1",
            id="a dishonest one is stopped, with the line",
        ),
    ],
)
def test_the_hook_judges_what_is_staged(tmp_path: Path, path: str, passes: bool, said: str) -> None:
    repository = agreed_repository(tmp_path)
    repository.write(path, "changed = True\n")
    repository.stage()

    status, out = _try_hook(repository)

    assert said in out
    assert (status == 0) is passes
