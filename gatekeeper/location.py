"""Where a repository lies, and in which way it is special."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from gatekeeper.errors import GitError
from gatekeeper.git import Git, printable
from gatekeeper.value import dataclass

_ALWAYS = (
    "--is-bare-repository",
    "--is-shallow-repository",
    "--show-object-format",
    "--absolute-git-dir",
)


@dataclass(frozen=True, slots=True)
class Location:
    """A repository that was found; `git` works in its root, wherever one started."""

    git: Git
    git_directory: Path
    root: Path
    bare: bool
    shallow: bool
    algorithm: str


def locate(start: Path, environ: Mapping[str, str]) -> Location:
    """The repository around `start`, or the one GIT_DIR names; raises GitError."""
    git = Git.at(start, environ)
    answer = git.ask("rev-parse", *_ALWAYS, "--show-toplevel")
    told = answer.out.decode("utf-8", "surrogateescape").split("\n")[:-1]
    if len(told) < len(_ALWAYS):
        raise GitError(
            f"{start} is in no git repository that can be used ({answer.complaint}); "
            "run gatekeeper inside one, or make one with `git init`"
        )
    bare, git_dir = told[0] == "true", told[3]
    if len(told) == len(_ALWAYS) and not bare:
        raise GitError(f"{start} is inside the git directory; run gatekeeper in the work tree")
    if "GIT_DIR" not in git.environ:
        _check_outermost(git, start, Path(git_dir))
    if len(told) > len(_ALWAYS) + 1:
        raise GitError(f"the path of the repository around {start} has a line break in it")
    root = Path(told[-1])
    if not bare and "GIT_WORK_TREE" not in git.environ:
        _check_inside(start, root, environ)
    settled = _settled(git, root, git_dir, bare)
    return Location(settled, Path(git_dir), root, bare, told[1] == "true", told[2])


def _check_outermost(git: Git, start: Path, git_dir: Path) -> None:
    """Refuse a git directory that may be files of another repository.

    Git takes any folder with HEAD, objects and refs in it for a repository, and a change can
    bring such a folder (git-config(1), "safe.bareRepository").
    """
    if not start.resolve().is_relative_to(git_dir.resolve()):
        return
    around = git.within(git_dir.parent).ask("rev-parse", "--absolute-git-dir")
    if around.code == 0:
        outer = printable(os.fsdecode(around.out).strip())
        raise GitError(
            f"{start} is inside the git directory {git_dir}, which lies in another repository "
            f"({outer}) and may be a part of it; run gatekeeper in the work tree of the one you "
            "mean, or set GIT_DIR"
        )


def _check_inside(start: Path, root: Path, environ: Mapping[str, str]) -> None:
    # core.worktree can point anywhere; what would be judged is then not what one sees.
    if not start.resolve().is_relative_to(root.resolve()) and not environ.get("GIT_DIR"):
        raise GitError(
            f"the repository's configuration says that the work tree of {start} is {root}; "
            "see `git config core.worktree`"
        )


def _settled(git: Git, root: Path, git_dir: str, bare: bool) -> Git:
    variables = {"GIT_DIR": git_dir}
    if not bare:
        variables["GIT_WORK_TREE"] = str(root)
    if index := git.environ.get("GIT_INDEX_FILE"):
        # A hook is told of its index by a path that counts from the root.
        variables["GIT_INDEX_FILE"] = str(root / index)
    return git.within(root, **variables)
