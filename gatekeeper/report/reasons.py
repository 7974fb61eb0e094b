"""Clauses that miss the same, listed together, so that each reason is read once."""

from __future__ import annotations

from collections.abc import Iterable

from gatekeeper.value import dataclass
from gatekeeper.verdict import ClauseRuling, Verdict

NO_REASON = "its rules gave no reason"


@dataclass(frozen=True, slots=True)
class Shared:
    """Reasons, and the clauses for which exactly these hold, with the rules that gave them."""

    reasons: tuple[str, ...]
    clauses: tuple[tuple[ClauseRuling, tuple[str, ...]], ...]


def by_reason(clauses: Iterable[ClauseRuling]) -> tuple[Shared, ...]:
    """Each clause once, under all the reasons its rules gave, in order of appearance."""
    groups: dict[tuple[str, ...], list[tuple[ClauseRuling, tuple[str, ...]]]] = {}
    for clause in clauses:
        said = reasons_of(clause)
        rules = dict.fromkeys(rule for _, ruled_so in said for rule in ruled_so)
        reasons = tuple(reason for reason, _ in said)
        groups.setdefault(reasons, []).append((clause, tuple(rules)))
    return tuple(Shared(reasons, tuple(members)) for reasons, members in groups.items())


def reasons_of(clause: ClauseRuling) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Why rules of this clause could not say more: each reason with the rules that gave it.

    An open clause whose rules give no reason gets one that says so.
    """
    said: dict[str, list[str]] = {}
    for ruling in clause.rulings:
        for reason in ruling.unproven:
            said.setdefault(reason, []).append(ruling.rule)
    if not said and clause.verdict in (Verdict.UNPROVEN, Verdict.DEFERRED):
        return ((NO_REASON, tuple(ruling.rule for ruling in clause.rulings)),)
    return tuple((reason, tuple(dict.fromkeys(rules))) for reason, rules in said.items())
