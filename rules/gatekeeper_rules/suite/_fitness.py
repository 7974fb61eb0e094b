"""Whether coverage data can be of the tree that it is said to be of."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress, count, islice
from operator import itemgetter
from typing import NamedTuple

from gatekeeper import Doubt, Extractor, Snapshot
from gatekeeper.reading.coverage import Coverage, FileCoverage
from gatekeeper.source.python import is_python
from gatekeeper_rules.suite._ratio import lines_of

_SHOWN = 3
_EMPTY = frozenset({b"", b"#"})
_FIRST = itemgetter(slice(1))
_SEPARATORS = (b"\xe2\x80\xa8", b"\xe2\x80\xa9")


class Layout(NamedTuple):
    """How many lines a file has, and which of them hold no code: blank ones and comments.

    Lines end where the language has them end. `is_plain` says that git has them end there
    too. Only of Python is it known which lines hold no code.
    """

    lines: int
    empty: frozenset[int]
    is_plain: bool


def _read(content: bytes, path: str) -> Layout:
    return _python(content) if is_python(path) else _other(content)


def _python(content: bytes) -> Layout:
    is_plain = b"\r" not in content or b"\r" not in content.replace(b"\r\n", b"\n")
    text = content if is_plain else content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    # A million lines are looked at, so nothing here is done for each by Python itself.
    lines = text.translate(None, b" \t\f\v\r").split(b"\n")
    empty = compress(count(1), map(_EMPTY.__contains__, map(_FIRST, lines)))
    return Layout(len(lines) - (not lines[-1]), frozenset(empty), is_plain)


def _other(content: bytes) -> Layout:
    separators = sum(content.count(each) for each in _SEPARATORS)
    lonely = content.count(b"\r") - content.count(b"\r\n")
    is_open = content != b"" and not content.endswith((b"\n", b"\r", *_SEPARATORS))
    lines = content.count(b"\n") + lonely + separators + is_open
    return Layout(lines, frozenset(), not lonely and not separators)


LAYOUT: Extractor[Layout] = Extractor("layout of lines", 1, _read)


def misfits(coverage: Coverage, snapshot: Snapshot, whose: str) -> Iterator[Doubt]:
    """Why the data proves nothing; `whose` says what it should be of ("the head")."""
    if not lines_of(coverage).total:
        yield Doubt(f"nothing was measured of {whose}: the coverage data holds no line")
        return
    found = _strangers(coverage, snapshot, whose)
    yield from islice(found, _SHOWN)
    rest = sum(1 for _ in found)
    if rest:
        yield Doubt(f"{rest:,} more files in the coverage data of {whose} do not fit the tree")


def _strangers(coverage: Coverage, snapshot: Snapshot, whose: str) -> Iterator[Doubt]:
    told = f"so the coverage data is not of {whose}, or of generated code: measure it again"
    for path, file in sorted(coverage.files.items()):
        entry = snapshot.entries.get(path)
        if entry is None or not entry.is_file:
            yield Doubt(f"there is no such file in {whose}, {told}", path)
        elif (line := _impossible(file, snapshot.facts(LAYOUT, path))) is not None:
            yield Doubt(f"the file has no code in this line, {told}", path, line)
        elif not file.covered.isdisjoint(file.missed):
            yield Doubt("the coverage data says of a line both that it ran and that not", path)


def _impossible(file: FileCoverage, layout: Layout) -> int | None:
    """A line in the data that cannot be there."""
    named = (file.covered, file.missed, file.branches)
    last = max(max(each, default=0) for each in named)
    if last > layout.lines:
        return last
    # coverage.py calls the line behind the last excluded too, where `...` ends a file (7.17).
    excluded = max(file.excluded, default=0)
    if excluded > layout.lines + 1:
        return excluded
    return min((layout.empty & file.covered) | (layout.empty & file.missed), default=None)


def incomparable(base: Coverage, head: Coverage) -> Iterator[Doubt]:
    """Why two measurements cannot be compared with each other."""
    if base.tool != head.tool:
        yield Doubt(
            f"the base was measured by {base.tool or 'an unnamed tool'} and the head by "
            f"{head.tool or 'an unnamed tool'}: measure both alike"
        )
    elif base.branches != head.branches:
        one, other = ("base", "head") if base.branches else ("head", "base")
        yield Doubt(f"branches were measured of the {one} and not of the {other}")
