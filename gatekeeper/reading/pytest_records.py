"""The records of `gatekeeper.recorder`: a whole run of pytest, or the reason why it is none."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.reading.recorded import Entry, entries
from gatekeeper.reading.tests import Outcome, Ran, TestRun, Uncollected
from gatekeeper.reading.unusable import Unusable
from gatekeeper.value import dataclass, replace

SCHEMA = "gatekeeper.records/1"
_SHOWN = 3
_GOOD = [("setup", "passed"), ("call", "passed"), ("teardown", "passed")]

Phases = Sequence[tuple[str, str, float]]

_ENDED = (0, 1, 5)
"""The exit statuses of a run that came to its end: passed, failed, nothing collected."""


@dataclass(frozen=True, slots=True)
class Records:
    """A finished run with what only its records know.

    `status` is the exit status that pytest decided on, `uncollected` the node ids that could
    not be collected, `partly` those of tests of which subtests were skipped, `again` those of
    tests that ran more than once.
    """

    run: TestRun
    status: int
    uncollected: tuple[str, ...] = ()
    partly: frozenset[str] = frozenset()
    again: tuple[str, ...] = ()


def read(content: bytes, root: str) -> TestRun:
    """The run; `root` is the absolute path of the checkout. Raises Unusable."""
    recorded = records(content, root)
    return replace(recorded.run, notes=tuple(reruns(recorded.again)))


def records(content: bytes, root: str) -> Records:
    """The run with what only its records know. Raises Unusable where it did not finish."""
    said = entries(content)
    begin, end = _frame(said)
    _check_counts(said, end)
    _check_end(end)
    by_kind = {kind: [each for each in said if each.kind == kind] for kind in end.table("counts")}
    if unfinished := by_kind.get("unfinished"):
        first = unfinished[0].text("id")
        raise Unusable(f"{len(unfinished)} tests did not run to their end, the first was {first}")
    tests = by_kind.get("test", [])
    if end.number("planned") != len(tests):
        raise Unusable(f"{end.number('planned')} tests were to run, {len(tests)} are recorded")
    run = _run(begin, by_kind, _Places(begin.text("root"), root))
    status = end.number("status")
    if status == 0 and (run.uncollected or any(_failed(each) for each in run.tests.values())):
        raise Unusable("pytest ended with exit status 0, though not every test passed")
    return Records(
        run,
        status,
        tuple(each.text("id") for each in by_kind.get("uncollected", ())),
        frozenset(each.text("id") for each in tests if _is_partly(each.phases())),
        tuple(each.text("id") for each in tests if each.fact("reruns", int)),
    )


def _frame(said: Sequence[Entry]) -> tuple[Entry, Entry]:
    """The first and the last record, each of which there is once."""
    begin = said[0]
    if begin.kind != "begin" or begin.text("schema") != SCHEMA:
        schema = begin.fact("schema", str) or "an unknown schema"
        raise Unusable(f"they are records of {schema}; this version reads {SCHEMA}")
    if said[-1].kind != "end":
        finished = [each.text("id") for each in said if each.kind == "test"]
        last = f"; the last test on record is {finished[-1]}" if finished else ""
        raise Unusable(f"the run did not come to its end{last}")
    for kind in ("begin", "end"):
        if sum(each.kind == kind for each in said) > 1:
            raise Unusable("they are the records of more than one run")
    return begin, said[-1]


def _check_counts(said: Sequence[Entry], end: Entry) -> None:
    counted = Counter(each.kind for each in said[:-1])
    if dict(counted) != end.table("counts"):
        raise Unusable("its counts do not add up: records were added or taken away")


def _check_end(end: Entry) -> None:
    """That the run was one, and went on to its end."""
    if stopped := end.text("stopped"):
        raise Unusable(f"the run was broken off: {stopped}")
    if end.fact("collect_only", bool):
        raise Unusable("the tests were only collected, not run")
    if end.fact("planned", int) is None:
        raise Unusable("it is not known which tests were to run")
    if end.number("status") not in _ENDED:
        raise Unusable(f"pytest ended with exit status {end.number('status')}")


def _run(begin: Entry, by_kind: Mapping[str, Sequence[Entry]], places: _Places) -> TestRun:
    clauses = {each.text("id"): each.texts("clauses") for each in by_kind.get("contract", ())}
    tests: dict[str, Ran] = {}
    for ran in (
        *(_ran(each, clauses, places) for each in by_kind.get("test", ())),
        *(_skipped(each, places) for each in by_kind.get("skipped", ())),
    ):
        if ran.id in tests:
            raise Unusable(f"two tests are called {ran.id}")
        tests[ran.id] = ran
    return TestRun(
        tool=f"pytest {begin.text('pytest')}, Python {begin.text('python')}",
        tests=tests,
        deselected=tuple(each.text("id") for each in by_kind.get("deselected", ())),
        uncollected=tuple(
            Uncollected(places.of(each.text("id")), each.text("reason"))
            for each in by_kind.get("uncollected", ())
        ),
        warnings=tuple(dict.fromkeys(map(places.warning, by_kind.get("warning", ())))),
        modules={
            name: path
            for each in by_kind.get("modules", ())
            for name, file in each.table("files").items()
            if isinstance(file, str) and (path := places.of(file))
        },
    )


def _ran(entry: Entry, clauses: Mapping[str, tuple[str, ...]], places: _Places) -> Ran:
    name = entry.text("id")
    phases = entry.phases()
    line = entry.fact("line", int)
    in_its_file = entry.text("path") == name.partition("::")[0]
    return Ran(
        id=name,
        outcome=_outcome(entry, phases),
        path=places.of(name),
        line=line + 1 if line is not None and in_its_file else None,
        reason=_reason(entry),
        seconds=sum(seconds for _, _, seconds in phases),
        contracts=clauses.get(name, ()),
    )


def _skipped(entry: Entry, places: _Places) -> Ran:
    """A file that says of itself, while it is collected, that it is skipped."""
    name = entry.text("id")
    return Ran(name, Outcome.SKIPPED, places.of(name), reason=_reason(entry))


def _outcome(entry: Entry, phases: Phases) -> Outcome:
    """What all the phases together say; only a test that was called and went well passed."""
    if [each[:2] for each in phases] == _GOOD:
        return _passed(entry)
    ended: dict[str, set[str]] = {}
    for when, outcome, _ in phases:
        ended.setdefault(when, set()).add(outcome)
    if "failed" in ended.get("call", ()) or "failed" in ended.get("subtest", ()):
        return Outcome.FAILED
    if any("failed" in each for each in ended.values()):
        return Outcome.ERROR if ended.keys() <= {"setup", "call", "teardown"} else Outcome.FAILED
    expected = entry.fact("xfail", str) is not None
    if "skipped" in ended.get("setup", ()) or "skipped" in ended.get("call", ()):
        return Outcome.XFAILED if expected else Outcome.SKIPPED
    if any(ended.get(each) != {"passed"} for each in ("setup", "call", "teardown")):
        raise Unusable(f"{entry.text('id')} did not run to its end")
    return _passed(entry)


def _passed(entry: Entry) -> Outcome:
    if raised := entry.fact("raised", str):
        raise Unusable(
            f"the test run cannot be trusted: {entry.text('id')} raised {raised} "
            "and was reported as passed"
        )
    return Outcome.PASSED if entry.fact("xfail", str) is None else Outcome.XPASSED


def _failed(ran: Ran) -> bool:
    return ran.outcome in (Outcome.FAILED, Outcome.ERROR)


def _is_partly(phases: Phases) -> bool:
    return len(phases) > len(_GOOD) and any(
        when == "subtest" and how == "skipped" for when, how, _ in phases
    )


def _reason(entry: Entry) -> str:
    """Why it was skipped or expected to fail, or the first line of why it failed."""
    for said in ("xfail", "reason"):
        if text := entry.fact(said, str):
            return text.removeprefix("reason: ").removeprefix("Skipped: ")
    return ""


def reruns(again: Sequence[str]) -> Iterator[str]:
    """What a reader should know of tests that ran more than once."""
    if again:
        named = ", ".join(again[:_SHOWN]) + (", …" if len(again) > _SHOWN else "")
        yield f"run more than once, the last outcome counts: {named} ({len(again)})"


class _Places:
    """Paths as pytest gives them, relative to its own root, made relative to the checkout's."""

    def __init__(self, pytest_root: str, root: str) -> None:
        self._root = root.rstrip("/") + "/"
        self._prefix = os.path.relpath(pytest_root, root)

    def of(self, node_id: str) -> str:
        """The path of a test's file; empty where it is not in the checkout."""
        path = os.path.normpath(f"{self._prefix}/{node_id.partition('::')[0]}")
        return "" if path == "." or path.startswith("..") else path

    def warning(self, entry: Entry) -> str:
        """A warning with its place, where it has one in the checkout."""
        where = entry.text("where").removeprefix(self._root)
        return f"{where}: {entry.text('text')}"
