"""The run of pytest that asks for a judgement, as a reading: self-reported, and said to be."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper.git import printable
from gatekeeper.reading.method import format_of
from gatekeeper.reading.pytest_records import read
from gatekeeper.reading.tests import TestRun
from gatekeeper.reading.unusable import Unusable
from gatekeeper.repository import Repository
from gatekeeper.rule import Measured, Missing, Need, Reading, Which
from gatekeeper.snapshot import Snapshot
from gatekeeper.terms import ReadingPlan

HOW = "reported by the very run of pytest that it is about, not measured"


def own_readings(
    records: bytes, repository: Repository, head: Snapshot, plans: Mapping[str, ReadingPlan]
) -> Mapping[Need, Reading]:
    """What the records say of the head, for each reading that is a run of pytest."""
    names = [name for name, plan in plans.items() if format_of(name, plan) == "pytest"]
    if not names:
        return {}
    reading = _reading(records, repository, head)
    return {Need(name, Which.HEAD): reading for name in names}


def _reading(records: bytes, repository: Repository, head: Snapshot) -> Reading:
    try:
        run = read(records, str(repository.root.resolve()))
        _check_it_is_of(head, run, repository)
    except Unusable as unusable:
        return Missing(f"this run of pytest cannot be used: {unusable}")
    return Measured(run, head.tree or head.label, HOW, given=True)


def _check_it_is_of(head: Snapshot, run: TestRun, repository: Repository) -> None:
    """That the work tree is what is judged, as far as git keeps track of it."""
    changes = repository.change(head, repository.worktree()).files.values()
    for change in changes:
        if not change.added:
            path = printable(change.path)
            raise Unusable(f"{path} differs from what is judged, {head.label}; commit it first")
    for ran in run.tests.values():
        if ran.path and ran.path not in head.entries:
            path = printable(ran.path)
            raise Unusable(f"{path} is not in what is judged, {head.label}; commit it first")
