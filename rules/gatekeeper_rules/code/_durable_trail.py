"""Whether names taken from other files lead to a Durable Object, and through which files."""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterable, Iterator
from collections.abc import Set as AbstractSet

from gatekeeper import Snapshot, Unreadable
from gatekeeper.source.python_modules import Modules
from gatekeeper.source.python_taken import ANY, Wanted
from gatekeeper_rules.code._durable_ties import STRINGS, TIES, Ties

MOST_FILES = 200
"""Files that a preview reads on its way; what lies beyond them is left to CI."""

Step = tuple[str, str]
"""A file, and the name that is taken from it."""


class Trails:
    """Follows names through the files of a snapshot, and remembers where it has been.

    `is_cut` says that it has gone no further than `MOST_FILES` somewhere.
    """

    def __init__(self, snapshot: Snapshot, modules: Modules) -> None:
        self._snapshot = snapshot
        self._modules = modules
        self._sources_of: dict[tuple[str, Wanted], tuple[Step, ...]] = {}
        self._next: dict[Step, frozenset[Step]] = {}
        self._takers: dict[Step, set[Step]] = {}
        self._ends: set[Step] = set()
        self._read: set[str] = set()
        self.is_cut = False

    def of(self, snapshot: Snapshot, changed: Container[str]) -> Trails:
        """The same for a snapshot that has the same paths, and other contents in `changed` alone.

        What the other files take, and from where, is not looked up again.
        """
        trails = Trails(snapshot, self._modules)
        trails._sources_of = self._sources_of
        if self.is_cut:
            return trails
        trails._ends = {step for step in self._ends if step[0] not in changed}
        trails._next = {
            step: onwards for step, onwards in self._next.items() if step[0] not in changed
        }
        for step, onwards in trails._next.items():
            for found in onwards:
                trails._takers.setdefault(found, set()).add(step)
        trails._follow(self._next.keys() - trails._next.keys())
        return trails

    def files(self, path: str, wanted: Iterable[Wanted]) -> frozenset[str]:
        """The files through which one of these imports in `path` leads to a Durable Object."""
        first = {step for each in wanted for step in self._sources(_folder(path), each)}
        self._follow(first)
        leading = _reached(self._ends, self._takers)
        onwards = {step: self._next[step] & leading for step in self._next.keys() & leading}
        return frozenset(file for file, _ in _reached(first & leading, onwards))

    def _follow(self, steps: AbstractSet[Step]) -> None:
        # The nearest first, in an order that is the same in every run: it may be cut short.
        waiting = deque(sorted(steps))
        while waiting:
            step = waiting.popleft()
            if step in self._next:
                continue
            self._next[step] = frozenset(self._from(step))
            for found in self._next[step]:
                self._takers.setdefault(found, set()).add(step)
            waiting.extend(sorted(self._next[step]))

    def _from(self, step: Step) -> Iterator[Step]:
        """Where the name that is taken may come from; notes where that is the platform."""
        path, name = step
        if path not in self._read and len(self._read) >= MOST_FILES:
            self.is_cut = True
            return
        self._read.add(path)
        ties = self._ties(path)
        if ties is None:
            self._ends.add(step)
            return
        if ties.by_strings(name):
            yield path, STRINGS
        folder = _folder(path)
        for tie in ties.of(name):
            if tie.platform:
                self._ends.add(step)
            for wanted in tie.imported:
                yield from self._sources(folder, wanted)

    def _ties(self, path: str) -> Ties | None:
        try:
            return self._snapshot.facts(TIES, path)
        except Unreadable:
            # Nobody can tell what it holds: whoever judges the file will say so.
            return None

    def _sources(self, folder: str, wanted: Wanted) -> tuple[Step, ...]:
        """Where a file of the folder takes a name from."""
        asked = folder, wanted
        if asked not in self._sources_of:
            self._sources_of[asked] = tuple(self._found(f"{folder}/." if folder else ".", wanted))
        return self._sources_of[asked]

    def _found(self, importer: str, wanted: Wanted) -> Iterator[Step]:
        dotted, name = wanted
        for module in self._modules.find(importer, dotted):
            yield from ((file, name) for file in self._modules.files(module))
            for inner in () if name == ANY else self._modules.child(module, name):
                yield from ((file, ANY) for file in self._modules.files(inner))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _reached(
    steps: Iterable[Step], onwards: dict[Step, frozenset[Step]] | dict[Step, set[Step]]
) -> set[Step]:
    found, waiting = set(steps), list(steps)
    while waiting:
        fresh = onwards.get(waiting.pop(), frozenset()) - found
        found |= fresh
        waiting.extend(fresh)
    return found
