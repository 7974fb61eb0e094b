"""What of a staged change can matter to Durable Objects: a preview looks at nothing else."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from gatekeeper import Change, Entry, Extractor, FileChange, Sieve, Snapshot
from gatekeeper.source.python_modules import Nearby
from gatekeeper.source.python_paths import is_python

if TYPE_CHECKING:
    from gatekeeper_rules.code._durable_trail import Trails

# Every repetition is bounded where two could share a character: hostile text costs no more.
_FROM = re.compile(
    rb"\bfrom(?:\s|\\){0,40}([.\w]{1,300})(?:\s|\\){0,40}import\b(?:\s|\\){0,40}"
    rb"(\([^)]{0,5000}|[^\n]{0,5000}(?:\\\n[^\n]{0,5000}){0,50})"
)
_IMPORT = re.compile(
    rb"^[ \t;]{0,200}import\b([^\n;]{0,5000}(?:\\\n[^\n;]{0,5000}){0,50})", re.MULTILINE
)
_MEMBER = re.compile(rb"\s{0,40}\.\s{0,40}(\w{1,300})")
_WORD = re.compile(rb"\w")
_INSIDE = re.compile(rb"[\w.]")
_CONFIGURATION = (".toml", ".json", ".jsonc")

ANY = "*"
"""Whatever a module has."""

Wanted = tuple[str, str]
"""A dotted module as an import names it, and the name taken from it."""


class Taken(NamedTuple):
    """Whether a file's own bytes can matter, and what it takes from other modules."""

    matters: bool
    wanted: tuple[Wanted, ...]


@lru_cache(maxsize=1)
def can_concern(change: Change) -> bool:
    """Whether the changed files can matter on either side; cheap, and never wrongly no.

    Where all files take the same as before, they lead to the same on both sides.
    """
    alike = all(_take_alike(change, each) for each in change.files.values())
    sides = (change.head,) if alike else (change.base, change.head)
    sights = list(map(sight_of, sides))
    return any(sight.can_matter(path) for sight in sights for path in change.files)


def _take_alike(change: Change, changed: FileChange) -> bool:
    path, before, after = changed.path, changed.before, changed.after
    if before is None or after is None or before.mode != after.mode or not is_python(path):
        return False
    return before.is_file and change.base.facts(_TAKEN, path) == change.head.facts(_TAKEN, path)


class Sight:
    """One side of a change: which of its files can matter, by themselves or through imports."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.modules = Nearby(snapshot)

    def can_matter(self, path: str) -> bool:
        """Whether a path can hold, or configure, a Durable Object."""
        entry = self._snapshot.entries.get(path)
        if entry is None:
            return False
        if not entry.is_file or may_configure(self._snapshot, path):
            return True
        if not _is_python(self._snapshot, path):
            return False
        return self._snapshot.facts(_TAKEN, path).matters or bool(self.through(path))

    def through(self, path: str) -> frozenset[str]:
        """The files through which what a Python file imports leads to a Durable Object."""
        if not self._snapshot.entries[path].is_file:
            return frozenset()
        wanted = self._snapshot.facts(_TAKEN, path).wanted
        return self._trails.files(path, wanted) if wanted else frozenset()

    @cached_property
    def _trails(self) -> Trails:
        # Imported only where something is imported from: it parses.
        from gatekeeper_rules.code._durable_trail import Trails

        return Trails(self._snapshot, self.modules)


# Base and head; a snapshot is a mapping, which has no hash.
_REMEMBERED: deque[tuple[Snapshot, Sight]] = deque(maxlen=2)


def sight_of(snapshot: Snapshot) -> Sight:
    """The sight of a snapshot, the same one for everybody who asks."""
    for known, sight in _REMEMBERED:
        if known is snapshot:
            return sight
    _REMEMBERED.append((snapshot, Sight(snapshot)))
    return _REMEMBERED[-1][1]


def _is_python(snapshot: Snapshot, path: str) -> bool:
    if "." in path.rpartition("/")[2]:
        return is_python(path)
    return is_python(path, snapshot.read(path))


def may_configure(snapshot: Snapshot, path: str) -> bool:
    """Whether a path may be wrangler's; asked closer only where that is not plain."""
    if not path.lower().endswith(_CONFIGURATION) and not snapshot.passing(_ELSEWHERE):
        return False
    from gatekeeper.source import wrangler_files

    return wrangler_files.may_configure(snapshot, path)


def _leads_elsewhere(path: str, entry: Entry) -> bool:
    name = path.lower()
    return "wrangler" in name and (name.endswith("config.json") or not entry.is_file)


_ELSEWHERE = Sieve("could lead to wrangler configuration", 1, _leads_elsewhere)


def _read(content: bytes, _: str) -> Taken:
    from gatekeeper.source.python_lookalikes import plain
    from gatekeeper_rules.code._python_candidates import can_matter

    said = plain(content)
    return Taken(can_matter(content), tuple(dict.fromkeys(_wanted(said))))


def _wanted(said: bytes) -> Iterator[Wanted]:
    for module, listed in _FROM.findall(said):
        dotted = module.decode("utf-8", "replace")
        yield from ((dotted, name) for name, _ in _aliases(listed))
    for listed in _IMPORT.findall(said):
        for name, alias in _aliases(listed):
            top = name.partition(".")[0] if alias == name else name
            if top != name:
                yield name, ANY
            bound = top if alias == name else alias
            yield from ((top, member) for member in sorted(_members(bound, said)))


def _members(name: str, said: bytes) -> set[str]:
    """The attributes read from what `name` is; `ANY` where it is used in another way."""
    word, found, others = name.encode(), set[str](), 0
    start = said.find(word) if word else -1
    while start >= 0:
        end = start + len(word)
        if not _WORD.match(said, end) and not (start and _INSIDE.match(said, start - 1)):
            member = _MEMBER.match(said, end)
            found.update((member.group(1).decode("utf-8", "replace"),) if member else ())
            others += not member
        start = said.find(word, end)
    # The import itself is one.
    return {ANY} if others > 1 else found


def _unpack(data: object) -> Taken:
    match data:
        case [bool(matters), list(wanted)] if all(map(_is_pair, wanted)):
            return Taken(matters, tuple((module, name) for module, name in wanted))
    raise ValueError("this is not what a file takes from others")


def _is_pair(data: object) -> bool:
    match data:
        case [str(), str()]:
            return True
    return False


_TAKEN = Extractor("what a python file takes", 2, _read, list, _unpack)


def _aliases(names: bytes) -> Iterator[tuple[str, str]]:
    text = re.sub(rb"#[^\n]*|[()\\]", b" ", names).decode("utf-8", "replace")
    for each in text.split(","):
        words = each.split()
        if words:
            yield words[0], words[-1]
