"""The trees of a repository, listed: one of them by git, the rest as what they have otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper.change import FileChange
from gatekeeper.git import Git
from gatekeeper.listing import RAW, encode, raw_changes, tree_entries
from gatekeeper.recall import Changed, over
from gatekeeper.snapshot import Entry, Sieve

Paths = tuple[str, ...]


class Forest:
    """The listings of trees, of which most are a few changes away from one that is known."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._changes: dict[tuple[str, str], tuple[FileChange, ...]] = {}
        self._listed: dict[str, Mapping[str, Entry]] = {}
        self._derived: dict[str, tuple[str, Changed]] = {}
        self._passed: dict[tuple[str, Sieve], Paths] = {}

    def changes(self, old: str, new: str) -> tuple[FileChange, ...]:
        """How two trees differ, as git compares them."""
        if (old, new) not in self._changes:
            self._changes[old, new] = raw_changes(self._git.run("diff-tree", *RAW, old, new))
        return self._changes[old, new]

    def entries(self, tree: str) -> Mapping[str, Entry]:
        """The files, links and submodules of a tree, by path, in the order of their bytes."""
        if tree not in self._listed:
            self._listed[tree] = self._derive(tree) or tree_entries(self._git, tree)
        return self._listed[tree]

    def passing(self, tree: str, sieve: Sieve) -> Paths:
        """The paths of a tree that pass a sieve, sorted; each entry is sifted once."""
        if (tree, sieve) not in self._passed:
            entries = self.entries(tree)
            other, changed = self._derived.get(tree, ("", {}))
            self._passed[tree, sieve] = (
                over(self.passing(other, sieve), changed, sieve.passing)
                if other
                else sieve.passing(entries)
            )
        return self._passed[tree, sieve]

    def _derive(self, tree: str) -> Mapping[str, Entry] | None:
        """The entries as a listed tree has them, but for the changes; None where none fits."""
        for (old, new), changes in self._changes.items():
            if tree in (old, new):
                other = old if tree == new else new
                sides = {each.path: (each.before, each.after) for each in changes}
                if tree == old:
                    sides = {path: (now, then) for path, (then, now) in sides.items()}
                listed = self._listed.get(other, {})
                if len(sides) == len(changes) and _is_of(listed, sides):
                    changed = {path: after for path, (_, after) in sides.items()}
                    self._derived[tree] = other, changed
                    return _changed(listed, changed)
        return None


def _is_of(listed: Mapping[str, Entry], sides: Mapping[str, tuple[Entry | None, object]]) -> bool:
    """Whether a comparison tells the truth about a listing, as it may not where a tree is odd.

    Of a tree that names a path twice, or in the wrong order, git tells the same path as
    added that is there already.
    """
    return bool(listed) and all(listed.get(path) == before for path, (before, _) in sides.items())


def _changed(listed: Mapping[str, Entry], changed: Changed) -> Mapping[str, Entry]:
    merged = dict(listed)
    added = False
    for path, entry in changed.items():
        if entry is None:
            del merged[path]
        else:
            added = added or path not in merged
            merged[path] = entry
    return {path: merged[path] for path in sorted(merged, key=encode)} if added else merged
