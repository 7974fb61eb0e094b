"""Where symbolic links lead, and under which other names they show the files of a module."""

from __future__ import annotations

import os
from collections.abc import Iterator

from gatekeeper import LINK, Snapshot, Unreadable
from gatekeeper.value import dataclass
from gatekeeper_rules.change._listing import Listing
from gatekeeper_rules.change._territory import Territory
from gatekeeper_rules.change._tree import parents

_MOST_LINKS = 40  # what Linux follows before it gives up (path_resolution(7))
_MOST_SHOWN = 100_000  # links in linked folders show a few files in any number of places
_REGION = 50  # what looking at a region costs, in files


@dataclass(frozen=True, slots=True)
class Way:
    """The links passed on the way from a path, in order, and where it ends.

    `end` is None where the way leaves the repository or goes in a circle.
    """

    links: tuple[str, ...]
    end: str | None


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the tree that is seen under a second name: `end/x` as `seen_as/x`."""

    seen_as: str
    end: str
    links: tuple[str, ...]

    def name_of(self, path: str) -> str | None:
        """The second name of `path`; None where the region does not hold it."""
        if path == self.end:
            return self.seen_as
        if not self.end:
            return f"{self.seen_as}/{path}"
        rest = path.removeprefix(f"{self.end}/")
        return None if rest == path else f"{self.seen_as}/{rest}"


@dataclass(frozen=True, slots=True)
class Lost:
    """A link whose end is not to be seen, and the reason."""

    link: str
    reason: str


def follow(snapshot: Snapshot, path: str) -> Way:
    """Where `path` leads in `snapshot`; raises `Unreadable` for a link not in this clone."""
    waiting = path.split("/")[::-1]
    done: list[str] = []
    passed: list[str] = []
    while waiting:
        part = waiting.pop()
        if part in ("", "."):
            continue
        if part == "..":
            if not done:
                return Way(tuple(passed), None)
            done.pop()
            continue
        here = "/".join((*done, part))
        target = _target(snapshot, here)
        if target is None:
            done.append(part)
            continue
        passed.append(here)
        if target.startswith("/") or len(passed) > _MOST_LINKS:
            return Way(tuple(passed), None)
        waiting.extend(target.split("/")[::-1])
    return Way(tuple(passed), "/".join(done))


def _target(snapshot: Snapshot, path: str) -> str | None:
    entry = snapshot.entries.get(path)
    return os.fsdecode(snapshot.read(path)) if entry is not None and entry.mode == LINK else None


def regions(listing: Listing, territory: Territory) -> Iterator[Region | Lost]:
    """What links show where the territory is, or could be.

    A link inside a region is a link of the territory as well, so regions are looked for
    until there is no new one; a region that repeats one above it (a link to its own
    folder) is not followed again.
    """
    waiting = [(link, link) for link in listing.links.paths if territory.may_reach(link)]
    known: dict[str, set[str]] = {}
    left = _MOST_SHOWN
    while waiting:
        seen_as, link = waiting.pop()
        found = _region(listing.snapshot, seen_as, link)
        if isinstance(found, Lost):
            if territory.reaches(seen_as):
                yield found
            continue
        names = known.setdefault(found.end, set())
        if not names.isdisjoint((seen_as, *parents(seen_as))):
            continue
        names.add(seen_as)
        left -= _REGION + len(listing.all.below(found.end))
        if left < 0:
            yield Lost(link, "links show too many files in too many places to look at them all")
            return
        yield found
        waiting.extend(
            (name, inner)
            for inner in listing.links.below(found.end)
            if (name := found.name_of(inner)) is not None and territory.may_reach(name)
        )


def _region(snapshot: Snapshot, seen_as: str, link: str) -> Region | Lost:
    try:
        way = follow(snapshot, link)
    except Unreadable as unreadable:
        return Lost(unreadable.path, unreadable.reason)
    if way.end is None:
        return Lost(link, "the link leads out of the repository, or in a circle")
    return Region(seen_as, way.end, way.links)
