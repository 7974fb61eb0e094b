"""Which waivers count today, what they let pass, and which of them no longer do anything."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from gatekeeper.contract.waivers import applicable
from gatekeeper.terms import Adoption, Standing, Waiver
from gatekeeper.value import dataclass
from gatekeeper.verdict import ClauseRuling


@dataclass(frozen=True, slots=True)
class Waivers:
    """The waivers that count, by what they name, and a sentence on each that does not."""

    findings: Mapping[str, Waiver]
    clauses: Mapping[str, Waiver]
    lapsed: tuple[str, ...]

    @classmethod
    def of(cls, standing: Standing, today: date) -> Waivers:
        """The waivers of the contract that judges; they count only if they were there at base."""
        waivers = standing.agreed.waivers
        if standing.adoption not in (Adoption.AT_BASE, Adoption.OUTSIDE):
            why = "a waiver counts only once it is at base"
            return cls({}, {}, tuple(_sentence(each, why) for each in waivers))
        weighed = applicable(waivers, today)
        counting = weighed.counting
        return cls(
            {each.finding: each for each in counting if each.finding is not None},
            {each.clause: each for each in counting if each.clause is not None},
            weighed.notes,
        )

    def for_finding(self, fingerprint: str) -> Waiver | None:
        """The waiver that lets this finding pass."""
        return self.findings.get(fingerprint)

    def for_clause(self, clause: str) -> Waiver | None:
        """The waiver by which a person has signed this clause."""
        return self.clauses.get(clause)

    def never_matching(self, clauses: Collection[ClauseRuling]) -> tuple[str, ...]:
        """A sentence on each waiver that counts and let nothing pass."""
        used = {id(each.waiver) for each in clauses if each.waiver is not None}
        for clause in clauses:
            for ruling in clause.rulings:
                used |= {id(each.waiver) for each in ruling.findings if each.waiver is not None}
        waivers = (*self.findings.values(), *self.clauses.values())
        return tuple(_unused(each) for each in waivers if id(each) not in used)


def _unused(waiver: Waiver) -> str:
    name = waiver.finding or waiver.clause
    return f"{waiver.place}: the waiver for {name} matches nothing in this change; remove it"


def _sentence(waiver: Waiver, why: str) -> str:
    name = waiver.finding or waiver.clause
    return f"{waiver.place}: the waiver for {name} does not count: {why}"
