"""What became of the lines of one file, from the base's measurement to the head's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from gatekeeper.reading.coverage import Branch, FileCoverage
from gatekeeper_rules.suite._tracing import Origin

_NONE = Branch(0, 0)


class Fate(Enum):
    """What happened to a line that should not have; the value completes "3 lines …"."""

    NEW = "new and missed"
    LOST = "that lost coverage"
    NEW_BRANCH = "new, with a branch that is not taken"
    LOST_BRANCH = "with a branch that is not taken any more"
    EXCLUDED = "newly excluded"
    UNMEASURED = "not measured any more"
    UNSEEN = "new, and not measured"
    FOLDED = "new, with a function on the line that defines it"


LINES = (Fate.NEW, Fate.LOST)
BRANCHES = (Fate.NEW_BRANCH, Fate.LOST_BRANCH)


class Past(NamedTuple):
    """What the base's measurement says of the lines that are still there, by their numbers now.

    `known` are lines of a file that was not measured: they stood there all the same.
    """

    covered: frozenset[int] = frozenset()
    missed: frozenset[int] = frozenset()
    excluded: frozenset[int] = frozenset()
    branches: Mapping[int, Branch] = MappingProxyType({})
    known: frozenset[int] = frozenset()


def past_of(origin: Origin | None, base: Mapping[str, FileCoverage], now: FileCoverage) -> Past:
    """The past of a file whose lines are now as `now` says."""
    if origin is None:
        return Past()
    then = base.get(origin.path)
    heads = origin.heads
    if then is None:
        # Not measured then: what stood there is not new, whatever is known of it now.
        every = now.covered | now.missed | now.excluded
        return Past(known=every if heads is None else every.intersection(heads.values()))
    if heads is None:
        return Past(then.covered, then.missed, then.excluded, then.branches)
    return Past(
        _now(then.covered, heads),
        _now(then.missed, heads),
        _now(then.excluded, heads),
        {heads[line]: each for line, each in then.branches.items() if line in heads},
    )


def _now(lines: Iterable[int], heads: Mapping[int, int]) -> frozenset[int]:
    return frozenset(heads[line] for line in lines if line in heads)


def fates(past: Past, now: FileCoverage) -> Mapping[Fate, frozenset[int]]:
    """The lines that each fate met."""
    new = now.missed - past.covered - past.missed - past.excluded - past.known
    unmeasured = _unmeasured(past.covered, now) | _unmeasured(past.missed, now)
    branches = _branches(past, now)
    return {
        Fate.NEW: new,
        Fate.LOST: now.missed & past.covered,
        Fate.NEW_BRANCH: branches - past.covered - past.missed,
        Fate.LOST_BRANCH: branches & (past.covered | past.missed) if branches else branches,
        Fate.EXCLUDED: now.excluded - past.excluded - past.known,
        Fate.UNMEASURED: unmeasured,
    }


def _unmeasured(measured: frozenset[int], now: FileCoverage) -> frozenset[int]:
    return measured - now.covered - now.missed - now.excluded


def _branches(past: Past, now: FileCoverage) -> frozenset[int]:
    """Lines with more branches not taken than they had; nothing is known of those excluded."""
    return frozenset(
        line
        for line, branch in now.branches.items()
        if _open(branch) > _open(past.branches.get(line, _NONE))
        and line not in past.excluded
        and line not in past.known
    )


def _open(branch: Branch) -> int:
    return branch.total - branch.taken
