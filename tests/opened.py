"""Repositories as gatekeeper sees them, in the few words that tests compare."""

from __future__ import annotations

from typing import Protocol

from gatekeeper.change import Change
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
