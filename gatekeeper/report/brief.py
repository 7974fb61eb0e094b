"""The report in two or three lines, for a local check that found nothing wrong."""

from __future__ import annotations

from gatekeeper.report.escape import ascii_only, clipped
from gatekeeper.report.tally import headline, of_verdict, revision
from gatekeeper.verdict import ClauseRuling, Report, Verdict

MOST_CHARACTERS = 5_000
_NAMED = (Verdict.PENDING, Verdict.WAIVED)


def suffices(report: Report) -> bool:
    """Whether nothing is broken and nothing unproven, so that a few lines say it all."""
    return report.exit_code == 0


def brief(report: Report, *, unicode: bool = True) -> str:
    """The headline; what was compared; then what is pending or waived, and the notes.

    Ends in a line feed. Imports nothing that is slow to import.
    """
    sides = f"{revision(report.base)} -> {revision(report.head)}"
    lines = [
        f"{report.verdict.name}  {headline(report)}",
        f"{report.contract.path}, {report.contract.adoption.value}; {sides}",
        *_named(report),
    ]
    if report.notes:
        lines.append("; ".join(report.notes))
    shown = (clipped(line, MOST_CHARACTERS) for line in lines)
    return "".join(f"{line if unicode else ascii_only(line)}\n" for line in shown)


def _named(report: Report) -> list[str]:
    return [
        f"{verdict.word}: {', '.join(_name(each) for each in clauses)}"
        for verdict in _NAMED
        if (clauses := of_verdict(report, verdict))
    ]


def _name(ruled: ClauseRuling) -> str:
    waivers = [judged.waiver for ruling in ruled.rulings for judged in ruling.findings]
    until = [each.until for each in (*waivers, ruled.waiver) if each is not None]
    return f"{ruled.clause.id} until {min(until).isoformat()}" if until else ruled.clause.id
