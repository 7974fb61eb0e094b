"""Repositories as gatekeeper sees them, in the few words that tests compare."""

from __future__ import annotations

from typing import Protocol

from gatekeeper.change import Change
from gatekeeper.comparison import Comparison
from gatekeeper.repository import Repository
from gatekeeper.snapshot import Snapshot
from tests.repositories import RepositoryBuilder


class Open(Protocol):
    """Opens a repository for the time of a test, with variables added to its environment."""

    def __call__(self, builder: RepositoryBuilder, **variables: str) -> Repository: ...


def kinds(change: Change) -> dict[str, tuple[str | None, str | None]]:
    """The modes of each changed path, before and after."""
    return {
        path: (each.before.mode if each.before else None, each.after.mode if each.after else None)
        for path, each in change.files.items()
    }


def contents(snapshot: Snapshot) -> dict[str, bytes]:
    """Every file of a snapshot, read."""
    return {path: snapshot[path] for path in snapshot}


def ids(found: Comparison) -> tuple[str | None, str | None]:
    """The commits of both sides."""
    return found.base.commit, found.head.commit


def forked(built: RepositoryBuilder) -> tuple[str, str, str]:
    """A branch `work` that left `main`, which went on: the fork, main's tip, the work."""
    built.write("a.txt", "base")
    fork = built.commit("fork")
    built.git("checkout", "--quiet", "-b", "work")
    built.write("work.txt", "work")
    work = built.commit("work")
    built.git("checkout", "--quiet", "main")
    built.write("main.txt", "main")
    main = built.commit("main")
    built.git("checkout", "--quiet", "work")
    return fork, main, work
