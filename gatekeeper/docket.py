"""What is to be judged: every clause of the agreed contract, what the head adds, and the gate."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.contract.folding import fold
from gatekeeper.terms import (
    Adoption,
    BoundClause,
    Clause,
    Contract,
    LooseningKind,
    Place,
    Stage,
    Standing,
    Term,
)
from gatekeeper.value import dataclass, replace

GATE = "gate"
GATE_RULES = ("contract-weakened", "gate-tampered")
ADOPTION_RULE = "contract-after-code"


@dataclass(frozen=True, slots=True)
class Charge:
    """A clause to be judged, the contract its terms come from, and the stage that applies."""

    bound: BoundClause
    contract: Contract
    stage: Stage


def docket(standing: Standing) -> tuple[Charge, ...]:
    """The clauses to judge, in the order of the prose; the gate comes last.

    Context clauses that nobody bound are left out. The head can only add obligations:
    clauses and terms that only its contract has are judged by that contract.
    """
    agreed = standing.agreed
    stage = _stage(agreed, standing.proposed)
    charges = [Charge(bound, agreed, stage) for bound in agreed.clauses if bound.is_judged]
    charges += _added(standing)
    return (*charges, Charge(_gate(standing, charges), agreed, Stage.COMPLETE))


def _stage(agreed: Contract, proposed: Contract | None) -> Stage:
    """Declaring the stage complete counts at once; reopening it does not."""
    same = proposed is not None and proposed.prose.path == agreed.prose.path
    if same and proposed is not None and proposed.stage is Stage.COMPLETE:
        return Stage.COMPLETE
    return agreed.stage


def _added(standing: Standing) -> Iterator[Charge]:
    proposed = standing.proposed
    if proposed is None or proposed is standing.agreed:
        return
    known = {fold(each.clause.says): each for each in standing.agreed.clauses}
    taken = {each.clause.id for each in standing.agreed.clauses}
    loosened = {each.place for each in standing.loosened if each.kind is LooseningKind.OPTION}
    for bound in proposed.clauses:
        before = known.get(fold(bound.clause.says))
        terms = tuple(
            term
            for term in bound.terms
            if before is None or (_is_new(term, before) and term.place not in loosened)
        )
        is_new = before is None and not bound.clause.context
        if terms or is_new:
            clause = replace(bound.clause, id=_free_id(bound.clause.id, taken))
            yield Charge(replace(bound, clause=clause, terms=terms), proposed, proposed.stage)


def _is_new(term: Term, before: BoundClause) -> bool:
    """A term whose rule and options the agreed clause does not have already."""
    return all((term.rule, term.given) != (each.rule, each.given) for each in before.terms)


def _free_id(wanted: str, taken: set[str]) -> str:
    chosen = wanted if wanted not in taken else f"head-{wanted}"
    number = 2
    while chosen in taken:
        chosen = f"head-{wanted}-{number}"
        number += 1
    taken.add(chosen)
    return chosen


def _gate(standing: Standing, charges: list[Charge]) -> BoundClause:
    bound = {term.rule for charge in charges for term in charge.bound.terms}
    rules = list(GATE_RULES)
    if standing.adoption is Adoption.IN_RANGE and ADOPTION_RULE not in bound:
        rules.append(ADOPTION_RULE)
    place = Place(standing.agreed.binding_path, 1)
    clause = Clause(GATE, "The gate", "The change does not loosen what judges it.", place, 1)
    return BoundClause(clause, tuple(Term(rule, None, {}, place) for rule in rules))
