"""Test cases and suites as a JUnit file holds them, before anybody asks which tool wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from gatekeeper.reading.tests import Outcome
from gatekeeper.value import dataclass


class Kind(Enum):
    """What a result inside a test case says; a case without any has passed."""

    FAILURE = "failure"
    ERROR = "error"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Result:
    """One result; `type` and `message` are its attributes, `text` the beginning of its text."""

    kind: Kind
    type: str
    message: str
    text: str


class Case:
    """One `<testcase>`; `line` is as the file has it. Results come as the file is read."""

    __slots__ = ("classname", "file", "line", "name", "results", "seconds", "status", "suite")

    def __init__(self, suite: str, attributes: dict[str, str]) -> None:
        self.suite = suite
        self.name = attributes.get("name", "").strip()
        self.classname = attributes.get("classname", "").strip()
        self.file = attributes.get("file", "")
        self.line = attributes.get("line", "")
        self.seconds = attributes.get("time", "")
        self.status = attributes.get("status") or attributes.get("result") or ""
        self.results: list[Result] = []

    def first(self, kind: Kind) -> Result | None:
        """The first of its results that is of this kind."""
        return next((each for each in self.results if each.kind is kind), None)


class Suite:
    """One `<testsuite>`, or the `<testsuites>` around them all, with the counts it states."""

    __slots__ = ("cases", "counts", "file", "inner", "name")

    def __init__(self, name: str, file: str, counts: dict[str, int]) -> None:
        self.name = name
        self.file = file
        self.counts = counts
        self.cases: list[Case] = []
        self.inner: list[Suite] = []

    def all_cases(self) -> Iterator[Case]:
        """The cases in it and in the suites in it, in the order of the file's suites."""
        waiting = [self]
        while waiting:
            suite = waiting.pop()
            yield from suite.cases
            waiting.extend(reversed(suite.inner))


_WORST = (Kind.ERROR, Kind.FAILURE, Kind.SKIPPED)
_OUTCOMES = {
    Kind.ERROR: Outcome.ERROR,
    Kind.FAILURE: Outcome.FAILED,
    Kind.SKIPPED: Outcome.SKIPPED,
}
_SAYS_NOTHING = ("", "collection failure", "collection skipped", "● Test suite failed to run")
_SKIPPED_FILE = re.compile(r"\bSkipped: (.+)[\"']\)$")
_XFAIL = "pytest.xfail"
_RAN = frozenset({"", "run", "passed", "pass", "success", "ok", "completed"})
_NOT_RUN = frozenset({"notrun", "disabled", "skipped", "suppressed", "ignored", "todo"})


def ending(case: Case) -> tuple[Outcome | None, str]:
    """What became of the case, and why; None where its status is a word that is not known."""
    if not case.results and not case.status:
        return Outcome.PASSED, ""
    for kind in _WORST:
        if (result := case.first(kind)) is not None:
            is_xfail = kind is Kind.SKIPPED and result.type == _XFAIL
            return (Outcome.XFAILED if is_xfail else _OUTCOMES[kind]), why(result)
    status = case.status.lower()
    if status in _NOT_RUN:
        return Outcome.SKIPPED, case.status
    return (Outcome.PASSED if status in _RAN else None), ""


def why(result: Result) -> str:
    """The first line of what a result says that says something."""
    lines = f"{result.message}\n{result.text}".splitlines()
    said = next((line.strip() for line in lines if line.strip() not in _SAYS_NOTHING), "")
    skipped = _SKIPPED_FILE.search(said)
    return skipped[1] if skipped else said
