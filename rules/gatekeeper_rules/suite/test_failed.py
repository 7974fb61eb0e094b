"""The rule test-failed: a test fails, or one of the base's does on the head's code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from gatekeeper import (
    Case,
    Difference,
    Doubt,
    Examined,
    Finding,
    Need,
    NoSubject,
    Note,
    Observation,
    Rule,
    Side,
    Stricter,
    Unmeasured,
    Which,
    option,
)
from gatekeeper.reading.tests import Outcome, Ran, TestRun, Uncollected
from gatekeeper.value import dataclass
from gatekeeper_rules.suite._elsewhere import elsewhere
from gatekeeper_rules.suite._followed import Followed
from gatekeeper_rules.suite._left_out import LeftOut
from gatekeeper_rules.suite._replacements import Replacements, agreed
from gatekeeper_rules.suite._runs import FAILING, RAN, Obstacles, line_of, path_of
from gatekeeper_rules.wordings import WORDINGS

_READING = "tests"
_COUNTED = frozenset({Outcome.PASSED, Outcome.XPASSED})
_MEND = "Mend the code, or the test if it is the test that is wrong."
_EXCUSED = (
    "Mend what fails; if it is to fail for now, have the test say so where it is written: "
    "`@pytest.mark.xfail(strict=True, reason=…)`."
)
_REGRESSION = (
    "Mend the code; where the stage changes what was agreed, name the test's replacement under "
    "`replaced` of test-lost."
)


@dataclass(frozen=True, slots=True)
class Options:
    """Which runs must pass."""

    base_tests: bool = option(
        default=True, stricter=Stricter.TRUE, says="the base's tests must pass on the head's code"
    )


def needs(options: Options) -> Iterable[Need]:
    """The head's run; for the base's tests also their run at home, to tell what is new."""
    sides = (Which.HEAD, Which.BASE, Which.CROSSED) if options.base_tests else (Which.HEAD,)
    return [Need(_READING, which) for which in sides]


def check(case: Case[Options]) -> Iterator[Observation]:
    """Each run is judged by itself: what is missing of one leaves the other's findings."""
    parts: list[Callable[[Case[Options]], Iterator[Observation]]] = [_of_the_head]
    if case.options.base_tests:
        parts.append(_of_the_base)
    unmeasured: list[Unmeasured] = []
    for part in parts:
        try:
            yield from part(case)
        except Unmeasured as error:
            unmeasured.append(error)
    if len(unmeasured) == len(parts):
        raise Unmeasured("; ".join(map(str, unmeasured)))
    yield from (Doubt(str(each)) for each in unmeasured)


def _of_the_head(case: Case[Options]) -> Iterator[Observation]:
    run = case.measured(_READING, Which.HEAD, TestRun)
    followed = Followed(case.change.head)
    ran = [each for each in run.tests.values() if each.outcome in RAN]
    yield Examined("tests", len(ran))
    if not ran and not run.uncollected:
        yield Doubt(_nothing_ran(run))
    for each in run.uncollected:
        yield _uncollected(each, Side.HEAD, f"{each.path} cannot be collected", _MEND)
    for test in ran:
        if test.outcome in FAILING:
            yield _finding(test, Side.HEAD, line_of(followed, test), _fails(test), _MEND)
    if run.tests:
        yield from _of_new_tests(case, run, followed)
    unexpected = sum(each.outcome is Outcome.XPASSED for each in ran)
    if unexpected:
        yield Note(f"tests that are expected to fail and pass: {unexpected}")


def _of_new_tests(case: Case[Options], run: TestRun, followed: Followed) -> Iterator[Observation]:
    """A new test that did not run has not passed; nor has one that others say may fail."""
    new = LeftOut(case.change, run, _base_run(case))
    yield from new.unheard()
    for test in new.excused():
        says = f"{test.id} may fail by the word of something else than itself, and does"
        says += f": {test.reason}" if test.reason else ""
        yield _finding(test, Side.HEAD, line_of(followed, test), says, _EXCUSED)


def _base_run(case: Case[Options]) -> TestRun | None:
    try:
        return case.measured(_READING, Which.BASE, TestRun)
    except Unmeasured:
        return None


def _nothing_ran(run: TestRun) -> str:
    if not run.tests and not run.deselected:
        return "there is no test at the head; a run of no tests proves nothing"
    left_out = len(run.tests) + len(run.deselected)
    return f"not one of the {left_out} tests of the head ran; such a run proves nothing"


def _of_the_base(case: Case[Options]) -> Iterator[Observation]:
    base = case.measured(_READING, Which.BASE, TestRun)
    crossed = case.measured(_READING, Which.CROSSED, TestRun)
    head = case.measured(_READING, Which.HEAD, TestRun)
    yield from elsewhere(case.change.head, base, (crossed, head))
    replacements = Replacements(agreed(case.contract), base, head, Followed(case.change.head))
    due = [each for each in base.tests.values() if each.outcome in _COUNTED]
    if not due:
        yield NoSubject("no test passed at the base, so none can have stopped passing")
    yield Examined("tests of the base on the head's code", len(due))
    kept = [each for each in due if not replacements.accepts(each.id)]
    obstacles = Obstacles(crossed)
    unseen = {
        each.id: found
        for each in kept
        if each.id not in crossed.tests and (found := obstacles.of(each))
    }
    yield from _hidden(unseen, base)
    followed = Followed(case.change.base)
    failing_now = {each.id for each in head.tests.values() if each.outcome in FAILING}
    for was in kept:
        if was.id not in failing_now and was.id not in unseen:
            yield from _regression(was, crossed.tests.get(was.id), followed)


def _hidden(unseen: Mapping[str, Uncollected], base: TestRun) -> Iterator[Finding]:
    """Files of the base's tests that could be collected with the base's code."""
    known = {each.path for each in base.uncollected}
    counts = Counter(unseen.values())
    for each, count in counts.items():
        if each.path not in known:
            says = f"{each.path} with {count} tests of the base cannot be collected"
            yield _uncollected(each, Side.BASE, f"{says} on the head's code", _REGRESSION)


def _regression(was: Ran, now: Ran | None, followed: Followed) -> Iterator[Finding]:
    if now is None:
        says = f"{was.id} passed at the base, and did not run on the head's code"
    elif now.outcome not in _COUNTED:
        how = now.outcome.value
        says = f"{was.id} passed at the base, and does not on the head's code: it {_became(how)}"
    else:
        return
    line = line_of(followed, now or was)
    yield _finding(now or was, Side.BASE, line, says, _REGRESSION, ran=now is not None)


def _became(outcome: str) -> str:
    return "ends in an error" if outcome == Outcome.ERROR.value else outcome


def _fails(test: Ran) -> str:
    how = "fails" if test.outcome is Outcome.FAILED else "ends in an error"
    return f"{test.id} {how}" + (f": {test.reason}" if test.reason else "")


def _finding(
    test: Ran, side: Side, line: int | None, says: str, fix: str, *, ran: bool = True
) -> Finding:
    outcome = f"{test.outcome.value}: {test.reason}".rstrip(": ") if ran else None
    evidence = Difference(test.id, Outcome.PASSED.value, outcome)
    path = path_of(test)
    return Finding(says, side, path, (evidence,), fix, line=line, quoted=test.id)


def _uncollected(each: Uncollected, side: Side, says: str, fix: str) -> Finding:
    evidence = Difference(f"the tests of {each.path}", "collected", each.why)
    path = each.path.partition("::")[0]
    return Finding(f"{says}: {each.why}", side, path, (evidence,), fix, quoted=each.path)


RULE = Rule(
    name="test-failed",
    summary="a test fails, or one of the base's does on the head's code",
    options=Options,
    check=check,
    runs=True,
    needs=needs,
    wordings=WORDINGS["test-failed"],
)
