"""What git lists, read into entries and changes."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, Mapping
from functools import cached_property

from gatekeeper.change import FileChange
from gatekeeper.errors import GitError
from gatekeeper.git import Git
from gatekeeper.snapshot import Entry

# `--raw -z` is the one form in which no path is quoted, no rename guessed. A `.gitmodules`
# with `ignore = all` would hide submodules that move.
RAW = ("-r", "--raw", "-z", "--no-abbrev", "--no-renames", "--ignore-submodules=none")
INDEX = ("diff-index", "--cached", "--ita-invisible-in-index", *RAW)

_NOTHING = "000000"

_EMPTY_TREES = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}


def decode(listed: bytes) -> str:
    """Paths as text; bytes that are not UTF-8 become lone surrogates."""
    return listed.decode("utf-8", "surrogateescape")


def encode(path: str) -> bytes:
    """The bytes of a path that `decode` gave."""
    return path.encode("utf-8", "surrogateescape")


def empty_tree(algorithm: str) -> str:
    """The object id of the tree without entries, which git knows without storing it."""
    return _EMPTY_TREES[algorithm]


class Entries(Mapping[str, Entry]):
    """The entries of a snapshot, listed when somebody first looks."""

    def __init__(self, load: Callable[[], Mapping[str, Entry]]) -> None:
        self._load = load
        self.listed: Mapping[str, Entry] | None = None

    @cached_property
    def _listed(self) -> Mapping[str, Entry]:
        self.listed = self._load()
        return self.listed

    def __getitem__(self, path: str) -> Entry:
        return self._listed[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._listed)

    def __len__(self) -> int:
        return len(self._listed)

    def items(self) -> ItemsView[str, Entry]:
        """All of them; a mapping's own view would look up each path again."""
        return self._listed.items()

    def __contains__(self, path: object) -> bool:
        return path in self._listed


def tree_entries(git: Git, tree: str) -> dict[str, Entry]:
    """The files, links and submodules of a tree, by path."""
    listed = decode(git.run("ls-tree", "-r", "-z", "--full-tree", tree))
    records = [record.partition("\t") for record in listed.split("\0") if record]
    entries = {path: Entry(about[:6], about.rpartition(" ")[2]) for about, _, path in records}
    if len(entries) != len(records):
        raise GitError(f"the tree {tree} names a path twice; `git fsck` says where")
    return entries


def index_entries(git: Git, nothing: str) -> dict[str, Entry]:
    """What a commit of the index would hold; `nothing` is the empty tree's id."""
    changes = raw_changes(git.run(*INDEX, nothing))
    return {change.path: change.after for change in changes if change.after is not None}


def unmerged(listed: bytes) -> tuple[str, ...]:
    """The paths that a merge left in conflict, in what `diff-index` lists."""
    fields = decode(listed).split("\0")
    pairs = zip(fields[::2], fields[1::2], strict=False)
    return tuple(sorted({path for about, path in pairs if about.endswith(" U")}))


def raw_changes(listed: bytes) -> tuple[FileChange, ...]:
    """The changes that `--raw -z` tells (git-diff-index(1), "Raw output format")."""
    fields = iter(decode(listed).split("\0"))
    changes = []
    for about in fields:
        if about:
            old_mode, new_mode, old, new, _ = about[1:].split(" ")
            changes.append(FileChange(next(fields), _side(old_mode, old), _side(new_mode, new)))
    return tuple(changes)


def _side(mode: str, oid: str) -> Entry | None:
    return None if mode == _NOTHING else Entry(mode, oid)
