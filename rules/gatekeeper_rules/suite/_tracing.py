"""Which line of the base a line of the head is: through edits, and through moved files."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from gatekeeper import Change, Snapshot
from gatekeeper.value import dataclass

_OFTEN = 8  # a line that so many files hold says nothing about where it came from
_LIKELY = 5  # files that are looked at closely
_SHORTEST = 4  # characters


class Origin(NamedTuple):
    """The file of the base that a file of the head was, and its lines by those of the base.

    `heads` is None where no line moved: each is what it was, under the same number.
    """

    path: str
    heads: Mapping[int, int] | None = None


@dataclass(frozen=True, eq=False)
class Tracing:
    """Finds where files of the head come from. `moved` leads from new paths to those at base."""

    change: Change
    moved: Mapping[str, str]

    @classmethod
    def of(cls, change: Change, measured: Iterable[str], new: Iterable[str]) -> Tracing:
        """With moves sought between files that were measured at base and new ones."""
        old = [path for path in sorted(measured) if path in change.files]
        return cls(change, dict(_moves(change, old, sorted(new))))

    def origins(self, paths: Iterable[str]) -> Iterator[tuple[str, Origin | None]]:
        """Each path of the head with what it was; None for what is new.

        No line of the base is the origin of two: a copy is new.
        """
        taken: dict[str, set[int]] = {}
        for path in sorted(paths):
            source = self.moved.get(path)
            if source is None:
                yield path, self._in_place(path)
                continue
            if source not in taken:
                kept = self._in_place(source) if _holds(self.change.head, source) else None
                taken[source] = set(kept.heads or ()) if kept else set()
            yield path, self._from(source, path, taken[source])

    def _in_place(self, path: str) -> Origin | None:
        base, head = self.change.base, self.change.head
        if not _holds(base, path):
            return None
        if base.entries[path].oid == head.entries[path].oid:
            return Origin(path)
        lines = self.change.lines(path)
        return Origin(path, _paired(base, head, (path, path), lines.removed, lines.added))

    def _from(self, source: str, path: str, taken: set[int]) -> Origin:
        base, head = self.change.base, self.change.head
        lines = self.change.differ(base.read(source), head.read(path))
        pairs = _paired(base, head, (source, path), lines.removed, lines.added)
        free = {old: new for old, new in pairs.items() if old not in taken}
        taken.update(free)
        return Origin(source, free)


def _paired(
    base: Snapshot,
    head: Snapshot,
    paths: tuple[str, str],
    removed: frozenset[int],
    added: frozenset[int],
) -> dict[int, int]:
    """The lines that stayed, each of the base with its number in the head."""
    old, new = _count(base.read(paths[0])), _count(head.read(paths[1]))
    kept = (line for line in range(1, old + 1) if line not in removed)
    stayed = (line for line in range(1, new + 1) if line not in added)
    return dict(zip(kept, stayed, strict=False))


def _count(content: bytes) -> int:
    return content.count(b"\n") + (not content.endswith(b"\n"))


def _holds(snapshot: Snapshot, path: str) -> bool:
    """Whether there is an ordinary file."""
    return path in snapshot and snapshot.entries[path].is_file


def _moves(change: Change, old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """New paths with the path at base that most of their lines come from, if any is."""
    gone = [path for path in old if not _holds(change.head, path)]
    by_content = {change.base.entries[path].oid: path for path in reversed(gone)}
    rest = []
    for path in new:
        source = by_content.pop(change.head.entries[path].oid, None)
        if source is None:
            rest.append(path)
        else:
            yield path, source
    if rest and old:
        yield from _alike(change, old, rest)


def _alike(change: Change, old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """By lines: at least half of those of the new file that say something must be the old's."""
    holders: dict[bytes, list[str]] = defaultdict(list)
    said = {path: _telling(_removed(change, path)) for path in old}
    for path, texts in said.items():
        holders[_name(path)].append(path)
        for text in texts:
            holders[text].append(path)
    for path in new:
        texts = _telling(change.head.read(path).split(b"\n"))
        found = (holders.get(text, ()) for text in (_name(path), *texts))
        rare = Counter(holder for held in found if len(held) <= _OFTEN for holder in held)
        # Of several that are alike the first one by name, whatever order they came in.
        likely = sorted(rare, key=lambda holder: (-rare[holder], holder))[:_LIKELY]
        best = max(likely, key=lambda holder: len(said[holder] & texts), default=None)
        if best is not None and 2 * len(said[best] & texts) >= len(texts) > 0:
            yield path, best


def _name(path: str) -> bytes:
    """The last part of a path, in a form that no line has."""
    return b"\n" + path.rpartition("/")[2].encode("utf-8", "surrogateescape")


def _removed(change: Change, path: str) -> Iterator[bytes]:
    texts = change.base.read(path).split(b"\n")
    if not _holds(change.head, path):
        return iter(texts)
    return (texts[line - 1] for line in change.lines(path).removed if line <= len(texts))


def _telling(texts: Iterable[bytes]) -> set[bytes]:
    return {text for text in map(bytes.strip, texts) if len(text) >= _SHORTEST}
