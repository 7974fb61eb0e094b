"""What the readers of coverage files have in common: lines put together, and held to counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from gatekeeper.reading.content import shown
from gatekeeper.reading.contexts import Contexts, NoContexts
from gatekeeper.reading.coverage import Branch, Coverage, FileCoverage
from gatekeeper.reading.unusable import Unusable


def coverage_of(
    tool: str,
    files: Mapping[str, FileCoverage],
    *,
    branches: bool,
    contexts: Contexts | NoContexts | None = None,
) -> Coverage:
    """The coverage of these files; raises Unusable where nothing at all was measured."""
    if not files:
        raise Unusable("not one file is in it")
    if not any(each.covered or each.missed for each in files.values()):
        raise Unusable("not one line that could run is in it")
    return Coverage(tool, files, branches, contexts or NoContexts())


branch_of = lru_cache(4096)(Branch)
"""A branch; of the same numbers the same one, for a large file has many and few that differ."""


def counted(all_: Iterable[int], taken: Iterable[int]) -> dict[int, Branch]:
    """Branches by line, given the line of each, and of each that was taken."""
    took = Counter(taken)
    return {line: branch_of(took[line], total) for line, total in Counter(all_).items()}


def merged(parts: Sequence[FileCoverage]) -> FileCoverage:
    """One file measured in parts: a line ran if it ran in one of them, and of branches likewise."""
    if len(parts) == 1:
        return parts[0]
    covered = frozenset[int]().union(*(part.covered for part in parts))
    missed = frozenset[int]().union(*(part.missed for part in parts)) - covered
    branches: dict[int, Branch] = {}
    for part in parts:
        for line, branch in part.branches.items():
            same = branches.get(line, branch)
            branches[line] = branch_of(max(branch.taken, same.taken), max(branch.total, same.total))
    return FileCoverage(covered, missed, frozenset(), branches)


def added_up(where: str, what: str, stated: int | None, *held: int) -> None:
    """Raise Unusable where what a file states of itself is none of what it holds."""
    if stated is not None and stated not in held:
        raise Unusable(
            f"its counts do not add up: {shown(where)} states {what}={stated},"
            f" and holds {' or '.join(map(str, sorted(set(held))))}"
        )
