"""The whole report in the order of a reviewer's questions: verdict, what broke, what is open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import compress

from gatekeeper.report.line import BLANK, Line, Part
from gatekeeper.report.reasons import by_reason
from gatekeeper.report.tally import (
    WORST_FIRST,
    has_more,
    headline,
    many,
    of_verdict,
    origin,
    revision,
    work,
)
from gatekeeper.report.text_clause import STYLES, Desk, clause_lines, shared_lines
from gatekeeper.verdict import ClauseRuling, Report, Verdict

FEW = 30
WIDEST_ID = 28
LONG = 40
_MISSING = {
    Verdict.UNPROVEN: "what is missing",
    Verdict.PENDING: "not reached yet; the stage is open",
    Verdict.DEFERRED: "left to CI",
}


def page(report: Report, desk: Desk) -> Iterator[Line]:
    """The lines of the report. A long one ends as it begins, where a terminal's reader is."""
    lines = [*_headline(report, desk), BLANK, *_compared(report, desk)]
    for verdict in WORST_FIRST:
        clauses = of_verdict(report, verdict)
        if clauses:
            lines += [BLANK, _heading(verdict, len(clauses), desk)]
            lines += _kept(clauses, desk) if verdict is Verdict.KEPT else _open(clauses, desk)
    lines += _context(report, desk)
    lines += _notes(report, desk)
    if len(lines) > LONG:
        lines += [BLANK, *_headline(report, desk)]
    return iter(lines)


def _headline(report: Report, desk: Desk) -> Iterator[Line]:
    style = STYLES[report.verdict]
    return desk.pen.wrapped((report.verdict.name, style), (f"  {headline(report)}", "bold"), hang=2)


def _compared(report: Report, desk: Desk) -> Iterator[Line]:
    contract = report.contract
    said = f"{contract.path} bound by {contract.binding}, {origin(contract)}"
    arrow = desk.pen.glyph("→", "->")
    sides = f"{revision(report.base)} {arrow} {revision(report.head)}"
    for word, words in (("contract", said), ("compared", sides)):
        yield from desk.pen.wrapped((f"{word}  ", "dim"), (words, ""), hang=10)


def _heading(verdict: Verdict, count: int, desk: Desk) -> Line:
    dash = desk.pen.glyph("─", "-")
    title = f"{dash * 2} {verdict.name}: {many(count, 'clause')}"
    if verdict in _MISSING:
        title += f" ({_MISSING[verdict]})"
    rest = dash * max(0, min(desk.pen.width, 80) - len(title) - 1)
    return desk.pen.fitted((f"{title} {rest}", STYLES[verdict]))


def _open(clauses: tuple[ClauseRuling, ...], desk: Desk) -> Iterator[Line]:
    """Clauses with findings one by one, then those that only miss something, together."""
    verdict = clauses[0].verdict
    apart = [verdict in (Verdict.BROKEN, Verdict.WAIVED) or has_more(each) for each in clauses]
    for ruled in compress(clauses, apart):
        yield BLANK
        yield from clause_lines(ruled, desk)
    for shared in by_reason(each for each, alone in zip(clauses, apart, strict=True) if not alone):
        yield BLANK
        yield from shared_lines(shared, verdict, desk)


def _kept(clauses: tuple[ClauseRuling, ...], desk: Desk) -> Iterator[Line]:
    mark = desk.glyph(Verdict.KEPT)
    if len(clauses) <= FEW:
        column = min(WIDEST_ID, max(len(each.clause.id) for each in clauses))
        for ruled in clauses:
            name = ruled.clause.id.ljust(column)
            parts = ((f"{mark} ", "green"), (name, ""), (f"  {work(ruled)}", "dim"))
            yield from desk.pen.wrapped(*parts, hang=4)
        return
    told = _listed(map(_in_short, clauses), "; ")
    yield from desk.pen.wrapped((f"{mark} ", "green"), *told, hang=2)


def _in_short(ruled: ClauseRuling) -> str:
    done = work(ruled)
    return f"{ruled.clause.id} ({done})" if done else ruled.clause.id


def _listed(names: Iterable[str], between: str) -> tuple[Part, ...]:
    """Names as parts of their own, so that a long list is never cut off."""
    parts = [part for name in names for part in ((name, ""), (between, ""))]
    return tuple(parts[:-1])


def _context(report: Report, desk: Desk) -> Iterator[Line]:
    if report.context:
        said = f"{many(len(report.context), 'clause')} not ruled on: "
        names = _listed((each.id for each in report.context), ", ")
        yield BLANK
        yield from desk.pen.wrapped(("context  ", "dim"), (said, ""), *names, hang=9)


def _notes(report: Report, desk: Desk) -> Iterator[Line]:
    if report.notes:
        yield BLANK
    for note in report.notes:
        yield from desk.pen.wrapped(("note  ", "dim"), (note, ""), hang=6)
