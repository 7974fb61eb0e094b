"""What a database may use up before it is stopped: instructions, seconds, bytes, rows."""

from __future__ import annotations

import time

from gatekeeper.value import dataclass

_EVERY = 10_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that one script, query or writing may take.

    `steps` are instructions of SQLite's machine, which are the same on every computer; `seconds`
    of wall-clock time are for what takes long without them. `memory` bounds all of SQLite in this
    process, `size` one database, both in bytes; `rows` and `answer` (bytes) what a query gives.

    A single call of a function that searches megabytes (`instr`) is not ended by any of them:
    whoever runs the SQL of others does it in a process that can be killed.
    """

    steps: int = 200_000_000
    seconds: float = 30.0
    memory: int = 512_000_000
    size: int = 128_000_000
    rows: int = 1_000_000
    answer: int = 128_000_000


class Meter:
    """Counts what is used up; SQLite asks it now and then whether to stop."""

    every = _EVERY

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self.begin()

    def begin(self) -> None:
        """Count from zero again."""
        self._steps = self._bounds.steps
        self._until = time.monotonic() + self._bounds.seconds

    def is_used_up(self) -> bool:
        """To be asked after every so many instructions: whether it has been enough."""
        self._steps -= _EVERY
        return self._steps < 0 or self.is_late()

    def is_late(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() > self._until
