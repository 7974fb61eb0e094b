"""The pre-commit hook, run by the real pre-commit in a repository of somebody else's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.repositories import RepositoryBuilder, make_repository
from tests.shared import once
from tests.stages import agreed_repository

ROOT = Path(__file__).parent.parent
CONFIG = "repos: [{repo: '%s', rev: %s, hooks: [{id: gatekeeper}]}]\n"
HONEST, DISHONEST = "src/app.py", "src/artifacts/store.py"


@pytest.fixture(scope="module")
def hook(tmp_path_factory: pytest.TempPathFactory) -> RepositoryBuilder:
    """All files of this checkout, the uncommitted ones too, as one commit of a repository."""
    return RepositoryBuilder(once(tmp_path_factory, "pre-commit", _this_checkout) / "hook")


def _this_checkout(folder: Path) -> None:
    hook = make_repository(folder / "hook")
    for path in _files_of_this_checkout():
        if (ROOT / path).is_file():
            hook.write(path, (ROOT / path).read_bytes())
    hook.commit("the hook")


def _files_of_this_checkout() -> list[str]:
    """What git has or could have; what the hook installs, where this is no repository's folder."""
    if (ROOT / ".git").exists():
        asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout
        return listed.decode().split("\0")
    held = (each for name in ("gatekeeper", "rules") for each in (ROOT / name).rglob("*"))
    code = [each for each in held if "__pycache__" not in each.parts and each.is_file()]
    papers = [each for each in ROOT.iterdir() if each.is_file()]
    return [each.relative_to(ROOT).as_posix() for each in (*code, *papers)]


def pre_commit(repository: RepositoryBuilder, *arguments: str) -> tuple[int, str]:
    """What pre-commit says; what it installs is kept for the next run, save by `try-repo`."""
    folder = repository.path.parent
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", *arguments, "--color=never"],
        cwd=repository.path,
        env={
            **repository.environ,
            "PRE_COMMIT_HOME": str(folder / "hooks"),
            # What one environment of a hook has downloaded, the next one takes from there.
            "PIP_CACHE_DIR": str(ROOT / "build" / "pip-cache"),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.returncode, done.stdout + done.stderr


def staged(repository: RepositoryBuilder, path: str) -> None:
    repository.write(path, "changed = True\n")
    repository.stage()


def test_the_hook_lets_an_honest_change_through_and_stops_a_dishonest_one_with_the_line(
    tmp_path: Path, hook: RepositoryBuilder
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG % (hook.path, hook.git("rev-parse", "HEAD")))
    repository = agreed_repository(tmp_path)
    run = ("run", "--config", str(config))

    staged(repository, HONEST)
    honest, passed = pre_commit(repository, *run)
    staged(repository, DISHONEST)
    dishonest, stopped = pre_commit(repository, *run)

    assert (honest, "Passed" in passed) == (0, True), passed
    assert dishonest != 0
    assert f"{DISHONEST}:1" in stopped


def test_who_tries_the_repository_of_the_hook_is_stopped_with_the_line(
    tmp_path: Path, hook: RepositoryBuilder
) -> None:
    repository = agreed_repository(tmp_path)
    staged(repository, HONEST)
    staged(repository, DISHONEST)

    status, said = pre_commit(repository, "try-repo", str(hook.path))

    assert status == 1, said
    assert "gatekeeper (staged, local check only)" in said
    assert f"{DISHONEST}:1" in said
    assert HONEST not in said
