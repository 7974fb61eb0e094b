"""The run of pytest that asks for a judgement, as readings: self-reported, and said to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from gatekeeper.git import printable
from gatekeeper.reading.coverage import Coverage
from gatekeeper.reading.method import format_of
from gatekeeper.reading.own_coverage import coverage_in
from gatekeeper.reading.pytest_records import read
from gatekeeper.reading.suite import is_node
from gatekeeper.reading.tests import TestRun
from gatekeeper.reading.unusable import Unusable
from gatekeeper.repository import Repository
from gatekeeper.rule import Measured, Missing, Need, Reading, Which
from gatekeeper.snapshot import Snapshot
from gatekeeper.terms import ReadingPlan
from gatekeeper.value import dataclass

HOW = "reported by the very run of pytest that it is about, not measured"

_COVERAGE = ("coverage-json", "coverage-data", "cobertura", "lcov")

Plans = Mapping[str, ReadingPlan]


@dataclass(frozen=True, slots=True)
class OwnRun:
    """What the run has to say: its records, and a copy of coverage.py's data if it measured.

    `folder` is where pytest was started, `settings` coverage.py's configuration file, if any.
    """

    records: bytes
    folder: Path
    data: Path | None = None
    settings: str = ""


def own_readings(
    run: OwnRun, repository: Repository, head: Snapshot, plans: Plans
) -> Mapping[Need, Reading]:
    """What the run says of the head, for each reading that is this run, or its coverage."""
    ours = _here(run, repository, plans)
    tests = [name for name, plan in ours.items() if format_of(name, plan) == "pytest"]
    measured = [name for name, plan in ours.items() if run.data and _is_coverage(plan)]
    if not tests and not measured:
        return {}
    ran = _reading(lambda: _ran(run, repository, head), head)
    found = {Need(name, Which.HEAD): ran for name in tests}
    if measured and run.data is not None:
        data, root = run.data, str(repository.root.resolve())
        covered = (
            _reading(lambda: coverage_in(data, run.settings, root), head)
            if isinstance(ran, Measured)
            else ran
        )
        found.update({Need(name, Which.HEAD): covered for name in measured})
    return found


def _here(run: OwnRun, repository: Repository, plans: Plans) -> Plans:
    """The plans that run pytest in the folder that this run was started in, or in the only one."""
    pytests = {name: plan for name, plan in plans.items() if _runs_pytest(name, plan)}
    root, started = repository.root.resolve(), run.folder.resolve()
    if len({plan.cwd for plan in pytests.values()}) <= 1:
        return pytests
    return {name: plan for name, plan in pytests.items() if (root / plan.cwd).resolve() == started}


def _runs_pytest(name: str, plan: ReadingPlan) -> bool:
    if _is_coverage(plan):
        return "pytest" in plan.run.split() and not is_node(plan)
    return format_of(name, plan) == "pytest"


def _is_coverage(plan: ReadingPlan) -> bool:
    return plan.format in _COVERAGE


def _reading(take: Callable[[], TestRun | Coverage], head: Snapshot) -> Reading:
    try:
        return Measured(take(), head.tree or head.label, HOW, given=True)
    except Unusable as unusable:
        return Missing(f"this run of pytest cannot be used: {unusable}")


def _ran(run: OwnRun, repository: Repository, head: Snapshot) -> TestRun:
    found = read(run.records, str(repository.root.resolve()))
    for why in _differences(head, found, repository):
        raise Unusable(f"{why} what is judged, {head.label}; commit it first")
    return found


def _differences(head: Snapshot, run: TestRun, repository: Repository) -> Iterator[str]:
    """Where the work tree is not what is judged, as far as git keeps track of it."""
    for change in repository.change(head, repository.worktree()).files.values():
        if not change.added:
            yield f"{printable(change.path)} differs from"
    for ran in run.tests.values():
        if ran.path and ran.path not in head.entries:
            yield f"{printable(ran.path)} is not in"
