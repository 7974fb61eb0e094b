"""Whether a recorded run of pytest can be believed: its canaries, its exit status, its JUnit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from gatekeeper.reading.junit_sides import Side, key_of, sides
from gatekeeper.reading.pytest_records import Records, reruns
from gatekeeper.reading.tests import Outcome, Ran, TestRun
from gatekeeper.reading.unusable import Unusable
from gatekeeper.value import dataclass, replace

_TESTS_FAILED = 1

_SIDES: Mapping[Outcome, Side] = {
    Outcome.PASSED: Side.PASSED,
    Outcome.XPASSED: Side.PASSED,
    Outcome.SKIPPED: Side.SKIPPED,
    Outcome.XFAILED: Side.SKIPPED,
    Outcome.FAILED: Side.FAILED,
    Outcome.ERROR: Side.FAILED,
}


@dataclass(frozen=True, slots=True)
class Canary:
    """What our own tests are called in one run, and what those say that must fail."""

    fails: str
    passes: str
    says: str
    secret: str

    def names(self, node_id: str) -> bool:
        """Whether a test is one of ours."""
        return _name(node_id) in (self.fails, self.passes)


def trusted(recorded: Records, junit: bytes, status: int, canary: Canary) -> TestRun:
    """The run without canaries; raises Unusable where anything about it does not agree."""
    try:
        _check_canaries(recorded.run, canary)
        _check_status(recorded.status, status)
        _check_junit(recorded, sides(junit))
    except _Doubtful as doubt:
        raise Unusable(f"the test run cannot be trusted: {doubt}") from None
    run = recorded.run
    return replace(
        run,
        tests={name: ran for name, ran in run.tests.items() if not canary.names(name)},
        deselected=tuple(name for name in run.deselected if not canary.names(name)),
        notes=tuple(reruns([name for name in recorded.again if not canary.names(name)])),
    )


class _Doubtful(Exception):
    """What does not agree."""


def _check_status(recorded: int, status: int) -> None:
    for who, ended in (("pytest", recorded), ("the command", status)):
        if ended != _TESTS_FAILED:
            raise _Doubtful(
                f"{who} ended with exit status {ended}, but must with {_TESTS_FAILED}, for tests "
                "of ours among the others have to fail"
            )


def _check_canaries(run: TestRun, canary: Canary) -> None:
    """In every folder of which a test passed, what must fail has failed, and for our reason."""
    ours = _by_folder(ran for ran in run.tests.values() if canary.names(ran.id))
    for ran in (ran for some in ours.values() for ran in some):
        if _name(ran.id) == canary.fails and ran.outcome in (Outcome.PASSED, Outcome.XPASSED):
            raise _Doubtful(f"in {_shown(ran.id)} a test of ours that must fail passed")
    passed = (ran for ran in run.tests.values() if _SIDES[ran.outcome] is Side.PASSED)
    theirs = {_folder(ran.id) for ran in passed if not canary.names(ran.id)}
    for folder in sorted(theirs) or ours:
        _check_folder(folder, ours.get(folder, ()), canary)
    if not ours:
        raise _Doubtful("the tests of ours that must fail did not run")


def _check_folder(folder: str, ours: Iterable[Ran], canary: Canary) -> None:
    seen = set()
    for ran in ours:
        name = _name(ran.id)
        seen.add(name)
        must = Outcome.FAILED if name == canary.fails else Outcome.PASSED
        if ran.outcome is not must or (must is Outcome.FAILED and canary.says not in ran.reason):
            why = f" ({ran.reason})" if ran.reason else ""
            raise _Doubtful(
                f"in {folder} the outcome of a test of ours must be {must.value!r}, "
                f"and is {ran.outcome.value!r}{why}"
            )
    if seen != {canary.fails, canary.passes}:
        raise _Doubtful(f"in {folder} tests passed, and those of ours beside them did not run")


def _check_junit(recorded: Records, junit: Mapping[tuple[str, str], Side]) -> None:
    """The recorder and pytest's own JUnit file say the same of the same tests."""
    expected: dict[tuple[str, str], tuple[Side, str]] = {}
    loose = {key_of(name) for name in recorded.partly}
    said = [(ran.id, _SIDES[ran.outcome]) for ran in recorded.run.tests.values()]
    said += [(each, Side.FAILED) for each in recorded.uncollected]
    for name, side in said:
        key = key_of(name)
        if key not in expected or side > expected[key][0]:
            expected[key] = (side, name)
    for key, (side, name) in expected.items():
        found = junit.get(key)
        if found is None:
            raise _Doubtful(f"{name} is recorded as {side.word}, and is not in the JUnit file")
        if found is not side and not (key in loose and found is Side.SKIPPED):
            raise _Doubtful(f"{name} is recorded as {side.word}, the JUnit file says {found.word}")
    if more := sorted(junit.keys() - expected.keys()):
        raise _Doubtful(f"the JUnit file tells of {'.'.join(more[0])}, which is not recorded")


def _by_folder(tests: Iterable[Ran]) -> Mapping[str, tuple[Ran, ...]]:
    folders: dict[str, tuple[Ran, ...]] = {}
    for ran in tests:
        folders[_folder(ran.id)] = (*folders.get(_folder(ran.id), ()), ran)
    return folders


def _name(node_id: str) -> str:
    return node_id.rpartition("::")[2]


def _folder(node_id: str) -> str:
    return str(PurePosixPath(node_id.partition("::")[0]).parent)


def _shown(node_id: str) -> str:
    folder = _folder(node_id)
    return "the root folder" if folder == "." else folder
