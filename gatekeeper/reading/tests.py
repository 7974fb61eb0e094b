"""A run of tests: what became of each, by node id."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from gatekeeper.value import dataclass, field


class Outcome(Enum):
    """What became of a test; only `PASSED` is a pass."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    SKIPPED = "skipped"
    XFAILED = "failed as expected"
    XPASSED = "passed, though expected to fail"


@dataclass(frozen=True, slots=True)
class Ran:
    """One test of a run.

    `id` is the tool's own name of it (pytest's node id; `file > suite > test` for others).
    `path` is relative to the root of the tree, empty where the tool does not say; `line` is
    from 1. `reason` is why it was skipped or is expected to fail, or the first line of why it
    failed. `contracts` are the arguments of `@pytest.mark.contract`.
    """

    id: str
    outcome: Outcome
    path: str = ""
    line: int | None = None
    reason: str = ""
    seconds: float = 0.0
    contracts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Uncollected:
    """A file, or a part of one, whose tests could not even be collected, and why."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class TestRun:
    """A finished run. `deselected` are ids that were collected and left out.

    `modules` gives the files, in the tree, of the Python modules that were imported in the end;
    empty where that is not known.
    """

    __test__ = False

    tool: str
    tests: Mapping[str, Ran]
    deselected: tuple[str, ...] = ()
    uncollected: tuple[Uncollected, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    modules: Mapping[str, str] = field(default_factory=dict)
