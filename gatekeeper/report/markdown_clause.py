"""One clause in Markdown: its row among the failed, its findings, its line among the rest."""

from __future__ import annotations

from gatekeeper.finding import Finding
from gatekeeper.report.escape import clipped, code, code_block, html_code, prose, visible
from gatekeeper.report.exhibits import exhibits
from gatekeeper.report.fitting import Room, fitted
from gatekeeper.report.reasons import Shared, reasons_of
from gatekeeper.report.tally import location, many, standing, waived, work
from gatekeeper.terms import Waiver
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
_LONGEST_NAME = 120
_LONGEST = 400


def name(ruled: ClauseRuling) -> str:
    """The clause's id, as code that stands in a table as well."""
    return html_code(clipped(visible(ruled.clause.id), _LONGEST_NAME))


def words(text: str, longest: int = _LONGEST) -> str:
    """Text of bounded length, as text."""
    return prose(clipped(visible(text), longest))


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
    blocks = tuple(_block(rule, judged) for rule, judged in found)
    shown = fitted(blocks, Room(room - len(rest), MOST_FINDINGS), "finding")
    return folded(title, f"{shown}\n{rest}", unfolded=unfolded)


def folded(title: str, body: str, *, unfolded: bool = False) -> str:
    """A part that a reader opens. Blank lines make GitHub read the body as Markdown."""
    inside = body.strip("\n")
    return (
        f"<details{' open' if unfolded else ''}>\n<summary>{title}</summary>\n\n"
        f"{inside}\n\n</details>\n\n"
    )


def has_more(ruled: ClauseRuling) -> bool:
    """Whether there is more to say of an open clause than what its rules are missing."""
    return ruled.waiver is not None or any(ruling.findings for ruling in ruled.rulings)


def in_short(ruled: ClauseRuling) -> str:
    """A list item with what was found, a line each, and what is missing or waived."""
    found = tuple(
        f"{_sentence(judged.finding)} **Mend:** {words(judged.finding.fix)}"
        for _, judged in standing(ruled)
    )
    said = (*found, *(each.replace("\n\n", " ").rstrip() for each in remarks(ruled)))
    lines = [f"- {name(ruled)} {words(ruled.clause.says)}\n"]
    lines += [f"  - {each}\n" for each in said[:MOST_IN_SHORT]]
    if len(said) > MOST_IN_SHORT:
        lines.append(f"  - … {len(said) - MOST_IN_SHORT} more; the JSON report has all of them.\n")
    return "".join(lines)


def shared_lines(shared: Shared) -> tuple[str, ...]:
    """A list item for each clause that misses the same; the first brings the reasons along."""
    if len(shared.clauses) == 1:
        return (in_short(shared.clauses[0][0]),)
    reasons = "".join(f"\nMissing: {words(reason)}\n" for reason in shared.reasons)
    items = [
        f"- {name(ruled)} ({words(', '.join(rules))}) {words(ruled.clause.says)}\n"
        for ruled, rules in shared.clauses
    ]
    return (f"{reasons}\n{items[0]}", *items[1:])


def kept_line(ruled: ClauseRuling) -> str:
    """A list item with what was looked at."""
    done = work(ruled)
    return f"- {name(ruled)} {words(done)}\n" if done else f"- {name(ruled)}\n"


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


def remarks(ruled: ClauseRuling) -> tuple[str, ...]:
    """What is missing, and what is waived, a paragraph each."""
    what = "Left to CI" if ruled.verdict is Verdict.DEFERRED else "Not proven"
    said = []
    for reason, rules in reasons_of(ruled):
        by = f" ({words(', '.join(rules))})" if rules else ""
        said.append(f"{what}{by}: {words(reason)}\n\n")
    for _, judged in waived(ruled):
        assert judged.waiver is not None
        said.append(f"{_sentence(judged.finding)}\n\n{_until(judged.waiver)}\n\n")
    if ruled.waiver is not None:
        said.append(f"{_until(ruled.waiver)}\n\n")
    return tuple(said)


def _until(waiver: Waiver) -> str:
    return f"**Waived until {waiver.until.isoformat()}:** {words(waiver.reason)}"


def _line(finding: Finding) -> str:
    return f"{finding.path}:{finding.line}" if finding.line else finding.path


def _name(text: str) -> str:
    return clipped(visible(text), _LONGEST_NAME)
