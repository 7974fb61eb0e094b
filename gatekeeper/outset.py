"""What a hook asks git first: all at once, so that git works while the rest is imported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from gatekeeper.git import Asked, Git
from gatekeeper.location import WHERE
from gatekeeper.objects import Objects
from gatekeeper.value import dataclass

RAW = ("--raw", "-z", "--no-renames", "--no-abbrev", "--ignore-submodules=none")
"""How git lists what two trees have otherwise."""

IN_INDEX = ("diff-index", "--cached", "--ita-invisible-in-index", *RAW)
"""The command that lists what the index has otherwise than a tree."""


@dataclass(frozen=True)
class Outset:
    """Where the repository is, what is staged (`IN_INDEX`), and a reader that waits.

    `git` works where one started: what it says of a repository counts only when that was
    located, and found to be one that can be used.
    """

    git: Git
    where: Asked
    staged: Asked
    objects: Objects


@contextmanager
def begun(environ: Mapping[str, str]) -> Iterator[Outset]:
    """Git, asked in the current folder; ended afterwards in any case. Raises GitError."""
    with ExitStack() as ends:
        git = Git.at(".", environ)
        where = git.begin(*WHERE)
        ends.callback(where.end)
        staged = git.begin(*IN_INDEX, "HEAD^{tree}", "--")
        ends.callback(staged.end)
        objects = Objects(git)
        ends.callback(objects.close)
        objects.begin()
        yield Outset(git, where, staged, objects)
