"""A report in counts and short words: the headline, where things stand, what was looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from gatekeeper.finding import Finding, Side
from gatekeeper.terms import Adoption
from gatekeeper.verdict import ClauseRuling, Judged, Judgement, Report, Revision, Verdict

WORST_FIRST = tuple(sorted(Verdict, reverse=True))
SHORT_ID = 12


def many(count: int, word: str) -> str:
    """`1 clause`, `2 clauses`."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def counts(report: Report) -> Mapping[Verdict, int]:
    """How many clauses have each verdict, worst first; verdicts that none has are left out."""
    found = Counter(each.verdict for each in report.clauses)
    return {verdict: found[verdict] for verdict in WORST_FIRST if found[verdict]}


def headline(report: Report) -> str:
    """`2 of 26 clauses broken, 3 unproven, 21 kept (exit 1)`."""
    parts = [f"{count} {verdict.word}" for verdict, count in counts(report).items()]
    if not parts:
        return f"no clauses (exit {report.exit_code})"
    first, _, word = parts[0].partition(" ")
    parts[0] = f"{first} of {many(len(report.clauses), 'clause')} {word}"
    return f"{', '.join(parts)} (exit {report.exit_code})"


def of_verdict(report: Report, verdict: Verdict) -> tuple[ClauseRuling, ...]:
    """The clauses that have this verdict, in the order of the prose."""
    return tuple(each for each in report.clauses if each.verdict is verdict)


def location(finding: Finding) -> str:
    """`path:line:column`, as far as known, and `(base)` where it is to be looked up there."""
    numbers = (finding.line, finding.column if finding.line else None)
    at = ":".join((finding.path, *(str(each) for each in numbers if each)))
    return f"{at} (base)" if finding.side is Side.BASE else at


def origin(contract: Judgement) -> str:
    """Where the contract that judged was read, and what that makes of it."""
    if contract.adoption is Adoption.PREVIEW:
        return f"read from {contract.source}, not committed: a preview, never exit 0"
    return f"{contract.adoption.value}, read from {contract.source}"


def revision(side: Revision) -> str:
    """`HEAD 91b3a7e5d4c2`: as asked for, and the commit in short where there is one."""
    if side.commit is None:
        return side.rev
    if side.commit.startswith(side.rev):
        return side.rev[:SHORT_ID]
    return f"{side.rev} {side.commit[:SHORT_ID]}"


def work(clause: ClauseRuling) -> str:
    """What was looked at for a clause: its counters, then what its rules remark."""
    counters = dict.fromkeys(
        f"{count} {what}"
        for ruling in clause.rulings
        for what, count in sorted(ruling.examined.items())
    )
    notes = dict.fromkeys(note for ruling in clause.rulings for note in ruling.notes)
    return "; ".join(part for part in (", ".join(counters), *notes) if part)


def has_more(ruled: ClauseRuling) -> bool:
    """Whether there is more to say of an open clause than what its rules are missing."""
    return ruled.waiver is not None or any(ruling.findings for ruling in ruled.rulings)


def waived(clause: ClauseRuling) -> Iterator[tuple[str, Judged]]:
    """The findings of a clause that a waiver lets pass, each with its rule."""
    for ruling in clause.rulings:
        for judged in ruling.findings:
            if judged.waiver is not None:
                yield ruling.rule, judged


def standing(clause: ClauseRuling) -> Iterator[tuple[str, Judged]]:
    """The findings of a clause that nothing lets pass, each with its rule."""
    for ruling in clause.rulings:
        for judged in ruling.findings:
            if judged.waiver is None:
                yield ruling.rule, judged
