"""The entries of a tree: looked up through its tree objects, listed only when all are wanted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from gatekeeper.errors import GitError, Unreadable
from gatekeeper.listing import Entries, decode, encode
from gatekeeper.objects import Objects
from gatekeeper.snapshot import EXECUTABLE, FILE, LINK, SUBMODULE, Entry, Snapshot

_TREE = "040000"
_MODES = {"40000": _TREE, **{mode: mode for mode in (FILE, EXECUTABLE, LINK, SUBMODULE)}}
_KIND, _FILE, _BY_OWNER = 0o170000, 0o100000, 0o100

_AFTER = chr(ord("/") + 1)

_MANY = 40
"""Folders in a folder that take longer to read one by one than all paths take to be listed."""


class Tree(Entries):
    """A tree of the object store. A hook that asks for three paths does not list ten thousand."""

    def __init__(self, objects: Objects, oid: str, load: Callable[[], Mapping[str, Entry]]) -> None:
        super().__init__(load)
        self._objects = objects
        self.oid = oid
        self._folders: dict[str, Mapping[str, Entry]] = {}
        self._trees: dict[str, Mapping[str, Entry]] = {}

    def __getitem__(self, path: str) -> Entry:
        entry = self.find(path)
        if entry is None:
            raise KeyError(path)
        return entry

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and self.find(path) is not None

    def find(self, path: str) -> Entry | None:
        """What is at `path`; None where nothing is, and at a folder."""
        if self.listed is not None:
            return self.listed.get(path)
        folder, slash, name = path.rpartition("/")
        if slash and not folder:
            return None
        entry = self._inside(folder).get(name)
        return None if entry is None or entry.mode == _TREE else entry

    def below(self, folder: str) -> Iterator[str]:
        """The paths inside a folder, at any depth; those right inside of it come first."""
        inside = {} if self.listed else self._inside(folder)
        own = [f"{folder}/{name}" for name, entry in inside.items() if entry.mode != _TREE]
        yield from own
        if self.listed or len(inside) - len(own) > _MANY:
            start = bisect_left(self._sorted, f"{folder}/")
            end = bisect_left(self._sorted, f"{folder}{_AFTER}", start)
            held = frozenset(own)
            yield from (path for path in self._sorted[start:end] if path not in held)
            return
        for name, entry in inside.items():
            if entry.mode == _TREE:
                yield from self.below(f"{folder}/{name}")

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self)

    def _inside(self, folder: str) -> Mapping[str, Entry]:
        """What is directly in a folder; nothing where there is no such folder."""
        known = self._folders.get(folder)
        if known is not None:
            return known
        inside = self._root
        for name in folder.split("/") if folder else ():
            entry = inside.get(name)
            is_folder = entry is not None and entry.mode == _TREE
            inside = self._folder(entry.oid) if entry is not None and is_folder else {}
        self._folders[folder] = inside
        return inside

    @cached_property
    def _root(self) -> Mapping[str, Entry]:
        return self._folder(self.oid)

    def _folder(self, oid: str) -> Mapping[str, Entry]:
        if oid not in self._trees:
            self._trees[oid] = self._read(oid)
        return self._trees[oid]

    def _read(self, oid: str) -> Mapping[str, Entry]:
        try:
            found = self._objects.find(oid)
        except Unreadable as unreadable:
            raise GitError(f"git cannot read the tree {oid}: {unreadable.reason}") from None
        if found is None or found.kind != "tree":
            raise GitError(f"the tree {oid} is not in this clone; `git fsck` says what is wrong")
        try:
            return _entries(found.content, len(oid) // 2)
        except ValueError:
            raise GitError(f"the tree {oid} is damaged; `git fsck` says what is wrong") from None


def _entries(content: bytes, size: int) -> Mapping[str, Entry]:
    """The entries of a tree object: each a mode, a name, and the bytes of an object id.

    Raises ValueError for what git writes into no tree, and would not look up as it lists it.
    """
    entries: dict[str, Entry] = {}
    at = 0
    while (end := content.find(b"\0", at)) >= 0:
        mode, _, name = decode(content[at:end]).partition(" ")
        if name in entries or "/" in name:
            raise ValueError(name)
        at = end + 1 + size
        entries[name] = Entry(_MODES.get(mode) or _mode(int(mode, 8)), content[end + 1 : at].hex())
    return entries


def _mode(bits: int) -> str:
    """The mode as git takes it: of the permissions, only whether the owner may execute."""
    if bits & _KIND == _FILE:
        return EXECUTABLE if bits & _BY_OWNER else FILE
    return {0o040000: _TREE, 0o120000: LINK}.get(bits & _KIND, SUBMODULE)


class Staged(Entries):
    """A tree with some of its entries replaced, added or (where None) taken out: an index."""

    def __init__(self, tree: Snapshot, changed: Mapping[str, Entry | None]) -> None:
        super().__init__(self._load)
        self._tree = tree
        self._changed = changed

    def __getitem__(self, path: str) -> Entry:
        if path not in self._changed:
            return self._tree.entries[path]
        entry = self._changed[path]
        if entry is None:
            raise KeyError(path)
        return entry

    def __contains__(self, path: object) -> bool:
        if path in self._changed:
            return self._changed[str(path)] is not None
        return path in self._tree

    def below(self, folder: str) -> Iterator[str]:
        """The paths inside a folder, at any depth."""
        if folder not in self._touched:
            yield from self._tree.below(folder)
            return
        changed = {path for path in self._changed if path.startswith(f"{folder}/")}
        yield from (path for path in changed if path in self)
        yield from (path for path in self._tree.below(folder) if path not in changed)

    @cached_property
    def _touched(self) -> frozenset[str]:
        """The folders in which something is changed, at any depth."""
        found: set[str] = set()
        for path in self._changed:
            folder = path.rpartition("/")[0]
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)

    def _load(self) -> Mapping[str, Entry]:
        merged = {**self._tree.entries, **self._changed}
        order = sorted(merged, key=encode)
        return {path: entry for path in order if (entry := merged[path]) is not None}
