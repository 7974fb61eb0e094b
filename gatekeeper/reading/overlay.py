"""The base's tests laid over the head's code: what used to pass, asked of what is new."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from gatekeeper.patterns import Patterns
from gatekeeper.reading.readdressed import readdressed
from gatekeeper.snapshot import Entry, Snapshot
from gatekeeper.value import dataclass

NO_SUPPORT = Patterns(())
NONE_MOVED: frozenset[str] = frozenset()

_FOLDERS = frozenset({"test", "tests", "__tests__"})
_NAMES = re.compile(
    r"(?:test_.*|.*_test|conftest)\.pyi?"  # pytest's default patterns
    r"|.*\.(?:test|spec)\.[cm]?[jt]sx?",  # vitest's and jest's
    re.DOTALL,
)


def is_test_file(path: str) -> bool:
    """Whether a file belongs to the tests: by its name, or by a folder that it lies in.

    Everything in a folder of tests belongs to them, data and helpers as well.
    """
    *folders, name = path.split("/")
    return not _FOLDERS.isdisjoint(folders) or _NAMES.fullmatch(name) is not None


@dataclass(frozen=True, eq=False)
class _Either(Mapping[str, bytes]):
    """The blobs of two snapshots, which may be of different stores."""

    first: Mapping[str, bytes]
    second: Mapping[str, bytes]

    def __getitem__(self, oid: str) -> bytes:
        try:
            return self.first[oid]
        except KeyError:
            return self.second[oid]

    def __iter__(self) -> Iterator[str]:
        return iter({*self.first, *self.second})

    def __len__(self) -> int:
        return len({*self.first, *self.second})


def moved_tests(base: Snapshot, head: Snapshot) -> frozenset[str]:
    """The test files that stay as the head has them: they only follow modules that moved."""
    return readdressed(base, head, is_test_file)


def crossed(
    base: Snapshot,
    head: Snapshot,
    support: Patterns = NO_SUPPORT,
    moved: frozenset[str] = NONE_MOVED,
) -> Snapshot:
    """The head without its own test files, and with those of the base in their place.

    Of what tests share, `support` stays as the head has it; a test file or a conftest does only
    where it is one of the `moved_tests`, whatever the patterns say.
    """
    entries: dict[str, Entry] = {
        path: entry
        for path, entry in head.entries.items()
        if not is_test_file(path) or path in moved or _is_support(path, support)
    }
    entries |= {
        path: entry
        for path, entry in base.entries.items()
        if is_test_file(path) and path not in moved and not _is_support(path, support)
    }
    tree = head.tree if entries == dict(head.entries.items()) else None
    return Snapshot(
        "the head with the base's tests", entries, _Either(head.blobs, base.blobs), tree=tree
    )


def with_files(
    content: Snapshot, texts: Mapping[str, str], without: Collection[str] = ()
) -> Snapshot:
    """A snapshot with some files of our own, by path, and without some of its own."""
    ours = Snapshot.of(content.label, texts)
    others = {path: each for path, each in content.entries.items() if path not in without}
    blobs = _Either(ours.blobs, content.blobs)
    return Snapshot(content.label, {**others, **ours.entries}, blobs)


def _is_support(path: str, support: Patterns) -> bool:
    return _NAMES.fullmatch(path.rpartition("/")[2]) is None and support.match(path)


def laid_over(
    base: Snapshot,
    head: Snapshot,
    support: Patterns = NO_SUPPORT,
    moved: frozenset[str] = NONE_MOVED,
) -> str:
    """What was laid over, in words: how many test files were put back and taken away."""
    tests = {path: each for path, each in base.entries.items() if is_test_file(path)}
    tests = {path: each for path, each in tests.items() if not _is_support(path, support)}
    back = sum(
        head.entries.get(path) != entry for path, entry in tests.items() if path not in moved
    )
    others = (path for path in head.entries if is_test_file(path) and path not in tests)
    gone = sum(not _is_support(path, support) for path in others)
    kept = sorted(path for path in head.entries if _is_support(path, support))
    kept = [path for path in kept if head.entries[path] != base.entries.get(path)]
    return (
        f"{len(tests)} test files of the base, {back} of them not as at head; {gone} new left out"
        + (f"; {len(moved)} with the new names of modules that moved" if moved else "")
        + (f"; with the head's {', '.join(kept)}" if kept else "")
    )
