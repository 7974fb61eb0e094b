"""Functions of a measured file of which its data says nothing at all."""

from __future__ import annotations

from gatekeeper import Snapshot, Unreadable
from gatekeeper.reading.coverage import Coverage
from gatekeeper.source.python import is_python
from gatekeeper.source.python_lines import PYTHON_LINES, Span

# Its own reports name the lines that it leaves out; those of other formats just lack them.
_COMPLETE = "coverage.py"
_OTHERS = ("cobertura", "lcov")


def unseen(head: Snapshot, coverage: Coverage, path: str) -> frozenset[int]:
    """The first lines of classes and functions that the data of coverage.py does not know.

    It knows the line of each `def`, whether or not it ran, as long as the file that it reads
    at the end is the one that is in the tree.
    """
    named = coverage.tool.lower()
    if not is_python(path) or _COMPLETE not in named or any(each in named for each in _OTHERS):
        return frozenset()
    try:
        facts = head.facts(PYTHON_LINES, path)
    except Unreadable:
        return frozenset()
    file = coverage.files[path]
    known = file.covered | file.missed | file.excluded
    if not known:
        return frozenset()
    return frozenset(
        span.line
        for span in facts.spans
        if known.isdisjoint(_lines(span)) and not facts.idle.issuperset(_lines(span))
    )


def _lines(span: Span) -> range:
    return range(span.line, span.end_line + 1)
