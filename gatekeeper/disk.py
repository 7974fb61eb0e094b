"""Files as they lie on disk: read without filters, links not followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from gatekeeper.checkout import checked_out
from gatekeeper.errors import Unreadable
from gatekeeper.listing import encode
from gatekeeper.objects import LARGEST
from gatekeeper.snapshot import EXECUTABLE, FILE, LINK, SUBMODULE, Entry, blob_id


@dataclass(frozen=True, slots=True)
class Listed:
    """The paths that git knows or would add.

    `index` holds what a commit of the index would; `paths` are all paths, a repository
    inside this one ending in "/"; `sparse` those that a sparse checkout leaves out.
    """

    index: Mapping[str, Entry]
    paths: Sequence[str]
    sparse: frozenset[str]


@dataclass(frozen=True, slots=True)
class FileSystem:
    """Where the work tree lies, what it can express, and how its objects are named."""

    root: Path
    algorithm: str
    executable_bit: bool = True
    links: bool = True


@dataclass(frozen=True, eq=False)
class Disk(Mapping[str, bytes]):
    """The content of the work tree's files by object id; `entries` says which is where.

    `stored` holds the blobs of the index; `standing` gives the commit that a repository
    inside this one stands at. Bits of the index that say "assume unchanged" are not asked.
    """

    place: FileSystem
    listed: Listed
    stored: Mapping[str, bytes]
    standing: Callable[[str], str | None]
    _own: dict[str, bytes] = field(default_factory=dict)
    _folders: dict[bytes, bool] = field(default_factory=dict)

    def __getitem__(self, oid: str) -> bytes:
        """A file's content; KeyError, or Unreadable where the disk does not give it."""
        if oid == self._unknown:
            raise Unreadable(oid, "on disk it is no ordinary file, too large, or forbidden")
        if oid not in self._own:
            return self.stored[oid]
        content = _content(self._own[oid])
        if content is None or blob_id(content, self.place.algorithm) != oid:
            raise Unreadable(oid, "it changed on disk while it was looked at")
        return content

    def __iter__(self) -> Iterator[str]:
        return iter({entry.oid for entry in self.entries.values()})

    def __len__(self) -> int:
        return len({entry.oid for entry in self.entries.values()})

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """What is there, by path."""
        paths = dict.fromkeys(path.rstrip("/") for path in self.listed.paths)
        found = ((path, self._entry(path)) for path in paths)
        return {path: entry for path, entry in found if entry is not None}

    @property
    def changed(self) -> Mapping[str, Entry]:
        """The entries that are not those of the index."""
        index = self.listed.index
        return {path: each for path, each in self.entries.items() if each != index.get(path)}

    @cached_property
    def _root(self) -> bytes:
        return os.fsencode(self.place.root)

    @cached_property
    def _unknown(self) -> str:
        return "0" * len(blob_id(b"", self.place.algorithm))

    def _entry(self, path: str) -> Entry | None:
        at, known = self._root + b"/" + encode(path), self.listed.index.get(path)
        try:
            status = os.lstat(at) if self._reached(at.rpartition(b"/")[0]) else None
        except OSError:
            status = None
        if status is None:
            return known if path in self.listed.sparse else None
        if stat.S_ISDIR(status.st_mode):
            return self._repository(path, known)
        return self._file(at, status, known)

    def _reached(self, folder: bytes) -> bool:
        """Whether one gets from the root to this folder without following a link."""
        if len(folder) <= len(self._root):
            return True
        if folder not in self._folders:
            outer = self._reached(folder.rpartition(b"/")[0])
            self._folders[folder] = outer and stat.S_ISDIR(os.lstat(folder).st_mode)
        return self._folders[folder]

    def _repository(self, path: str, known: Entry | None) -> Entry | None:
        if known is not None and known.mode != SUBMODULE:
            return None
        if known is not None and not (self.place.root / path / ".git").exists():
            return known
        return Entry(SUBMODULE, self.standing(path) or self._unknown)

    def _file(self, at: bytes, status: os.stat_result, known: Entry | None) -> Entry:
        mode, content = self._mode(status, known), _content(at)
        if content is None:
            return Entry(mode, self._unknown)
        oid = blob_id(content, self.place.algorithm)
        if known is not None and (oid == known.oid or self._converted(known, mode, content)):
            return Entry(mode, known.oid)
        self._own[oid] = at
        return Entry(mode, oid)

    def _mode(self, status: os.stat_result, known: Entry | None) -> str:
        if stat.S_ISLNK(status.st_mode):
            return LINK
        if known is not None and known.mode == LINK and not self.place.links:
            return LINK
        if known is not None and known.is_file and not self.place.executable_bit:
            return known.mode
        return EXECUTABLE if status.st_mode & stat.S_IXUSR else FILE

    def _converted(self, known: Entry, mode: str, content: bytes) -> bool:
        if mode not in (FILE, EXECUTABLE) or not known.is_file:
            return False
        try:
            return checked_out(self.stored[known.oid], content)
        except (KeyError, Unreadable):
            return False


def _content(at: bytes) -> bytes | None:
    """A link's target or an ordinary file's bytes; None where neither can be read."""
    try:
        if stat.S_ISLNK(os.lstat(at).st_mode):
            return os.fsencode(Path(os.fsdecode(at)).readlink())
        return _read(at)
    except OSError:
        return None


def _read(at: bytes) -> bytes | None:
    # A pipe or a device in a file's place must neither be waited for nor read.
    opened = os.open(at, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(opened, "rb") as file:
        status = os.fstat(opened)
        if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
            return None
        content = file.read(status.st_size + 1)
    return content if len(content) <= status.st_size else None
