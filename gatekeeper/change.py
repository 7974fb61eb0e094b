"""Base snapshot, head snapshot, and what changed between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from gatekeeper.snapshot import Entry, Snapshot
from gatekeeper.value import dataclass, field


@dataclass(frozen=True, slots=True)
class FileChange:
    """A path that differs: in content, in mode, or in being there at all."""

    path: str
    before: Entry | None
    after: Entry | None

    @property
    def added(self) -> bool:
        """Whether the base has no such path."""
        return self.before is None

    @property
    def deleted(self) -> bool:
        """Whether the head has no such path."""
        return self.after is None


@dataclass(frozen=True, slots=True)
class Lines:
    """Line numbers, from 1: removed ones counted in the base, added ones in the head."""

    removed: frozenset[int]
    added: frozenset[int]


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of the range, and the paths in which it differs from all of its parents."""

    id: str
    parents: tuple[str, ...]
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class History:
    """The commits that the head has and the base has not, parents before children.

    `missing` says why the range is not whole (a shallow clone, unrelated histories, the
    index); None when it is.
    """

    commits: tuple[Commit, ...]
    missing: str | None = None

    def descendants(self, commit: str) -> frozenset[str]:
        """The ids within the range that descend from `commit`, itself included."""
        found = {commit}
        for each in self.commits:
            if not found.isdisjoint(each.parents):
                found.add(each.id)
        return frozenset(found)


NO_HISTORY = History((), "this comparison is not between two commits")


def no_history() -> History:
    """The history of a comparison that has none (the index, the work tree, a dict)."""
    return NO_HISTORY


Differ = Callable[[bytes, bytes], Lines]


@dataclass(frozen=True, eq=False)
class Change:
    """Two snapshots, compared by path, mode and object id; renames are not guessed."""

    base: Snapshot
    head: Snapshot
    differ: Differ
    recall: Callable[[], History] = no_history
    given: tuple[FileChange, ...] | None = None
    _lines: dict[str, Lines] = field(default_factory=dict, repr=False)

    @cached_property
    def files(self) -> Mapping[str, FileChange]:
        """The changed paths, sorted."""
        found = self.given if self.given is not None else _compare(self.base, self.head)
        return {each.path: each for each in sorted(found, key=lambda each: each.path)}

    @cached_property
    def history(self) -> History:
        """The commits between base and head, read when a rule asks for them."""
        return self.recall()

    def lines(self, path: str) -> Lines:
        """Which lines of a changed file the change removes and adds."""
        if path not in self._lines:
            self._lines[path] = self.differ(_text(self.base, path), _text(self.head, path))
        return self._lines[path]


def _compare(base: Snapshot, head: Snapshot) -> tuple[FileChange, ...]:
    paths = base.entries.keys() | head.entries.keys()
    return tuple(
        FileChange(path, base.entries.get(path), head.entries.get(path))
        for path in paths
        if base.entries.get(path) != head.entries.get(path)
    )


def _text(snapshot: Snapshot, path: str) -> bytes:
    return snapshot.read(path) if path in snapshot else b""
