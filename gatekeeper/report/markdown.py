"""The report in Markdown, for a pull request, a step summary or a comment on GitHub."""

from __future__ import annotations

from functools import partial

from gatekeeper.report.fitting import Piece, Room, fitted, left_out
from gatekeeper.report.markdown_clause import (
    SIGNS,
    context_line,
    details,
    folded,
    in_short,
    kept_line,
    row,
    shared_items,
    words,
)
from gatekeeper.report.reasons import by_reason
from gatekeeper.report.tally import SHORT_ID, has_more, headline, many, of_verdict, origin, revision
from gatekeeper.verdict import ClauseRuling, Report, Verdict

LIMIT = 60_000
"""Under GitHub's 65,536 for a comment, with room for what a workflow may put around it."""

_TABLE, _OPEN, _KEPT, _NOTES = 8_000, 6_000, 5_000, 4_000
_LAST_WORD = 100
_LIMITS = (
    "A clause is kept when its rules found no fault in what is counted beside it. What a rule "
    "cannot see is on its page: `gatekeeper explain RULE`."
)
_TITLES = {
    Verdict.UNPROVEN: "What was not proven",
    Verdict.PENDING: "Not reached yet (the stage is open)",
    Verdict.DEFERRED: "Left to CI",
    Verdict.WAIVED: "Waived",
}


def render(report: Report) -> str:
    """The report, under 60,000 characters; what does not fit is counted where it is missing."""
    failed = of_verdict(report, Verdict.BROKEN)
    top = _top(report) + _table(failed)
    tail = "".join(_section(report, verdict) for verdict in _TITLES)
    tail += _kept(report) + _context(report) + _notes(report) + _limits(report)
    return top + _failed(failed, LIMIT - len(top) - len(tail) - 1) + tail


def _top(report: Report) -> str:
    contract = report.contract
    sides = f"{words(revision(report.base), 120)} → {words(revision(report.head), 120)}"
    return (
        f"## gatekeeper: {SIGNS[report.verdict]} {report.verdict.name}: {headline(report)}\n\n"
        f"Contract: {words(contract.title, 120)} ({words(contract.path, 120)} bound by "
        f"{words(contract.binding, 120)}, {words(origin(contract), 120)})\n\n"
        f"Compared: {sides}\n\n"
    )


def _table(failed: tuple[ClauseRuling, ...]) -> str:
    if not failed:
        return ""
    top = "| clause | what it says | why |\n| --- | --- | --- |\n"
    rows = [partial(row, each) for each in failed]
    return f"{top}{fitted(rows, Room(_TABLE), 'broken clause')}\n"


def _failed(failed: tuple[ClauseRuling, ...], room: int) -> str:
    """The broken clauses in full, each with an even share of the room that is left."""
    shown = ""
    for index, ruled in enumerate(failed):
        waiting = len(failed) - index
        share = (room - _LAST_WORD - len(shown)) // waiting
        text = details(ruled, share, unfolded=len(failed) == 1)
        if len(shown) + len(text) > room - _LAST_WORD:
            return shown + left_out(waiting, "broken clause") + "\n"
        shown += text
    return shown


def _section(report: Report, verdict: Verdict) -> str:
    """The clauses of an open verdict: those with findings, then those that miss the same."""
    clauses = of_verdict(report, verdict)
    if not clauses:
        return ""
    told = [partial(in_short, each) for each in clauses if has_more(each)]
    shared = by_reason(each for each in clauses if not has_more(each))
    pieces: list[Piece] = [*told, *(item for each in shared for item in shared_items(each))]
    return folded(
        f"{SIGNS[verdict]} {_TITLES[verdict]}: {many(len(clauses), 'clause')}",
        fitted(pieces, Room(_OPEN), "clause"),
        unfolded=verdict is report.verdict,
    )


def _kept(report: Report) -> str:
    clauses = of_verdict(report, Verdict.KEPT)
    if not clauses:
        return ""
    title = f"{SIGNS[Verdict.KEPT]} Kept: {many(len(clauses), 'clause')}"
    lines = [partial(kept_line, each) for each in clauses]
    return folded(title, fitted(lines, Room(_KEPT), "clause"))


def _context(report: Report) -> str:
    if not report.context:
        return ""
    lines = [partial(context_line, each) for each in report.context]
    title = f"Not ruled on, sets the scene: {many(len(lines), 'clause')}"
    return folded(title, fitted(lines, Room(_NOTES), "clause"))


def _notes(report: Report) -> str:
    notes = [partial(_note, each) for each in report.notes]
    return f"{fitted(notes, Room(_NOTES), 'note')}\n" if notes else ""


def _note(note: str) -> str:
    return f"- Note: {words(note)}\n"


def _limits(report: Report) -> str:
    """What a kept clause does not show, and the command that gives this report again."""
    base, head = report.base.commit, report.head.commit
    again = ""
    if base is not None and head is not None:
        again = (
            f" To see it again: `gatekeeper check --base {base[:SHORT_ID]} "
            f"--head {head[:SHORT_ID]}` (gatekeeper {words(report.version)})."
        )
    return f"{_LIMITS}{again}\n"
