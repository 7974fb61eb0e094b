"""Which tests of the base count for less in the head's run, told by node id alone."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from gatekeeper.reading.tests import Outcome, Ran, TestRun
from gatekeeper_rules.suite._runs import Obstacles, path_of

_EXCUSED = frozenset({Outcome.SKIPPED, Outcome.XFAILED})


class How(Enum):
    """In which way a test is lost."""

    GONE = "gone"
    SKIPPED = "skipped"
    EXPECTED = "expected to fail"
    UNSEEN = "expected to fail, though it passes"
    DESELECTED = "deselected"
    UNCOLLECTED = "not collected"


class Loss(NamedTuple):
    """A test of the base, how it is lost, the reason the run gives, and where it now is."""

    was: Ran
    how: How
    why: str = ""
    now: Ran | None = None


def losses(base: TestRun, head: TestRun) -> Iterator[Loss]:
    """Every test of the base that is lost, in the order of the base's run."""
    deselected = frozenset(head.deselected)
    obstacles = Obstacles(head)
    alive = {path_of(each) for each in head.tests.values()}
    for was in base.tests.values():
        now = head.tests.get(was.id)
        if now is not None:
            yield from _still_there(was, now)
        elif was.id in deselected:
            yield Loss(was, How.DESELECTED)
        elif (hidden := obstacles.of(was)) is not None:
            yield Loss(was, How.UNCOLLECTED, hidden.why)
        elif not (_is_whole_file(was) and was.id in alive):
            yield _gone(was, head)


def _still_there(was: Ran, now: Ran) -> Iterator[Loss]:
    """A test that runs is not lost, be it that it fails; one that is excused newly is."""
    if now.outcome is Outcome.SKIPPED and was.outcome is not Outcome.SKIPPED:
        yield Loss(was, How.SKIPPED, now.reason, now)
    elif now.outcome is Outcome.XFAILED and was.outcome not in _EXCUSED:
        yield Loss(was, How.EXPECTED, now.reason, now)
    elif now.outcome is Outcome.XPASSED and was.outcome not in (*_EXCUSED, Outcome.XPASSED):
        yield Loss(was, How.UNSEEN, now.reason, now)


def _gone(was: Ran, head: TestRun) -> Loss:
    """Gone, unless its whole file says of itself that it is skipped."""
    whole = head.tests.get(path_of(was))
    if whole is not None and whole.outcome is Outcome.SKIPPED:
        return Loss(was, How.SKIPPED, whole.reason, whole)
    return Loss(was, How.GONE)


def _is_whole_file(ran: Ran) -> bool:
    """Whether this stands for a file that skipped itself while it was collected."""
    return ran.id == path_of(ran) and ran.outcome is Outcome.SKIPPED
