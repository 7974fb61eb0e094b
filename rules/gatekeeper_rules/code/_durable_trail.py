"""Whether names taken from other files lead to a Durable Object, and through which files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatekeeper import Snapshot, Unreadable
from gatekeeper.source.python_modules import Modules
from gatekeeper.source.python_taken import ANY, Wanted
from gatekeeper_rules.code._durable_ties import TIES, Tie

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
        self._next: dict[Step, frozenset[Step]] = {}
        self._takers: dict[Step, set[Step]] = {}
        self._ends: set[Step] = set()
        self._read: set[str] = set()
        self.is_cut = False

    def files(self, path: str, wanted: Iterable[Wanted]) -> frozenset[str]:
        """The files through which one of these imports in `path` leads to a Durable Object."""
        first = {step for each in wanted for step in self._sources(path, each)}
        self._follow(first)
        leading = _reached(self._ends, self._takers)
        onwards = {step: self._next[step] & leading for step in self._next.keys() & leading}
        return frozenset(file for file, _ in _reached(first & leading, onwards))

    def _follow(self, steps: set[Step]) -> None:
        waiting = sorted(steps)
        while waiting:
            step = waiting.pop()
            if step in self._next:
                continue
            self._next[step] = frozenset(self._from(step))
            for found in self._next[step]:
                self._takers.setdefault(found, set()).add(step)
            waiting.extend(self._next[step])

    def _from(self, step: Step) -> Iterator[Step]:
        """Where the name that is taken may come from; notes where that is the platform."""
        path, name = step
        if path not in self._read and len(self._read) >= MOST_FILES:
            self.is_cut = True
            return
        self._read.add(path)
        for tie in self._ties(path, name):
            if tie.platform:
                self._ends.add(step)
            for wanted in tie.imported:
                yield from self._sources(path, wanted)

    def _ties(self, path: str, name: str) -> Iterable[Tie]:
        try:
            return self._snapshot.facts(TIES, path).of(name)
        except Unreadable:
            # Nobody can tell what it holds: whoever judges the file will say so.
            return (Tie(platform=True, imported=()),)

    def _sources(self, importer: str, wanted: Wanted) -> Iterator[Step]:
        dotted, name = wanted
        for module in self._modules.find(importer, dotted):
            yield from ((file, name) for file in self._modules.files(module))
            for inner in () if name == ANY else self._modules.child(module, name):
                yield from ((file, ANY) for file in self._modules.files(inner))


def _reached(
    steps: Iterable[Step], onwards: dict[Step, frozenset[Step]] | dict[Step, set[Step]]
) -> set[Step]:
    found, waiting = set(steps), list(steps)
    while waiting:
        fresh = onwards.get(waiting.pop(), frozenset()) - found
        found |= fresh
        waiting.extend(fresh)
    return found
