"""The object store of a repository: blobs by their id, through one long-lived reader."""

from __future__ import annotations

import os
import select
import weakref
from collections.abc import Iterator, Mapping
from threading import Lock

from gatekeeper.errors import GitError, Unreadable
from gatekeeper.git import PATIENCE, Git, stop
from gatekeeper.value import dataclass

LARGEST = 64 * 1024 * 1024
"""Bytes of the largest object that is read; what depends on a larger one stays unproven."""

_HEXADECIMAL = frozenset("0123456789abcdef")


def is_id(text: str) -> bool:
    """Whether this is a full object id: 40 (SHA-1) or 64 (SHA-256) hexadecimal digits."""
    return len(text) in (40, 64) and _HEXADECIMAL.issuperset(text)


@dataclass(frozen=True, slots=True)
class Found:
    """An object: its full id, its type ("commit", "blob", …) and its content."""

    oid: str
    kind: str
    content: bytes


class Objects(Mapping[str, bytes]):
    """The blobs of a repository by object id; started when first asked, until closed."""

    def __init__(self, git: Git, largest: int = LARGEST) -> None:
        self._git = git
        self._largest = largest
        self._lock = Lock()
        self._reader: _Reader | None = None

    def begin(self) -> None:
        """Start the reader, so that it is there when something is asked; raises GitError."""
        with self._lock:
            self._reader = self._reader or _Reader(self._git)

    def __getitem__(self, oid: str) -> bytes:
        """The content of a blob; KeyError when it is not there, Unreadable when too large."""
        found = self.find(oid) if is_id(oid) else None
        if found is None or found.kind != "blob":
            raise KeyError(oid)
        return found.content

    def __iter__(self) -> Iterator[str]:
        listed = self._git.run("cat-file", "--batch-all-objects", "--batch-check")
        for line in listed.decode("ascii").splitlines():
            oid, kind, _ = line.split(" ")
            if kind == "blob":
                yield oid

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def find(self, name: str) -> Found | None:
        """The object that git knows by this name (gitrevisions(7)); None where there is none.

        The name travels by a pipe, so one that looks like an option is only a name.
        """
        asked = name.encode("utf-8", "surrogateescape")
        if not asked or b"\n" in asked or b"\0" in asked:
            return None
        with self._lock:
            # Put back only after a whole answer: a reader in the middle of one is useless.
            reader, self._reader = self._reader or _Reader(self._git), None
            found = reader.ask(asked, self._largest)
            self._reader = reader
        return found

    def close(self) -> None:
        """End the reader; it is started again when something else is asked."""
        with self._lock:
            if self._reader is not None:
                self._reader.close()
                self._reader = None


class _Reader:
    """One `git cat-file --batch` (its page describes the protocol), reaped when forgotten."""

    def __init__(self, git: Git) -> None:
        process = git.open("cat-file", "--batch", quiet=True)
        if process.stdin is None or process.stdout is None:
            raise GitError("git cat-file was started without pipes")
        self._questions = process.stdin
        self._answers = process.stdout.fileno()
        self._poll = select.poll()
        self._poll.register(self._answers, select.POLLIN | select.POLLHUP)
        self._pending = bytearray()
        self.close = weakref.finalize(self, stop, process)

    def ask(self, name: bytes, largest: int) -> Found | None:
        try:
            self._questions.write(name + b"\n")
            self._questions.flush()
            header = self._line().decode("utf-8", "surrogateescape")
            if header.endswith((" missing", " ambiguous")):
                return None
            oid, kind, size = header.split(" ")
            if int(size) > largest:
                raise Unreadable(oid, f"it holds {size} bytes, and at most {largest} are read")
            return Found(oid, kind, self._exactly(int(size) + 1)[:-1])
        except (OSError, ValueError):
            shown = name.decode("utf-8", "replace")
            raise Unreadable(
                shown, f"git stopped at the object {shown}; `git fsck` says what is wrong with it"
            ) from None

    def _line(self) -> bytes:
        while (end := self._pending.find(b"\n")) < 0:
            self._more()
        return self._exactly(end + 1)[:-1]

    def _exactly(self, size: int) -> bytes:
        while len(self._pending) < size:
            self._more()
        taken = bytes(memoryview(self._pending)[:size])
        del self._pending[:size]
        return taken

    def _more(self) -> None:
        chunk = os.read(self._answers, 1 << 16) if self._poll.poll(PATIENCE * 1000) else b""
        if not chunk:
            raise OSError("git cat-file ended, or said nothing for too long")
        self._pending += chunk
