"""What names are worth that depend on one another: followed until nothing changes any more."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

from gatekeeper.source.code_scopes import Scopes
from gatekeeper.source.code_values import NONE, NOT_KNOWN, UNKNOWN, Value, Values, bounded

T = TypeVar("T")

_PASSES = 8


class Key(NamedTuple):
    """A name in a scope of a file."""

    path: str
    scope: int
    name: str


class Settling(ABC):
    """Keys, what each is worth so far, and which others it was told from.

    A key is followed when it is first asked for; values only ever grow, then settle.
    """

    def __init__(self) -> None:
        self.files: dict[str, Scopes] = {}
        self._known: dict[Key, Values] = {}
        self._reads: dict[Key, set[Key]] = {}
        self._readers: dict[Key, set[Key]] = {}
        self._waiting: deque[Key] = deque()
        self._queued: set[Key] = set()
        self._reading: set[Key] = set()
        self._settled: set[Key] = set()
        self.changes = 0

    @abstractmethod
    def _worth(self, key: Key) -> Values:
        """What a key is worth by what others are worth so far."""

    def restart(self) -> None:
        """Forget what names stand for: what was followed before a file was added may not hold."""
        for known in (self._known, self._reads, self._readers, self._waiting, self._queued):
            known.clear()
        self._settled.clear()
        self.changes += 1

    def settle(self) -> None:
        """Follow every name until nothing changes; the values only ever grow."""
        met: set[Key] = set()
        while self._waiting:
            key = self._waiting.popleft()
            met.add(key)
            self._queued.discard(key)
            self._reading = self._reads[key] = set()
            known = self._known.get(key, NONE)
            found = bounded(known | self._worth(key))
            for read in self._reading:
                self._readers.setdefault(read, set()).add(key)
            if found != known:
                self._known[key] = found
                self.changes += key in self._settled
                self._queue(self._readers.get(key, ()))
        self._settled |= met

    def sharpen(self) -> None:
        """Take back "unknown" from names of which nothing is unknown once all is followed.

        Values only ever grow, so a name that was asked what it is worth before what it depends
        on was followed keeps that answer, too.
        """
        for _ in range(_PASSES):
            self.settle()
            self._reading = set()
            vague = [key for key, values in self._known.items() if UNKNOWN in values]
            sharp = [key for key in vague if UNKNOWN not in bounded(self._worth(key))]
            for key in sharp:
                self._known[key] -= NOT_KNOWN
            if not sharp:
                return

    def _queue(self, keys: Iterable[Key]) -> None:
        fresh = [key for key in keys if key not in self._queued]
        self._queued.update(fresh)
        self._waiting.extend(fresh)

    def _look(self, key: Key) -> Values:
        self._reading.add(key)
        if key not in self._known:
            self._known[key] = NONE
            self._queue((key,))
        return self._known[key]

    def _asked(self, ask: Callable[[], T]) -> T:
        """An answer; names that it is the first to need are followed before it is given."""
        self._reading = set()
        answer = ask()
        while self._waiting:
            self.settle()
            self._reading = set()
            answer = ask()
        return answer

    def worth(self, key: Key) -> Values:
        """What a key is worth, when all that it depends on is followed."""
        return self._asked(lambda: self._look(key))

    def lacking(self, key: Key) -> frozenset[str]:
        """The files, not given so far, that what a name stands for depends on."""
        self._asked(lambda: self._look(key))
        seen, waiting = {key}, [key]
        while waiting:
            fresh = self._reads.get(waiting.pop(), set()) - seen
            seen |= fresh
            waiting.extend(fresh)
        return frozenset(each.path for each in seen if each.path not in self.files)

    def way_of(
        self, keys: Iterable[Key], wanted: Callable[[Value], bool]
    ) -> tuple[tuple[str, int], ...]:
        """The bindings met from `keys` on, as long as they hold a wanted value."""
        steps: list[tuple[str, int]] = []
        seen: set[Key] = set()
        current: Iterable[Key] = keys
        while key := self._next(current, seen, wanted):
            seen.add(key)
            scopes = self.files[key.path].scopes[key.scope]
            line = min((each.node.line for each in scopes.names.get(key.name, ())), default=0)
            if line and (key.path, line) not in steps:
                steps.append((key.path, line))
            current = self._reads.get(key, ())
        return tuple(steps)

    def _next(
        self, keys: Iterable[Key], seen: set[Key], wanted: Callable[[Value], bool]
    ) -> Key | None:
        held = (key for key in sorted(keys) if key not in seen and key.path in self.files)
        return next((key for key in held if any(map(wanted, self._known.get(key, ())))), None)
