"""Builds a git history from the example: before, the contract, the stage, a violation."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

EXAMPLE = Path(__file__).parent / "agent-pipeline"

_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Example",
    "GIT_AUTHOR_EMAIL": "example@example.invalid",
    "GIT_COMMITTER_NAME": "Example",
    "GIT_COMMITTER_EMAIL": "example@example.invalid",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00+0000",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00+0000",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """A dishonest change, and what gatekeeper must say of it (`violation.toml`).

    `measured` tells that it takes a run of tests or tools to see it.
    """

    name: str
    rule: str
    clauses: tuple[str, ...]
    says: str
    path: str
    line: int | None
    side: str
    history: str
    early: tuple[str, ...]
    delete: tuple[str, ...]
    base_delete: tuple[str, ...]
    measured: bool

    @property
    def files(self) -> Path:
        """The files to lay over the honest change."""
        return EXAMPLE / "violations" / self.name / "files"


def violations() -> tuple[Violation, ...]:
    """Every violation that the example ships, by name."""
    return tuple(_violation(path) for path in sorted(EXAMPLE.glob("violations/*/violation.toml")))


def _violation(path: Path) -> Violation:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return Violation(
        name=path.parent.name,
        rule=told["rule"],
        clauses=tuple(told.get("clauses", [told.get("clause")])),
        says=told["says"],
        path=told["path"],
        line=told.get("line"),
        side=told.get("side", "head"),
        history=told.get("history", ""),
        early=tuple(told.get("early", ())),
        delete=tuple(told.get("delete", ())),
        base_delete=tuple(told.get("base_delete", ())),
        measured=told.get("measured", False),
    )


def build(folder: Path, violation: Violation | None = None) -> Path:
    """Make the repository in `folder`: `main` ends with the contract, `stage-2` with the work.

    Whoever asks `gatekeeper check` there judges the stage against the contract on `main`.
    A violation is laid over the stage. Where it names a `history`, part of the work
    (`early`) comes before the contract (`contract-late`) or together with it
    (`contract-with-code`), and `main` ends before both.
    """
    repository = folder / "agent-pipeline"
    repository.mkdir(parents=True)
    _git(repository, "init", "--quiet", "--initial-branch=main")
    _lay(EXAMPLE / "before", repository)
    _delete(repository, violation.base_delete if violation else ())
    _commit(repository, "The service as it is before stage 2")
    if violation is not None and violation.history:
        _git(repository, "switch", "--quiet", "--create", "stage-2")
        _adopt_late(repository, violation)
    else:
        _lay(EXAMPLE / "contract", repository)
        _commit(repository, "The contract for stage 2")
        _git(repository, "switch", "--quiet", "--create", "stage-2")
    _stage(repository, violation)
    return repository


def _adopt_late(repository: Path, violation: Violation) -> None:
    """Commit part of the work before the contract, or in the same commit."""
    for path in violation.early:
        _lay_one(EXAMPLE / "after" / path, repository / path)
    if violation.history == "contract-late":
        _commit(repository, "A first part of stage 2")
    _lay(EXAMPLE / "contract", repository)
    _commit(repository, "The contract for stage 2")


def _stage(repository: Path, violation: Violation | None) -> None:
    """Replace the tree by the one after the stage; the contract files stay as they are."""
    for path in _files(repository):
        if path.relative_to(repository).parts[0] != ".git":
            path.unlink()
    _lay(EXAMPLE / "after", repository)
    _lay(EXAMPLE / "contract", repository)
    if violation is not None and violation.files.is_dir():
        _lay(violation.files, repository)
    _delete(repository, violation.delete if violation else ())
    _commit(repository, "Stage 2: workflows and D1")


def _lay_one(source: Path, target: Path) -> None:
    if source.is_dir():
        _lay(source, target)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() or path.is_symlink()]


def _lay(source: Path, target: Path) -> None:
    ignore = shutil.ignore_patterns("__pycache__", "*.pyc", ".*_cache")
    shutil.copytree(
        source,
        target,
        dirs_exist_ok=True,
        symlinks=True,
        ignore=ignore,
        copy_function=shutil.copy,  # with the time of now: Git takes equal times for no change
    )


def _delete(repository: Path, paths: tuple[str, ...]) -> None:
    for path in paths:
        target = repository / path
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink(missing_ok=True)


def _commit(repository: Path, message: str) -> None:
    _git(repository, "add", "--all", "--force")
    _git(repository, "commit", "--quiet", "--no-verify", "--allow-empty", "--message", message)


def _git(repository: Path, *arguments: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = kept | _ENVIRONMENT
    subprocess.run(["git", *arguments], cwd=repository, env=environment, check=True)
