"""JUnit XML, as pytest, vitest and jest write it, and as others do."""

from __future__ import annotations

import re

from gatekeeper.reading.content import in_one_go, not_too_many, shown
from gatekeeper.reading.junit_case import Case, Kind, Result, Suite, ending
from gatekeeper.reading.junit_counts import STATED, check_counts
from gatekeeper.reading.junit_dialects import Dialect, dialect_of
from gatekeeper.reading.places import Place, placing
from gatekeeper.reading.tests import Outcome, Ran, TestRun, Uncollected
from gatekeeper.reading.unusable import Unusable
from gatekeeper.reading.xml_reading import number, read_xml

_SUITES, _SUITE, _CASE = "testsuites", "testsuite", "testcase"
_KINDS = {kind.value: kind for kind in Kind}
_LONGEST = 400
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")
_WORST = (Outcome.ERROR, Outcome.FAILED, Outcome.XPASSED, Outcome.XFAILED, Outcome.SKIPPED)


@in_one_go()
def read(content: bytes, root: str, cwd: str = "") -> TestRun:
    """The tests in the file; paths become relative to `root`, and are taken from `cwd` in it.

    Ids are pytest's node ids, as far as its file tells them, and `file > suite > test` for
    others. Raises Unusable for a file that is no JUnit XML, holds no test, or holds other
    numbers of them than it says.
    """
    stream = _Stream()
    read_xml(content, stream.begin, stream.end, stream.text)
    top = stream.top
    place = placing(root, cwd)
    dialect = dialect_of(top)
    check_counts(top, dialect, place)
    run = _run(top, dialect, place)
    if not run.tests and not run.uncollected:
        raise Unusable("not one test is in it")
    return run


class _Stream:
    """Suites and cases as the elements come."""

    def __init__(self) -> None:
        self.top = Suite("", "", {})
        self._open: list[Suite] = []
        self._count = 0
        self._case: Case | None = None
        self._result: dict[str, str] | None = None

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name in (_SUITES, _SUITE):
            self._begin_suite(name, attributes)
        elif not self._open:
            raise Unusable(f"it is no JUnit XML: it is a file of <{name[:40]}>")
        elif name == _CASE:
            self._begin_case(attributes)
        elif self._case is not None and name in _KINDS:
            self._begin_result(attributes)

    def end(self, name: str) -> None:
        if name in (_SUITES, _SUITE):
            self._open.pop()
        elif name == _CASE:
            self._case = None
        elif self._case is not None and self._result is not None and name in _KINDS:
            told = self._result
            result = Result(_KINDS[name], told.get("type", ""), told.get("message", ""), told[""])
            self._case.results.append(result)
            self._result = None

    def text(self, part: str) -> None:
        """Of the text in a result, the beginning is kept."""
        if self._result is not None and not self._result[""]:
            self._result[""] = part.strip()[:_LONGEST]

    def _begin_suite(self, name: str, attributes: dict[str, str]) -> None:
        called = attributes.get("name", "")
        if self._case is not None:
            raise Unusable(f"it is no JUnit XML: a <{name}> stands in a test case")
        self._one_more()
        where = f"{name} {shown(called)}"
        counts = {each: number(attributes, each, where) for each in STATED}
        stated = {each: count for each, count in counts.items() if count is not None}
        suite = Suite(called, attributes.get("file", ""), stated)
        if self._open:
            self._open[-1].inner.append(suite)
        else:
            self.top = suite
        self._open.append(suite)

    def _begin_case(self, attributes: dict[str, str]) -> None:
        suite = self._open[-1]
        if self._case is not None or not attributes.get("name", "").strip():
            raise Unusable(f"a test in the suite {shown(suite.name)} has no name or end")
        self._one_more()
        self._case = Case(suite.name, attributes)
        self._case.file = self._case.file or suite.file
        suite.cases.append(self._case)

    def _one_more(self) -> None:
        self._count += 1
        not_too_many(self._count, "suites, tests and results")

    def _begin_result(self, attributes: dict[str, str]) -> None:
        if self._result is not None:
            raise Unusable("it is no JUnit XML: a result stands in another")
        self._one_more()
        self._result = {**attributes, "": ""}


def _run(top: Suite, dialect: Dialect, place: Place) -> TestRun:
    tests: dict[str, Ran] = {}
    uncollected: dict[str, Uncollected] = {}
    seen: dict[str, int] = {}
    for case in top.all_cases():
        ran = _ran(case, dialect, place)
        if case.results and (path := dialect.uncollected(case, place)) is not None:
            uncollected.setdefault(path, Uncollected(path, ran.reason))
            continue
        times = seen[ran.id] = seen.get(ran.id, 0) + 1
        if times == 1 or not dialect.is_repeated:
            tests[ran.id] = _worse(ran, tests.get(ran.id))
        else:
            again = Ran(
                f"{ran.id} ({times})", ran.outcome, ran.path, ran.line, ran.reason, ran.seconds
            )
            tests[again.id] = _worse(again, tests.get(again.id))
    return TestRun(dialect.tool, tests, (), tuple(uncollected.values()), (), dialect.notes)


def _ran(case: Case, dialect: Dialect, place: Place) -> Ran:
    named = dialect.named(case, place)
    outcome, reason = ending(case)
    if outcome is None:
        raise Unusable(f"the status {shown(case.status)} of {shown(named.id)} is not known")
    seconds = float(case.seconds) if _NUMBER.fullmatch(case.seconds) else 0.0
    # With all that there is given, each of many is made sooner.
    return Ran(named.id, outcome, named.path, named.line, reason, seconds, ())


def _worse(ran: Ran, other: Ran | None) -> Ran:
    if other is None:
        return ran
    return next((each for worst in _WORST for each in (other, ran) if each.outcome is worst), ran)
