"""A tree of files frozen at one moment: a commit, the index, the work tree, or a dict."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from gatekeeper.cache import Cache, Extractor
from gatekeeper.errors import Unreadable
from gatekeeper.needles import Needle, holds
from gatekeeper.patterns import Patterns
from gatekeeper.value import dataclass, field

T = TypeVar("T")

FILE, EXECUTABLE, LINK, SUBMODULE = "100644", "100755", "120000", "160000"

_FILES = (FILE, EXECUTABLE)

FEW = 500
"""Files that are sooner read one by one than git looks through ten thousand."""

_set = object.__setattr__

Search = Callable[[Sequence[Needle]], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A path's git mode (six octal digits) and the object id of its content."""

    mode: str
    oid: str

    def __init__(self, mode: str, oid: str) -> None:
        # Of this one there are as many as there are files.
        _set(self, "mode", mode)
        _set(self, "oid", oid)

    @property
    def is_file(self) -> bool:
        """Whether this is an ordinary file: no link, no submodule."""
        return self.mode in _FILES


@dataclass(frozen=True, slots=True)
class Sieve:
    """A test of paths by name and entry; `version` changes whenever it could answer differently."""

    name: str
    version: int
    passes: Callable[[str, Entry], bool]

    def passing(self, entries: Mapping[str, Entry]) -> tuple[str, ...]:
        """The paths that pass, sorted."""
        return tuple(sorted(path for path, each in entries.items() if self.passes(path, each)))


Sift = Callable[[Sieve], tuple[str, ...]]
Below = Callable[[str], Iterable[str]]

LINKS = Sieve("links", 1, lambda _, entry: entry.mode == LINK)
NO_FILES = Sieve("links and submodules", 1, lambda _, entry: entry.mode not in _FILES)


def blob_id(content: bytes, algorithm: str = "sha1") -> str:
    """The object id that git gives to a blob with this content ("sha1" or "sha256")."""
    import hashlib

    blob = b"blob %d\0" % len(content) + content
    return hashlib.new(algorithm, blob, usedforsecurity=False).hexdigest()


@dataclass(frozen=True, eq=False)
class Snapshot(Mapping[str, bytes]):
    """A label and a mapping from path to content, read only when somebody looks.

    Paths are relative to the root of the repository, `/` between their parts; bytes that
    are not UTF-8 stand in them as `os.fsdecode` would have them (surrogateescape).
    A link's content is its target; a submodule is an entry without content.
    `commit` and `tree` are object ids, None where the snapshot has none.
    """

    label: str
    entries: Mapping[str, Entry]
    blobs: Mapping[str, bytes]
    commit: str | None = None
    tree: str | None = None
    search: Search | None = None
    sift: Sift | None = None
    inside: Below | None = None
    cache: Cache = field(default_factory=Cache)
    _passed: dict[Sieve, tuple[str, ...]] = field(default_factory=dict, init=False, repr=False)
    _held: dict[frozenset[Needle], tuple[str, ...]] = field(
        default_factory=dict, init=False, repr=False
    )

    def __getitem__(self, path: str) -> bytes:
        return self.read(path)

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, path: object) -> bool:
        return path in self.entries

    def read(self, path: str) -> bytes:
        """The content of `path`.

        Raises KeyError where there is no such path, and `Unreadable` where there is one
        whose content is not to be had (a submodule, an object missing from the store).
        """
        entry = self.entries[path]
        if entry.mode == SUBMODULE:
            raise Unreadable(path, "it is a submodule; its content is in another repository")
        try:
            return self.blobs[entry.oid]
        except KeyError:
            raise Unreadable(path, f"the object {entry.oid} is not in this clone") from None
        except Unreadable as unreadable:
            raise Unreadable(path, unreadable.reason) from None

    def facts(self, extractor: Extractor[T], path: str) -> T:
        """What `extractor` reads from `path`, read once for each object id."""
        return self.cache.facts(extractor, self.entries[path].oid, path, lambda: self.read(path))

    def containing(self, needles: Sequence[Needle]) -> tuple[str, ...]:
        """The files in which at least one of the byte strings or words occurs, sorted by path.

        Links and submodules are left out. This is the cheap test that says which files
        can matter; what it leaves out is never parsed.
        """
        asked = frozenset(needles)
        if asked not in self._held:
            self._held[asked] = (self.search or self._reading)(needles)
        return self._held[asked]

    def _reading(self, needles: Sequence[Needle]) -> tuple[str, ...]:
        return tuple(
            path
            for path, entry in sorted(self.entries.items())
            if entry.is_file and holds(self.read(path), needles)
        )

    def among(self, paths: Collection[str], needles: Sequence[Needle]) -> tuple[str, ...]:
        """As `containing`, of some paths alone; where these are few, no other file is read.

        What an earlier run has kept is asked for the whole tree, and costs nothing.
        """
        kept = self.cache.store is not None or frozenset(needles) in self._held
        if self.search is None or kept or len(paths) > FEW:
            wanted = frozenset(paths)
            return tuple(path for path in self.containing(needles) if path in wanted)
        files = (path for path in sorted(paths) if self.entries[path].is_file)
        return tuple(path for path in files if self._may_hold(path, needles))

    def _may_hold(self, path: str, needles: Sequence[Needle]) -> bool:
        """Whether a file holds a needle; one that is too large to be read is left to the search."""
        try:
            return holds(self.read(path), needles)
        except Unreadable:
            return path in self.containing(needles)

    def passing(self, sieve: Sieve) -> tuple[str, ...]:
        """The paths that pass a sieve, sorted."""
        if sieve not in self._passed:
            sift = self.sift or (lambda asked: asked.passing(self.entries))
            self._passed[sieve] = sift(sieve)
        return self._passed[sieve]

    def meant(self, patterns: Patterns) -> tuple[str, ...]:
        """The paths that patterns mean, in the order of the entries; looks only where they can."""
        paths = patterns.candidates(self.entries, self.below)
        meant = patterns.matching(dict.fromkeys(paths))
        return tuple(path for path in meant if path in self.entries)

    def below(self, folder: str) -> Iterable[str]:
        """The paths inside a folder, at any depth."""
        if self.inside is not None:
            return self.inside(folder)
        return (path for path in self.entries if path.startswith(f"{folder}/"))

    @classmethod
    def of(
        cls,
        label: str,
        files: Mapping[str, bytes | str],
        modes: Mapping[str, str] | None = None,
        cache: Cache | None = None,
    ) -> Snapshot:
        """A snapshot of a plain mapping, for tests and for rule pages."""
        contents = {
            path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()
        }
        chosen = modes or {}
        entries = {
            path: Entry(chosen.get(path, FILE), blob_id(content))
            for path, content in contents.items()
        }
        blobs = {entries[path].oid: content for path, content in contents.items()}
        return cls(label, entries, blobs, cache=cache or Cache())


EMPTY = Snapshot.of("nothing", {})
