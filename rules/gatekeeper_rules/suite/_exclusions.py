"""Which newly excluded lines hide anything: not those that do nothing, or were only moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from gatekeeper import Change, Snapshot, Unreadable
from gatekeeper.reading.coverage import Coverage, FileCoverage
from gatekeeper.source.python import is_python
from gatekeeper.source.python_lines import PYTHON_LINES
from gatekeeper.value import dataclass, field
from gatekeeper_rules.suite._charges import runs_of
from gatekeeper_rules.suite._fitness import LAYOUT


@dataclass(frozen=True, eq=False)
class Exclusions:
    """The excluded blocks that the change takes away, each of which may stand elsewhere now."""

    change: Change
    base: Coverage
    _blocks: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, change: Change, base: Coverage, followed: Collection[str]) -> Exclusions:
        """With the blocks of the files that the change touches.

        What was excluded in a file that is `followed` to where it moved is excluded there
        already, and pays for nothing else.
        """
        blocks: Counter[str] = Counter()
        for path, file in base.files.items():
            if file.excluded and path in change.files and path not in followed:
                blocks.update(_blocks_in(change.base, path, _removed(change, path, file)))
        return cls(change, base, blocks)

    def hiding(
        self, path: str, excluded: frozenset[int], old: frozenset[int] | None
    ) -> frozenset[int]:
        """Of newly excluded lines those that hide code.

        `old` are the lines that the base has as well, None where all are.
        """
        if not excluded:
            return excluded
        head = self.change.head
        lines = excluded - head.facts(LAYOUT, path).empty - _idle(head, path)
        moved = set[int]()
        new = frozenset[int]() if old is None else lines - old
        for run, text in _runs(head, path, new):
            if self._blocks[text]:
                self._blocks[text] -= 1
                moved.update(run)
        return lines - moved


def _removed(change: Change, path: str, file: FileCoverage) -> frozenset[int]:
    """The excluded lines of the base that do not stand in the same file any more."""
    if path not in change.head or not change.head.entries[path].is_file:
        return file.excluded
    return file.excluded & change.lines(path).removed


def _blocks_in(snapshot: Snapshot, path: str, lines: frozenset[int]) -> Iterator[str]:
    kept = lines - snapshot.facts(LAYOUT, path).empty - _idle(snapshot, path)
    return (text for _, text in _runs(snapshot, path, kept))


def _runs(
    snapshot: Snapshot, path: str, lines: frozenset[int]
) -> Iterator[tuple[tuple[int, ...], str]]:
    """Lines that follow on each other, with what they say."""
    if not lines:
        return
    texts = snapshot.read(path).split(b"\n")
    for run in runs_of(sorted(lines), {line: line for line in lines}):
        said = b"\n".join(texts[line - 1].strip() for line in run if line <= len(texts))
        yield tuple(run), said.decode("utf-8", "surrogateescape")


def _idle(snapshot: Snapshot, path: str) -> frozenset[int]:
    if not is_python(path):
        return frozenset()
    try:
        return snapshot.facts(PYTHON_LINES, path).idle
    except Unreadable:
        return frozenset()
