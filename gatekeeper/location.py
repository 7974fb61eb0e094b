"""Where a repository lies, and in which way it is special."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gatekeeper.errors import GitError
from gatekeeper.git import Git
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
    if len(told) > len(_ALWAYS) + 1:
        raise GitError(f"the path of the repository around {start} has a line break in it")
    root = Path(told[-1])
    if not bare and "GIT_WORK_TREE" not in git.environ:
        _check_inside(start, root, environ)
    settled = _settled(git, root, git_dir, bare)
    return Location(settled, Path(git_dir), root, bare, told[1] == "true", told[2])


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
