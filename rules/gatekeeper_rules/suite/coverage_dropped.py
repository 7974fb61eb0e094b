"""The rule coverage-dropped: coverage is under the floor, or less than the base's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import islice

from gatekeeper import (
    Case,
    Difference,
    Doubt,
    Examined,
    Finding,
    Need,
    NoSubject,
    Observation,
    Rule,
    Side,
    Stricter,
    Trail,
    Which,
    option,
)
from gatekeeper.reading.coverage import Coverage
from gatekeeper.value import dataclass
from gatekeeper_rules.suite._fitness import incomparable, misfits
from gatekeeper_rules.suite._ratio import Ratio, branches_of, lines_of
from gatekeeper_rules.wordings import WORDINGS

_MOST = 1000  # findings; what comes after them says nothing new
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Options:
    """The floors, in percent, beside the base's own coverage."""

    minimum: Decimal | None = option(
        None, stricter=Stricter.HIGHER, says="the least line coverage, in percent"
    )
    branches: Decimal | None = option(
        None, stricter=Stricter.HIGHER, says="the least branch coverage, in percent"
    )


def check(case: Case[Options]) -> Iterator[Observation]:
    """The floor is judged by the head alone, then the head by the base."""
    head = case.measured("coverage", Which.HEAD, Coverage)
    doubts = [*misfits(head, case.change.head, "the head"), *_unasked(case.options, head)]
    if doubts:
        yield from doubts
        return
    yield Examined("measured files", len(head.files))
    yield Examined("lines of code", lines_of(head).total)
    yield from _floors(case.options, head)
    yield from _coloured(case)
    base = case.measured("coverage", Which.BASE, Coverage)
    doubts = [*misfits(base, case.change.base, "the base"), *incomparable(base, head)]
    yield from doubts or _compared(case, base, head)


def _coloured(case: Case[Options]) -> Iterator[Doubt]:
    from gatekeeper_rules.suite._colouring import doubts

    return doubts(case.change)


def _unasked(options: Options, head: Coverage) -> Iterator[Doubt]:
    if options.branches is not None and not head.branches:
        yield Doubt("the contract asks for branches, and branches were not measured")


def _floors(options: Options, head: Coverage) -> Iterator[Observation]:
    lines, branches = lines_of(head), branches_of(head)
    if options.minimum is not None and not lines.reaches(options.minimum):
        yield _under("line", lines, options.minimum, _most(head, _missed))
    if options.branches is None:
        return
    if not branches.total:
        yield NoSubject("branches were measured, and no line has more than one way on")
    elif not branches.reaches(options.branches):
        yield _under("branch", branches, options.branches, _most(head, _open))


def _missed(head: Coverage, path: str) -> int:
    return len(head.files[path].missed)


def _open(head: Coverage, path: str) -> int:
    return sum(each.total - each.taken for each in head.files[path].branches.values())


def _most(head: Coverage, count: Callable[[Coverage, str], int]) -> Sequence[tuple[str, int]]:
    """The files that miss something, those with the most first."""
    counted = [(path, missing) for path in head.files if (missing := count(head, path))]
    return sorted(counted, key=lambda each: (-each[1], each[0]))


def _under(what: str, ratio: Ratio, floor: Decimal, most: Sequence[tuple[str, int]]) -> Finding:
    short = ratio.short_of(floor)
    things = {"line": "line{}", "branch": "branch{}"}[what].format(_plural(what, short))
    return Finding(
        f"The {what} coverage is {ratio}, under the floor of {floor} %.",
        Side.HEAD,
        most[0][0],
        (
            Difference(f"{what} coverage", f"at least {floor} %", str(ratio)),
            Trail(tuple(f"{path}  {missing:,} missed" for path, missing in most[:_SHOWN])),
        ),
        f"Cover {short:,} more {things}; this file has the most to cover.",
        # What it fell to is part of the identity: a waiver for 89 must not let 0 pass.
        quoted=f"{what} coverage {ratio.covered}/{ratio.total} under {floor}",
    )


def _plural(what: str, count: int) -> str:
    if count == 1:
        return ""
    return "es" if what == "branch" else "s"


def _compared(case: Case[Options], base: Coverage, head: Coverage) -> Iterator[Observation]:
    from gatekeeper_rules.suite._comparison import Comparison

    comparison = Comparison.of(case.change, base, head)
    yield from comparison.doubts
    findings = comparison.findings(branches=case.options.branches is not None)
    yield from islice(findings, _MOST)
    if next(findings, None) is not None:
        yield Doubt(f"there are more findings than the {_MOST:,} that are told")
    yield from comparison.notes(case.options.minimum)


RULE = Rule(
    name="coverage-dropped",
    summary="coverage is under the floor, or less than the base's",
    options=Options,
    check=check,
    runs=True,
    needs=lambda _: (Need("coverage", Which.BASE), Need("coverage", Which.HEAD)),
    wordings=WORDINGS["coverage-dropped"],
)
