"""What stands at a path of a snapshot, how two such things differ, and how that is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatekeeper import (
    LINK,
    SUBMODULE,
    Change,
    Entry,
    Excerpt,
    FileChange,
    Objects,
    Side,
    Snapshot,
    Unreadable,
)
from gatekeeper.value import dataclass

_UNSEEN = "[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]"
_SHOWN_LINES = 5
_SHOWN_WIDTH = 300
_KINDS = {LINK: "link", SUBMODULE: "submodule"}


@dataclass(frozen=True, slots=True)
class Spot:
    """The first lines in which the two sides of a path differ; `line` is None for none."""

    side: Side
    line: int | None = None
    end_line: int | None = None
    text: str = ""

    @property
    def excerpts(self) -> tuple[Excerpt, ...]:
        """The lines as evidence, where there are any."""
        return (Excerpt(self.line, self.text),) if self.line else ()


def kind(entry: Entry) -> str:
    """The word for what the entry is: file, link or submodule."""
    return _KINDS.get(entry.mode, "file")


def objects(changed: FileChange) -> Objects:
    """What git holds for the path on both sides."""
    return Objects(_object(changed.before), _object(changed.after))


def _object(entry: Entry | None) -> str | None:
    return f"{entry.mode} {entry.oid}" if entry else None


def parents(path: str) -> Iterator[str]:
    """The folders above `path`, nearest first; the root itself is left out."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def folded(path: str) -> str:
    """The name that file systems make of `path` which tell neither case nor accents' form apart.

    Windows drops dots and spaces at the end of each name as well, and HFS+ every character
    of no width (Apple's Technical Note TN1150). Two paths of one folded name cannot both be
    checked out there.
    """
    plain = path.lower() if path.isascii() else _composed(re.sub(_UNSEEN, "", path))
    return "/".join(part.rstrip(". ") or part for part in plain.split("/"))


def _composed(text: str) -> str:
    from unicodedata import normalize

    return normalize("NFC", normalize("NFD", text).casefold())


def first_difference(change: Change, path: str) -> Spot:
    """The first run of lines that the head adds to `path`, else the first that it removes.

    A path that is gone is shown as the base has it. No line where there is none to show:
    binary content, a link, a submodule, or content that is not in this clone.
    """
    gone = path not in change.head
    nowhere = Spot(Side.BASE if gone else Side.HEAD)
    if not (change.base if gone else change.head).entries[path].is_file:
        return nowhere
    try:
        lines = change.lines(path)
        side = Side.HEAD if lines.added else Side.BASE
        numbers = lines.added or lines.removed
        content = (change.base if side is Side.BASE else change.head).read(path) if numbers else b""
    except Unreadable:
        return nowhere
    if not numbers or b"\0" in content:
        return nowhere
    first, last = _run(numbers)
    shown = content.split(b"\n")[first - 1 : last]
    text = "\n".join(line.decode("utf-8", "replace")[:_SHOWN_WIDTH] for line in shown)
    return Spot(side, first, last, text)


def identity(change: Change, path: str) -> str:
    """What was done to `path`, whatever lines it stands on: mode, and the lines themselves.

    It goes into the fingerprint, so that a waiver for one edit lets no other edit pass.
    """
    import hashlib

    changed = change.files[path]
    mode = changed.after.mode if changed.after is not None else "gone"
    try:
        lines = change.lines(path)
        removed = _told(change.base, path, lines.removed)
        added = _told(change.head, path, lines.added)
    except Unreadable:
        removed, added = b"", changed.after.oid.encode() if changed.after is not None else b""
    digest = hashlib.sha256(b"\0".join((mode.encode(), removed, added))).hexdigest()
    return digest[:16]


def _told(snapshot: Snapshot, path: str, numbers: frozenset[int]) -> bytes:
    if not numbers:
        return b""
    content = snapshot.read(path).split(b"\n")
    return b"\n".join(content[number - 1] for number in sorted(numbers) if number <= len(content))


def _run(numbers: frozenset[int]) -> tuple[int, int]:
    first = last = min(numbers)
    while last + 1 in numbers and last - first + 1 < _SHOWN_LINES:
        last += 1
    return first, last
