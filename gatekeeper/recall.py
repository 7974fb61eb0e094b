"""Paths that an earlier run found in a tree, brought up to date for the tree that is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from gatekeeper.git import Git
from gatekeeper.listing import RAW, raw_changes
from gatekeeper.needles import Needle
from gatekeeper.objects import is_id
from gatekeeper.search import reading
from gatekeeper.snapshot import Entry, Search, Sieve, Sift
from gatekeeper.store import Store
from gatekeeper.tree import Tree

Changed = Mapping[str, Entry | None]
Paths = tuple[str, ...]


class Recall:
    """Goes on from what the store knows of this tree, or of the one before it."""

    def __init__(self, store: Store, git: Git, tree: Tree) -> None:
        self._store = store
        self._git = git
        self._tree = tree

    def search(self, whole: Search, blobs: Mapping[str, bytes]) -> Search:
        """A search that looks only at files which the last one has not seen."""

        def search(needles: Sequence[Needle]) -> Paths:
            key = " ".join(sorted(map(repr, set(needles))))
            among = partial(reading, blobs=blobs, needles=needles)
            return self._paths(f"search {key}", lambda: whole(needles), among)

        return search

    def sift(self, sieve: Sieve) -> Paths:
        """The paths that pass a sieve."""
        whole = partial(sieve.passing, self._tree)
        return self._paths(f"{sieve.name} {sieve.version}", whole, sieve.passing)

    def _paths(
        self,
        key: str,
        whole: Callable[[], Iterable[str]],
        among: Callable[[Mapping[str, Entry]], Iterable[str]],
    ) -> Paths:
        before, known = _known(self._store.recall("paths", key))
        changed = {} if before == self._tree.oid else self._changed(before)
        found = tuple(whole()) if changed is None else over(known, changed, among)
        if before != self._tree.oid:
            self._store.keep("paths", key, [self._tree.oid, found])
        return tuple(path for path in found if path in self._tree)

    def _changed(self, before: str) -> Changed | None:
        """What this tree has otherwise than an earlier one; None where that is not to be had."""
        answer = self._git.ask("diff-tree", *RAW, before, self._tree.oid) if before else None
        if answer is None or answer.code:
            return None
        return {each.path: each.after for each in raw_changes(answer.out)}


def search_over(below: Search, changed: Changed, blobs: Mapping[str, bytes]) -> Search:
    """A search of a tree with some of its entries changed: only those are looked at anew."""
    return lambda needles: over(
        below(needles), changed, partial(reading, blobs=blobs, needles=needles)
    )


def sift_over(below: Sift, changed: Changed) -> Sift:
    """A sieve for a tree with some of its entries changed."""
    return lambda sieve: over(below(sieve), changed, sieve.passing)


def over(
    known: Paths, changed: Changed, among: Callable[[Mapping[str, Entry]], Iterable[str]]
) -> Paths:
    """The paths known before without those that changed, and what is found among those."""
    if not changed:
        return known
    there = {path: entry for path, entry in changed.items() if entry is not None}
    kept = (path for path in known if path not in changed)
    return tuple(sorted((*kept, *among(there))))


def _known(fact: object) -> tuple[str, Paths]:
    """The tree that was looked through, and what was found; no tree where nothing is known."""
    match fact:
        case [str(tree), list(paths)] if is_id(tree):
            if all(isinstance(path, str) for path in paths):
                return tree, tuple(paths)
    return "", ()
