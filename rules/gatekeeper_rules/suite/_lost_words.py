"""How the findings about lost tests are put."""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper import Absence, Difference, Evidence, Finding, Side, Trail
from gatekeeper_rules.suite._losses import How, Loss
from gatekeeper_rules.suite._runs import case_of

_SHOWN = 5
_LISTED = 100
_FIX = (
    "Bring it back, or have the contract name what took its place: `replaced` of test-lost, "
    "by node id."
)
_MESSAGES = {
    How.SKIPPED: "is skipped, and was not at the base",
    How.EXPECTED: "is expected to fail, and was not at the base",
    How.UNSEEN: "is newly marked as expected to fail; it passes, and nobody would see it fail",
    How.DESELECTED: "is deselected, and ran at the base",
    How.UNCOLLECTED: "cannot be collected, and ran at the base",
}


def whole_file(path: str, lost: Sequence[Loss], *, there: bool, ran: int) -> Finding:
    """None of a file's tests is in the head's run; `there` says that the file still is."""
    why = "is there, and none of its tests is collected any more" if there else "is gone"
    says = f"{path} {why}: {_counted(lost, 'test')} lost"
    evidence = (Absence(f"the tests of {path}", ran), _trail(lost))
    return _finding(says, Side.HEAD if there else Side.BASE, path, None, evidence, lost)


def gone(path: str, line: int | None, name: str, lost: Sequence[Loss], refused: str) -> Finding:
    """A function of tests that the head's run does not have."""
    cases = f", with its {len(lost)} cases" if case_of(lost[0].was.id) else ""
    says = f"{name} is gone{cases}{refused}"
    return _finding(says, Side.BASE, path, line, (_trail(lost),), lost)


def fewer_cases(path: str, line: int | None, name: str, lost: Sequence[Loss]) -> Finding:
    """A function that has lost some of the cases of its parametrisation."""
    shown = ", ".join(case_of(each.was.id) for each in lost[:_SHOWN])
    more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
    says = f"{name} has lost {_counted(lost, 'case')}: {shown}{more}"
    return _finding(says, Side.BASE, path, line, (_trail(lost),), lost)


def still_written(path: str, line: int, name: str, lost: Sequence[Loss]) -> Finding:
    """A function that is written down at the head, and not collected."""
    says = f"{name} is still written down, and not collected any more"
    return _finding(says, Side.HEAD, path, line, (_trail(lost),), lost)


def excused(path: str, line: int | None, name: str, lost: Sequence[Loss]) -> Finding:
    """Tests that are there, and do not count."""
    first = lost[0]
    count = f" ({len(lost)} tests)" if len(lost) > 1 else ""
    why = f": {first.why}" if first.why else ""
    now = f"{first.how.value}{why}"
    difference = Difference(first.was.id, first.was.outcome.value, now)
    says = f"{name}{count} {_MESSAGES[first.how]}{why}"
    return _finding(says, Side.HEAD, path, line, (difference, _trail(lost)), lost)


def _counted(lost: Sequence[Loss], what: str) -> str:
    return f"{len(lost)} {what}" + ("s" if len(lost) > 1 else "")


def _trail(lost: Sequence[Loss]) -> Trail:
    ids = [f"{each.was.id}  {each.was.outcome.value}" for each in lost]
    rest = [f"and {len(ids) - _LISTED} more"] if len(ids) > _LISTED else []
    return Trail((*ids[:_LISTED], *rest))


def _finding(
    says: str,
    side: Side,
    path: str,
    line: int | None,
    evidence: tuple[Evidence, ...],
    lost: Sequence[Loss],
) -> Finding:
    quoted = "\n".join([lost[0].how.value, *sorted(each.was.id for each in lost)])
    return Finding(says, side, path, evidence, _FIX, line=line, quoted=quoted)
