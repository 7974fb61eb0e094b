"""Where the files of a Cobertura file are: their names are relative to one of its sources."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from pathlib import Path

from gatekeeper.reading.content import shown
from gatekeeper.reading.places import Place, placing
from gatekeeper.reading.unusable import Unusable

_MOST = 1000


def sourced(sources: Sequence[str], root: str, cwd: str) -> Place:
    """What makes a path relative to `root` out of a file name.

    Where there are several sources, the file is looked for in the tree. What is made raises
    Unusable where it is outside of the tree, or where it could be in more than one source.
    """
    place = placing(root, cwd)
    bases = _bases(sources)

    def placed(filename: str) -> str:
        if not bases or not filename or posixpath.isabs(filename):
            return place(filename)
        if len(bases) == 1:
            return place(posixpath.join(bases[0], filename))
        found = {each for each in _candidates(filename) if (Path(root) / each).is_file()}
        if len(found) != 1:
            raise Unusable(f"{shown(filename)} is a file in {len(found)} of its sources")
        return found.pop()

    def _candidates(filename: str) -> Iterator[str]:
        for base in bases:
            try:
                yield place(posixpath.join(base, filename))
            except Unusable:
                continue

    return placed


def _bases(sources: Sequence[str]) -> Sequence[str]:
    """The sources that say something; each may be asked for every file, so they are few."""
    if len(sources) > _MOST:
        raise Unusable(f"it has more than {_MOST} sources")
    return [each.strip() for each in sources if each.strip()]
