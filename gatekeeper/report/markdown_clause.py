"""One clause in Markdown: its row among the failed, its findings, its line among the rest."""

from __future__ import annotations

from functools import partial

from gatekeeper.finding import Finding
from gatekeeper.report.escape import clipped, code, code_block, html_code, prose
from gatekeeper.report.exhibits import exhibits
from gatekeeper.report.fitting import Piece, Room, fitted
from gatekeeper.report.reasons import Shared, reasons_of
from gatekeeper.report.tally import location, many, standing, waived, work
from gatekeeper.terms import Clause, Waiver
from gatekeeper.verdict import ClauseRuling, Judged, Verdict

MOST_FINDINGS = 20
MOST_IN_SHORT = 5
SIGNS = {
    Verdict.BROKEN: "❌",
    Verdict.UNPROVEN: "❔",
    Verdict.PENDING: "⏳",
    Verdict.DEFERRED: "⏩",
    Verdict.WAIVED: "⚠️",
    Verdict.KEPT: "✅",
}
PARAGRAPH = "\n\n"
_LONGEST_NAME = 120
_LONGEST = 400


def name(ruled: ClauseRuling) -> str:
    """The clause's id, as code that stands in a table as well."""
    return html_code(_name(ruled.clause.id))


def words(text: str, longest: int = _LONGEST) -> str:
    """Text of bounded length, as text."""
    return prose(clipped(text, longest))


def row(ruled: ClauseRuling) -> str:
    """A row of the table of failed clauses: which, what it says, the first thing found."""
    found = tuple(judged.finding for _, judged in standing(ruled))
    why = "".join(f"{html_code(_name(_line(each)))} {words(each.message)}" for each in found[:1])
    if len(found) > 1:
        why += f" and {many(len(found) - 1, 'more finding')}"
    sign = SIGNS[ruled.verdict]
    return f"| {sign} {name(ruled)} | {words(ruled.clause.says)} | {why} |\n"


def details(ruled: ClauseRuling, characters: int, *, unfolded: bool) -> str:
    """Everything about a clause that is not simply kept, within that many characters.

    Longer only when its title alone is.
    """
    found = tuple(standing(ruled))
    title = f"{SIGNS[ruled.verdict]} {name(ruled)} {words(ruled.clause.says)}"
    room = characters - len(folded(title, "", unfolded=unfolded))
    rest = fitted(remarks(ruled), Room(room // 3), "remark")
    blocks = [partial(_block, rule, judged) for rule, judged in found]
    shown = fitted(blocks, Room(room - len(rest), MOST_FINDINGS), "finding")
    return folded(title, f"{shown}\n{rest}", unfolded=unfolded)


def folded(title: str, body: str, *, unfolded: bool = False) -> str:
    """A part that a reader opens. Blank lines make GitHub read the body as Markdown."""
    inside = body.strip("\n")
    return (
        f"<details{' open' if unfolded else ''}>\n<summary>{title}</summary>\n\n"
        f"{inside}\n\n</details>\n\n"
    )


def in_short(ruled: ClauseRuling) -> str:
    """A list item with what was found, a line each, and what is missing or waived."""
    said: list[Piece] = [
        *(partial(_to_mend, judged) for _, judged in standing(ruled)),
        *remarks(ruled),
    ]
    lines = [f"- {name(ruled)} {words(ruled.clause.says)}\n"]
    for each in said[:MOST_IN_SHORT]:
        lines.append(f"  - {each().replace(PARAGRAPH, ' ').rstrip()}\n")
    if len(said) > MOST_IN_SHORT:
        lines.append(f"  - … {len(said) - MOST_IN_SHORT} more; the JSON report has all of them.\n")
    return "".join(lines)


def shared_items(shared: Shared) -> tuple[Piece, ...]:
    """A list item for each clause that misses the same; the first brings the reasons along."""
    (first, _), *_ = shared.clauses
    if len(shared.clauses) == 1:
        return (partial(in_short, first),)
    return tuple(
        partial(_shared_item, ruled, rules, shared.reasons if ruled is first else ())
        for ruled, rules in shared.clauses
    )


def _shared_item(ruled: ClauseRuling, rules: tuple[str, ...], reasons: tuple[str, ...]) -> str:
    top = "".join(f"\nMissing: {words(reason)}\n" for reason in reasons)
    item = f"- {name(ruled)} ({words(', '.join(rules))}) {words(ruled.clause.says)}\n"
    return f"{top}\n{item}" if top else item


def kept_line(ruled: ClauseRuling) -> str:
    """A list item with what was looked at."""
    done = work(ruled)
    return f"- {name(ruled)} {words(done)}\n" if done else f"- {name(ruled)}\n"


def context_line(clause: Clause) -> str:
    """A list item for a clause that nobody rules on."""
    return f"- {html_code(_name(clause.id))} {words(clause.says)}\n"


def _block(rule: str, judged: Judged) -> str:
    finding = judged.finding
    return (
        f"{_sentence(finding)}\n\n"
        f"{code_block(tuple(shown.gutter + shown.text for shown in exhibits(finding)))}\n\n"
        f"**Mend:** {words(finding.fix)}\n\n"
        f"{code(_name(rule))} {code(judged.fingerprint)}\n\n"
    )


def _sentence(finding: Finding) -> str:
    return f"{code(_name(location(finding)))} {words(finding.message)}"


def _to_mend(judged: Judged) -> str:
    return f"{_sentence(judged.finding)} **Mend:** {words(judged.finding.fix)}"


def remarks(ruled: ClauseRuling) -> tuple[Piece, ...]:
    """What is missing, and what is waived, a paragraph each."""
    missing = [
        partial(_missing, reason, rules, ruled.verdict) for reason, rules in reasons_of(ruled)
    ]
    spared = [partial(_spared, judged) for _, judged in waived(ruled)]
    signed = [] if ruled.waiver is None else [partial(_until, ruled.waiver)]
    return (*missing, *spared, *signed)


def _missing(reason: str, rules: tuple[str, ...], verdict: Verdict) -> str:
    what = "Left to CI" if verdict is Verdict.DEFERRED else "Not proven"
    by = f" ({words(', '.join(rules))})" if rules else ""
    return f"{what}{by}: {words(reason)}{PARAGRAPH}"


def _spared(judged: Judged) -> str:
    assert judged.waiver is not None
    return f"{_sentence(judged.finding)}{PARAGRAPH}{_until(judged.waiver)}"


def _until(waiver: Waiver) -> str:
    return f"**Waived until {waiver.until.isoformat()}:** {words(waiver.reason)}{PARAGRAPH}"


def _line(finding: Finding) -> str:
    return f"{finding.path}:{finding.line}" if finding.line else finding.path


def _name(text: str) -> str:
    return clipped(text, _LONGEST_NAME)
