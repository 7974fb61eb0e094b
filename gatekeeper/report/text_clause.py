"""One clause as a terminal shows it: what it says, and what its rules found or are missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from gatekeeper.finding import Finding
from gatekeeper.report.escape import clipped
from gatekeeper.report.exhibits import exhibits
from gatekeeper.report.layout import Pen
from gatekeeper.report.line import BLANK, Line
from gatekeeper.report.reasons import Shared, reasons_of
from gatekeeper.report.tally import location, many, standing, waived
from gatekeeper.value import dataclass
from gatekeeper.verdict import ClauseRuling, Judged, Verdict

MOST_FINDINGS = 20
MOST_CHARACTERS = 600
STYLES = {
    Verdict.BROKEN: "bold red",
    Verdict.UNPROVEN: "bold yellow",
    Verdict.PENDING: "bold cyan",
    Verdict.DEFERRED: "bold blue",
    Verdict.WAIVED: "bold magenta",
    Verdict.KEPT: "bold green",
}
_GLYPHS = {
    Verdict.BROKEN: ("✗", "x"),
    Verdict.UNPROVEN: ("?", "?"),
    Verdict.PENDING: ("○", "o"),
    Verdict.DEFERRED: ("»", ">"),
    Verdict.WAIVED: ("~", "~"),
    Verdict.KEPT: ("✓", "+"),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What writing a clause needs: the pen, and today's date where days are to be counted."""

    pen: Pen
    today: date | None = None

    def glyph(self, verdict: Verdict) -> str:
        """The mark of a verdict: never the only sign of it."""
        return self.pen.glyph(*_GLYPHS[verdict])


def clause_lines(ruled: ClauseRuling, desk: Desk) -> Iterator[Line]:
    """A clause with everything about it that is not simply kept."""
    yield from _title(ruled, desk)
    found = tuple(standing(ruled))
    yield from _findings(found, desk)
    reasons = reasons_of(ruled)
    if found and reasons:
        yield BLANK
    for reason, rules in reasons:
        named = f"{', '.join(rules)}: " if rules else ""
        if named and ruled.verdict not in (Verdict.UNPROVEN, Verdict.DEFERRED):
            named = f"left open by {named}"
        yield from desk.pen.wrapped((named, "yellow"), (_long(reason), ""), indent=2, hang=2)
    for _, judged in waived(ruled):
        yield from _waived(judged, desk)
    if ruled.waiver is not None:
        yield from _until(ruled.waiver.reason, ruled.waiver.until, desk)


def shared_lines(shared: Shared, verdict: Verdict, desk: Desk) -> Iterator[Line]:
    """Clauses that are missing the same: the reasons once, then each clause."""
    if len(shared.clauses) == 1:
        yield from clause_lines(shared.clauses[0][0], desk)
        return
    mark = desk.glyph(verdict)
    for reason in shared.reasons:
        yield from desk.pen.wrapped((f"{mark} ", STYLES[verdict]), (_long(reason), ""), hang=2)
    for ruled, rules in shared.clauses:
        yield from desk.pen.wrapped(
            (ruled.clause.id, "bold"), (f"  {', '.join(rules)}", "dim"), indent=4, hang=2
        )
        yield desk.pen.fitted((ruled.clause.says, ""), indent=6)


def _title(ruled: ClauseRuling, desk: Desk) -> Iterator[Line]:
    return desk.pen.wrapped(
        (f"{desk.glyph(ruled.verdict)} ", STYLES[ruled.verdict]),
        (ruled.clause.id, "bold"),
        (f"  {_long(ruled.clause.says)}", ""),
        hang=2,
    )


def _findings(found: tuple[tuple[str, Judged], ...], desk: Desk) -> Iterator[Line]:
    mended = ""
    for rule, judged in found[:MOST_FINDINGS]:
        yield BLANK
        yield from _finding(judged.finding, desk)
        fix = judged.finding.fix
        mend = "as above" if fix == mended else _long(fix)
        mended = fix
        yield from desk.pen.wrapped(("mend: ", "green"), (mend, ""), indent=4, hang=6)
        yield from desk.pen.wrapped((f"{rule} {judged.fingerprint}", "dim"), indent=4)
    rest = len(found) - MOST_FINDINGS
    if rest > 0:
        more = f"and {many(rest, 'more finding')}; --format json has them all"
        yield BLANK
        yield from desk.pen.wrapped((more, "bold"), indent=2)


def _finding(finding: Finding, desk: Desk) -> Iterator[Line]:
    yield from desk.pen.wrapped(
        (location(finding), "cyan"), (f"  {_long(finding.message)}", ""), indent=2, hang=2
    )
    for shown in exhibits(finding):
        if shown.gutter:
            style = "bold" if shown.marked else ""
            yield desk.pen.fitted((shown.gutter, "dim"), (shown.text, style), indent=4)
        else:
            yield from desk.pen.wrapped((shown.text, ""), indent=4, hang=8)


def _waived(judged: Judged, desk: Desk) -> Iterator[Line]:
    finding = judged.finding
    yield from desk.pen.wrapped(
        (location(finding), "cyan"), (f"  {_long(finding.message)}", ""), indent=2, hang=2
    )
    if judged.waiver is not None:
        yield from _until(judged.waiver.reason, judged.waiver.until, desk)


def _until(reason: str, until: date, desk: Desk) -> Iterator[Line]:
    left = "" if desk.today is None else f" ({many((until - desk.today).days, 'day')} left)"
    words = f"waived until {until.isoformat()}{left}: "
    return desk.pen.wrapped((words, "magenta"), (_long(reason), ""), indent=4, hang=2)


def _long(text: str) -> str:
    return clipped(text, MOST_CHARACTERS)
