"""Which test ran which line, where coverage was measured with a context for each test."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from enum import Enum

from gatekeeper.value import dataclass


class Phase(Enum):
    """What a test was at; the values are the words of `pytest --cov-context=test`."""

    SETUP = "setup"
    CALL = "run"
    TEARDOWN = "teardown"


EXERCISING = frozenset({Phase.SETUP, Phase.CALL})
"""A fixture can do for a test what the test then looks at; what cleans up proves nothing."""


@dataclass(frozen=True, slots=True)
class Context:
    """One phase of one test; `test` is pytest's node id."""

    test: str
    phase: Phase


@dataclass(frozen=True, slots=True)
class Contexts:
    """The statements that each phase of each test ran, of every file of the reading.

    A fixture of a module or session is run by the first test that needs it, and a module by
    the first that imports it, if none was imported while the tests were collected.

    `files` holds, by path and by the place in `phases`, the numbers of lines as bits: line n is
    bit n % 8 of byte n // 8 (coverage.py's "numbits").
    """

    phases: tuple[Context, ...]
    files: Mapping[str, Mapping[int, bytes]]

    def tests_of(
        self,
        path: str,
        lines: Collection[int] | None = None,
        phases: Collection[Phase] = EXERCISING,
    ) -> frozenset[str]:
        """The node ids of tests that ran any of these lines, or any line at all, of a file.

        Raises KeyError for a file that the reading does not hold: of that nothing is known.
        """
        wanted = None if lines is None else int.from_bytes(bits_of(lines), "little")
        return frozenset(
            context.test
            for context, bits in self._of(path, phases)
            if wanted is None or int.from_bytes(bits, "little") & wanted
        )

    def lines_of(
        self, path: str, test: str, phases: Collection[Phase] = EXERCISING
    ) -> frozenset[int]:
        """The lines of a file that a test ran; raises KeyError as `tests_of` does."""
        found = (bits for context, bits in self._of(path, phases) if context.test == test)
        return frozenset(line for bits in found for line in lines_in(bits))

    def _of(self, path: str, phases: Collection[Phase]) -> Iterator[tuple[Context, bytes]]:
        for number, bits in self.files[path].items():
            context = self.phases[number]
            if context.phase in phases:
                yield context, bits


@dataclass(frozen=True, slots=True)
class NoContexts:
    """Which test ran what is not known, and why."""

    why: str = "the coverage does not tell which test ran which line"


def bits_of(lines: Collection[int]) -> bytes:
    """Lines as bits."""
    bits = bytearray(max(lines, default=-1) // 8 + 1)
    for line in lines:
        bits[line // 8] |= 1 << line % 8
    return bytes(bits)


def lines_in(bits: bytes) -> Iterator[int]:
    """The lines that stand in bits, in order."""
    for n, byte in enumerate(bits):
        if byte:
            yield from (n * 8 + bit for bit in range(8) if byte >> bit & 1)
