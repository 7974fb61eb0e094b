"""The pre-commit hook, run by the real pre-commit in a repository of somebody else's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.repositories import RepositoryBuilder, make_repository
from tests.stages import agreed_repository

ROOT = Path(__file__).parent.parent
CONFIG = "repos: [{repo: '%s', rev: %s, hooks: [{id: gatekeeper}]}]\n"


def _this_checkout(folder: Path) -> RepositoryBuilder:
    """All files of this checkout, the uncommitted ones too, as one commit of a repository."""
    hook = make_repository(folder)
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout
    for path in listed.decode().split("\0"):
        if (ROOT / path).is_file():
            hook.write(path, (ROOT / path).read_bytes())
    hook.commit("the hook")
    return hook


def _run(repository: RepositoryBuilder, config: Path) -> tuple[int, str]:
    """`pre-commit run`; the environment of the hook is installed by the first one and kept."""
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--color=never", "--config", str(config)],
        cwd=repository.path,
        env={**repository.environ, "PRE_COMMIT_HOME": str(config.parent / "hooks")},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_hook_lets_an_honest_change_through_and_stops_a_dishonest_one_with_the_line(
    tmp_path: Path,
) -> None:
    hook = _this_checkout(tmp_path / "hook")
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG % (hook.path, hook.git("rev-parse", "HEAD")))
    repository = agreed_repository(tmp_path)
    repository.write("src/app.py", "changed = True\n")
    repository.stage()

    honest, passed = _run(repository, config)
    repository.write("src/artifacts/store.py", "changed = True\n")
    repository.stage()
    dishonest, stopped = _run(repository, config)

    assert (honest, "Passed" in passed) == (0, True), passed
    assert dishonest != 0
    assert "src/artifacts/store.py:1" in stopped
