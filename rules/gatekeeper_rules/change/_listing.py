"""The paths of a snapshot, sorted, so that those of a folder are found without a search."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property

from gatekeeper import LINK, NO_FILES, Snapshot
from gatekeeper.value import dataclass

_AFTER_SLASH = chr(ord("/") + 1)


@dataclass(frozen=True, slots=True)
class Paths:
    """Paths in their order."""

    paths: tuple[str, ...]

    @classmethod
    def of(cls, paths: Iterable[str]) -> Paths:
        """These paths, sorted."""
        return cls(tuple(sorted(paths)))

    def below(self, folder: str) -> tuple[str, ...]:
        """Those below `folder`; all of them below the root, which is called ""."""
        if not folder:
            return self.paths
        start = bisect_left(self.paths, f"{folder}/")
        return self.paths[start : bisect_left(self.paths, f"{folder}{_AFTER_SLASH}", start)]


@dataclass(frozen=True)
class Listing:
    """A snapshot with its paths, and those of them that are links, or no files at all."""

    snapshot: Snapshot

    @cached_property
    def all(self) -> Paths:
        """Every path."""
        return Paths.of(self.snapshot.entries)

    @cached_property
    def no_files(self) -> Paths:
        """The links and submodules."""
        return Paths.of(self.snapshot.passing(NO_FILES))

    @cached_property
    def links(self) -> Paths:
        """The links."""
        entries = self.snapshot.entries
        return Paths(tuple(path for path in self.no_files.paths if entries[path].mode == LINK))
