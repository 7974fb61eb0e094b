"""Lines as coverage.py notes them for a context, put to the statements that its report counts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping

from gatekeeper.reading.content import shown
from gatekeeper.reading.contexts import Context, Contexts, NoContexts, Phase, bits_of
from gatekeeper.reading.coverage import FileCoverage
from gatekeeper.reading.unusable import Unusable

_PHASED = re.compile(rf"(?s)(.+)\|({'|'.join(each.value for each in Phase)})")
_NONE = (
    'coverage was measured, and not which test ran what (see "Which test ran what" in '
    "docs/readings.md)"
)

Lines = Callable[[str], Mapping[str, Collection[int]]]
"""The lines of a file that ran, by the name of the context."""


def contexts_of(files: Mapping[str, FileCoverage], said: Lines) -> Contexts | NoContexts:
    """Which test ran which statement of the measured files; none where the two do not fit.

    They are of one run only if what ran in any context is what ran according to the report.
    """
    try:
        return _Putting(files).contexts(said)
    except Unusable as unusable:
        return NoContexts(str(unusable))


class _Putting:
    def __init__(self, files: Mapping[str, FileCoverage]) -> None:
        self._files = files
        self._numbers: dict[Context, int] = {}
        self._strange = ""

    def contexts(self, said: Lines) -> Contexts | NoContexts:
        files = {
            path: self._file(path, measured, said(path)) for path, measured in self._files.items()
        }
        if self._numbers:
            return Contexts(tuple(self._numbers), files)
        return NoContexts(
            f"its contexts are not those of pytest's tests, but {shown(self._strange)}"
            if self._strange
            else _NONE
        )

    def _file(
        self, path: str, measured: FileCoverage, said: Mapping[str, Collection[int]]
    ) -> Mapping[int, bytes]:
        begins = sorted(measured.covered | measured.missed | measured.excluded)
        found: dict[int, set[int]] = {}
        ran: set[int] = set()
        for name, lines in said.items():
            statements = _statements(begins, lines) & measured.covered
            ran |= statements
            if not measured.missed.isdisjoint(lines):
                raise _of_another_run(path)
            context = self._context(name)
            if context is not None and statements:
                number = self._numbers.setdefault(context, len(self._numbers))
                found.setdefault(number, set()).update(statements)
        if ran != measured.covered:
            raise _of_another_run(path)
        return {number: bits_of(lines) for number, lines in found.items()}

    def _context(self, name: str) -> Context | None:
        """The phase of a test that a context is named after; None for any other."""
        matched = _PHASED.fullmatch(name)
        if matched is None:
            self._strange = self._strange or name
            return None
        # Coverage's own `context` setting stands in front of it; no path holds a "|".
        path, colons, rest = matched[1].partition("::")
        return Context(f"{path.rpartition('|')[2]}{colons}{rest}", Phase(matched[2]))


def _of_another_run(path: str) -> Unusable:
    return Unusable(f"its contexts are not of the same run: the lines of {shown(path)} differ")


def _statements(begins: list[int], lines: Collection[int]) -> set[int]:
    """The statements that the lines belong to: the nearest that begins there or before."""
    places = (bisect_right(begins, line) for line in lines)
    return {begins[place - 1] for place in places if place}
