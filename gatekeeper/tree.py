"""The entries of a tree: looked up through its tree objects, listed only when all are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from gatekeeper.errors import GitError, Unreadable
from gatekeeper.listing import Entries, decode, encode
from gatekeeper.objects import Objects
from gatekeeper.snapshot import Entry, Snapshot

_TREE = "040000"


class Tree(Entries):
    """A tree of the object store. A hook that asks for three paths does not list ten thousand."""

    def __init__(self, objects: Objects, oid: str, load: Callable[[], Mapping[str, Entry]]) -> None:
        super().__init__(load)
        self._objects = objects
        self.oid = oid
        self._folders: dict[str, Mapping[str, Entry]] = {}

    def __getitem__(self, path: str) -> Entry:
        if self.is_listed:
            return super().__getitem__(path)
        entry = self._at(path)
        if entry is None or entry.mode == _TREE:
            raise KeyError(path)
        return entry

    def __contains__(self, path: object) -> bool:
        if self.is_listed or not isinstance(path, str):
            return super().__contains__(path)
        entry = self._at(path)
        return entry is not None and entry.mode != _TREE

    def below(self, folder: str) -> Iterator[str]:
        """The paths inside a folder, at any depth."""
        entry = self._at(folder)
        if entry is not None and entry.mode == _TREE:
            for name, inner in self._folder(entry.oid).items():
                path = f"{folder}/{name}"
                yield from self.below(path) if inner.mode == _TREE else (path,)

    def _at(self, path: str) -> Entry | None:
        entry: Entry | None = Entry(_TREE, self.oid)
        for name in path.split("/"):
            if entry is None or entry.mode != _TREE:
                return None
            entry = self._folder(entry.oid).get(name)
        return entry

    def _folder(self, oid: str) -> Mapping[str, Entry]:
        if oid not in self._folders:
            self._folders[oid] = self._read(oid)
        return self._folders[oid]

    def _read(self, oid: str) -> Mapping[str, Entry]:
        try:
            found = self._objects.find(oid)
        except Unreadable as unreadable:
            raise GitError(f"git cannot read the tree {oid}: {unreadable.reason}") from None
        if found is None or found.kind != "tree":
            raise GitError(f"the tree {oid} is not in this clone; `git fsck` says what is wrong")
        return _entries(found.content, len(oid) // 2)


def _entries(content: bytes, size: int) -> Mapping[str, Entry]:
    """The entries of a tree object: each a mode, a name, and the bytes of an object id."""
    entries, at = {}, 0
    while (end := content.find(b"\0", at)) >= 0:
        mode, _, name = decode(content[at:end]).partition(" ")
        at = end + 1 + size
        entries[name] = Entry(mode.zfill(6), content[end + 1 : at].hex())
    return entries


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
        inside = (path for path in self._changed if path.startswith(f"{folder}/"))
        paths = dict.fromkeys((*self._tree.below(folder), *inside))
        return (path for path in paths if path in self)

    def _load(self) -> Mapping[str, Entry]:
        merged = {**self._tree.entries, **self._changed}
        order = sorted(merged, key=encode)
        return {path: entry for path in order if (entry := merged[path]) is not None}
