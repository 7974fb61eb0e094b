"""Measured coverage: of each file, which lines ran and which did not."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper.reading.contexts import Contexts, NoContexts
from gatekeeper.value import dataclass, field


@dataclass(frozen=True, slots=True)
class Branch:
    """The ways on from a line: how many of them were taken, and how many there are."""

    taken: int
    total: int


@dataclass(frozen=True, slots=True)
class FileCoverage:
    """One file; lines are counted from 1. A line stands in one of the three sets at the most."""

    covered: frozenset[int]
    missed: frozenset[int]
    excluded: frozenset[int] = frozenset()
    branches: Mapping[int, Branch] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Files by path, relative to the root of the tree.

    `branches` says whether branches were measured at all; `tool` names the tool with its
    version, and where it matters how it measured ("coverage.py 7.11.0, ctrace"). `contexts` say
    which test ran which line, or why that is not known.
    """

    tool: str
    files: Mapping[str, FileCoverage]
    branches: bool = False
    contexts: Contexts | NoContexts = NoContexts()
