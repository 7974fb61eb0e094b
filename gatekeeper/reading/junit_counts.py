"""Whether the counts that a JUnit file states are those of the cases in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gatekeeper.reading.content import shown
from gatekeeper.reading.junit_case import Case, Kind, Suite
from gatekeeper.reading.junit_dialects import Dialect
from gatekeeper.reading.places import Place
from gatekeeper.reading.unusable import Unusable

STATED = ("tests", "failures", "errors", "skipped")
"""The counts that suites state; those that one leaves out are not asked for."""

Tally = Mapping[str, tuple[int, ...]]

_KINDS = {"failures": Kind.FAILURE, "errors": Kind.ERROR, "skipped": Kind.SKIPPED}
_SUBTESTS = " (pytest counts subtests that pass and shows none of them; its recorder does)"


def check_counts(suite: Suite, dialect: Dialect, place: Place) -> Tally:
    """Raise Unusable where a suite, or one in it, does not hold what it says.

    Tools differ in whether a suite counts the suites in it, two failures of one test, and
    files that could not be collected; each of these is accepted. Gives all these counts.
    """
    dialect.mend(suite)
    own = _tally(suite.cases, dialect, place)
    inner = [check_counts(each, dialect, place) for each in suite.inner]
    whole = {
        name: tuple(map(sum, zip(own[name], *(each[name] for each in inner), strict=True)))
        for name in own
    }
    for name, stated in suite.counts.items():
        held = {*whole[name], *(own[name] if suite.cases else ())}
        if stated not in held:
            found = " or ".join(map(str, sorted(held)))
            hint = _SUBTESTS if dialect.tool == "pytest" and name == "tests" else ""
            raise Unusable(
                f"its counts do not add up: {shown(suite.name)} states {name}={stated},"
                f" and holds {found}{hint}"
            )
    return whole


def _tally(cases: Sequence[Case], dialect: Dialect, place: Place) -> Tally:
    marked = [case for case in cases if case.results]
    groups = [marked]
    if dialect.leaves_out_uncollected:
        groups.append([case for case in marked if dialect.uncollected(case, place) is None])
    kinds = {
        name: tuple(count for group in groups for count in _of(kind, group))
        for name, kind in _KINDS.items()
    }
    return {"tests": (dialect.tests(cases),), **kinds}


def _of(kind: Kind, cases: Sequence[Case]) -> tuple[int, int]:
    """How many cases have such a result, and how many such results there are."""
    having = sum(case.first(kind) is not None for case in cases)
    return having, sum(result.kind is kind for case in cases for result in case.results)
