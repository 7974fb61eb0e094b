"""The contexts in a data file of coverage.py: which lines ran in each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from gatekeeper.reading.context_lines import contexts_of
from gatekeeper.reading.contexts import Contexts, NoContexts, lines_in
from gatekeeper.reading.coverage import FileCoverage
from gatekeeper.reading.coverage_sqlite import is_line, numbits, opened, text_of
from gatekeeper.reading.places import placing
from gatekeeper.reading.unusable import Unusable

_BITS = "SELECT context_id, numbits FROM line_bits WHERE file_id = ?"
_ARCS = "SELECT context_id, fromno, tono FROM arc WHERE file_id = ?"

LARGEST = 512 * 1024 * 1024
"""Bytes of the largest data file: each test is in it with all that it ran."""


def contexts_in(
    file: Path, files: Mapping[str, FileCoverage], root: str, cwd: str = ""
) -> Contexts | NoContexts:
    """Which test ran which line of `files`, as a data file has it; else why that is not known."""
    try:
        with opened(file, LARGEST) as connection:
            return contexts_of(files, _Noted(connection, root, cwd).lines)
    except Unusable as unusable:
        return NoContexts(f"what was noted of each test cannot be used: {unusable}")


class _Noted:
    """What the file holds, asked for one source at a time: together it may be a lot."""

    def __init__(self, connection: Connection, root: str, cwd: str) -> None:
        self._connection = connection
        named = connection.execute("SELECT id, context FROM context")
        self._names = {each: text_of(name) for each, name in named}
        self._ids: dict[str, list[object]] = {}
        place = placing(root, cwd)
        for each, path in connection.execute("SELECT id, path FROM file"):
            # Sources outside of the root were measured as well, and are not in the report.
            with suppress(Unusable):
                self._ids.setdefault(place(text_of(path)), []).append(each)

    def lines(self, path: str) -> Mapping[str, Collection[int]]:
        """The lines of a source that ran, by the name of the context."""
        found: defaultdict[object, set[Any]] = defaultdict(set)
        for file in self._ids.get(path, ()):
            for context, set_ in self._connection.execute(_BITS, (file,)):
                found[context].update(lines_in(numbits(set_)))
            for context, start, end in self._connection.execute(_ARCS, (file,)):
                lines = found[context]
                lines.add(start)
                lines.add(end)
        if not found.keys() <= self._names.keys():
            raise Unusable("it holds lines of a context that it does not name")
        return {self._names[context]: _lines(lines) for context, lines in found.items()}


def _lines(ends: set[Any]) -> frozenset[int]:
    """The lines among the ends of arcs; the negative ones are ways into a function, or out."""
    if not all(map(is_line, ends)):
        raise Unusable("a jump in it is none between lines")
    return frozenset(each for each in ends if each > 0)
