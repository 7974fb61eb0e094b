"""Where a repository lies, and in which way it is special."""

from __future__ import annotations

import os
from collections.abc import Mapping

from gatekeeper.errors import GitError
from gatekeeper.git import Answer, Git, printable
from gatekeeper.value import dataclass

# It takes longer to import than all that a hook asks of it.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

_ALWAYS = (
    "--is-bare-repository",
    "--is-shallow-repository",
    "--show-object-format",
    "--absolute-git-dir",
)

WHERE = ("rev-parse", *_ALWAYS, "--show-toplevel")
"""What git is asked to find a repository."""


@dataclass(frozen=True, slots=True)
class Location:
    """A repository that was found; `git` works in its root, wherever one started.

    `directory` and `top` are the absolute paths of its git directory and of its root.
    """

    git: Git
    directory: str
    top: str
    bare: bool
    shallow: bool
    algorithm: str

    @property
    def git_directory(self) -> Path:
        """Where git keeps what it knows."""
        return _path(self.directory)

    @property
    def root(self) -> Path:
        """The top of the work tree; the git directory of a bare repository."""
        return _path(self.top)


def _path(text: str) -> Path:
    from pathlib import Path

    return Path(text)


def locate(start: Path, environ: Mapping[str, str]) -> Location:
    """The repository around `start`, or the one GIT_DIR names; raises GitError."""
    git = Git.at(start, environ)
    return located(git, git.ask(*WHERE), environ)


def located(git: Git, answer: Answer, environ: Mapping[str, str]) -> Location:
    """The repository that git found, asked `WHERE`; raises GitError."""
    start = git.cwd
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
        _check_outermost(git, start, git_dir)
    if len(told) > len(_ALWAYS) + 1:
        raise GitError(f"the path of the repository around {start} has a line break in it")
    root = told[-1]
    if not bare and "GIT_WORK_TREE" not in git.environ:
        _check_inside(start, root, environ)
    settled = _settled(git, root, git_dir, bare)
    return Location(settled, git_dir, root, bare, told[1] == "true", told[2])


def _check_outermost(git: Git, start: str, git_dir: str) -> None:
    """Refuse a git directory that may be files of another repository.

    Git takes any folder with HEAD, objects and refs in it for a repository, and a change can
    bring such a folder (git-config(1), "safe.bareRepository").
    """
    if not _is_inside(start, git_dir):
        return
    around = git.within(os.path.dirname(git_dir)).ask("rev-parse", "--absolute-git-dir")
    if around.code == 0:
        outer = printable(os.fsdecode(around.out).strip())
        raise GitError(
            f"{start} is inside the git directory {git_dir}, which lies in another repository "
            f"({outer}) and may be a part of it; run gatekeeper in the work tree of the one you "
            "mean, or set GIT_DIR"
        )


def _check_inside(start: str, root: str, environ: Mapping[str, str]) -> None:
    # core.worktree can point anywhere; what would be judged is then not what one sees.
    if not _is_inside(start, root) and not environ.get("GIT_DIR"):
        raise GitError(
            f"the repository's configuration says that the work tree of {start} is {root}; "
            "see `git config core.worktree`"
        )


def _is_inside(start: str, folder: str) -> bool:
    """Whether a path is a folder or lies in it, wherever links lead."""
    inner, outer = os.path.realpath(start), os.path.realpath(folder)
    return os.path.commonpath((inner, outer)) == outer


def _settled(git: Git, root: str, git_dir: str, bare: bool) -> Git:
    variables = {"GIT_DIR": git_dir}
    if not bare:
        variables["GIT_WORK_TREE"] = root
    if index := git.environ.get("GIT_INDEX_FILE"):
        # A hook is told of its index by a path that counts from the root.
        variables["GIT_INDEX_FILE"] = os.path.join(root, index)
    return git.within(root, **variables)
