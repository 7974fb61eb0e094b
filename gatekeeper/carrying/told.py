"""What a run says on standard error, and whether that reports what it has not carried over."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gatekeeper.carrying.place import Run

# Counts, times, process numbers and digests are no names of what was not carried.
_NUMBER = re.compile(r"[0-9A-Fa-f]*[0-9][0-9A-Fa-f]*")


def lines_of(run: Run) -> frozenset[str]:
    """The lines that a run says on standard error, without the numbers in them."""
    text = run.err.decode("utf-8", "replace")
    return frozenset(_NUMBER.sub("#", line).strip() for line in text.splitlines()) - {""}


class Ear:
    """Knows what the command says when all goes well, to hear when it says something else.

    What says something new each time, with nothing wrong, reports nothing by that: then only
    the exit status counts.
    """

    def __init__(self, well: Iterable[Run]) -> None:
        said = [lines_of(run) for run in well]
        self._usual = frozenset[str]().union(*said)
        self._is_noisy = any(each != said[0] for each in said)

    def reports(self, run: Run) -> bool:
        """Whether a run says that something is wrong."""
        return not run.well or (not self._is_noisy and bool(lines_of(run) - self._usual))

    def learns(self, run: Run) -> None:
        """Take in what a run said in which nothing was wrong."""
        self._is_noisy |= bool(lines_of(run) - self._usual)
