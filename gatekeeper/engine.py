"""The judge: what is to be judged and the rules in, a report out; no clock, no environment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from gatekeeper.docket import GATE, Charge, docket
from gatekeeper.hearing import Heard, Matter, hear
from gatekeeper.rule import Need, Rule
from gatekeeper.terms import Adoption, Stage, Standing, Term
from gatekeeper.value import dataclass
from gatekeeper.verdict import (
    ClauseRuling,
    Judged,
    Judgement,
    Report,
    Revision,
    Ruling,
    Verdict,
    worst,
)
from gatekeeper.version import __version__
from gatekeeper.waiving import Waivers

UNBOUND, PERSON, PREVIEW = "unbound", "judged-by-person", "preview"

Hear = Callable[[Charge, Term], Heard]


@dataclass(frozen=True, eq=False)
class Question:
    """What a door asks: the matter, how base and head are called, and which rules alone.

    `only` names the rules to ask; empty means all.
    """

    matter: Matter
    base: Revision
    head: Revision
    notes: tuple[str, ...] = ()
    only: frozenset[str] = frozenset()


def judge(question: Question, rules: Mapping[str, Rule[Any]], today: date) -> Report:
    """Rule on every clause. Reads nothing but the snapshots; the same in, the same out."""
    standing = question.matter.standing
    waivers = Waivers.of(standing, today)
    ask = _asker(question.matter, rules)
    clauses = tuple(
        ruling
        for charge in docket(standing)
        if (ruling := _rule_on(charge, ask, question, rules, waivers)) is not None
    )
    judged = {charge.clause.id for charge in clauses}
    context = tuple(
        each.clause
        for each in standing.agreed.clauses
        if each.clause.context and each.clause.id not in judged
    )
    notes = (*question.notes, *_notes(question), *_waiver_notes(question, waivers, clauses))
    contract = _judgement(standing)
    return Report(contract, question.base, question.head, clauses, context, notes, __version__)


def needed(
    standing: Standing, rules: Mapping[str, Rule[Any]], only: frozenset[str]
) -> frozenset[Need]:
    """The readings that the rules of all clauses need; those of `only`, where it is not empty."""
    terms = (term for charge in docket(standing) for term in charge.bound.terms)
    found = set[Need]()
    for term in terms:
        rule = rules.get(term.rule)
        if rule is not None and rule.check and rule.needs and (not only or term.rule in only):
            found.update(rule.needs(rule.options() if term.options is None else term.options))
    return frozenset(found)


def _asker(matter: Matter, rules: Mapping[str, Rule[Any]]) -> Hear:
    """Ask each rule once for the same options, however many clauses are bound to it."""
    heard: dict[tuple[str, str, int], Heard] = {}

    def ask(charge: Charge, term: Term) -> Heard:
        key = (term.rule, repr(term.options), id(charge.contract))
        if key not in heard:
            heard[key] = hear(rules.get(term.rule), term, charge.contract, matter)
        return heard[key]

    return ask


def _rule_on(
    charge: Charge,
    ask: Hear,
    question: Question,
    rules: Mapping[str, Rule[Any]],
    waivers: Waivers,
) -> ClauseRuling | None:
    """The ruling on a clause; None when none of its rules was asked for."""
    terms = charge.bound.terms
    if question.only:
        terms = tuple(term for term in terms if term.rule in question.only)
        if not terms:
            return None
    rulings = [_ruling(charge, term, ask(charge, term), rules, waivers) for term in terms]
    waiver = None
    if not question.only:
        waiver = (
            waivers.for_clause(charge.bound.clause.id) if charge.bound.judged_by_person else None
        )
        rulings += _rulings_without_rule(charge, question, waived=waiver is not None)
    verdict = worst(each.verdict for each in rulings)
    return ClauseRuling(charge.bound.clause, verdict, tuple(rulings), waiver)


def _ruling(
    charge: Charge, term: Term, heard: Heard, rules: Mapping[str, Rule[Any]], waivers: Waivers
) -> Ruling:
    rule = rules.get(term.rule)
    pending = rule is not None and rule.goal and charge.stage is Stage.OPEN
    findings = tuple(
        Judged(fingerprint, finding, waivers.for_finding(fingerprint))
        for fingerprint, finding in heard.findings
    )
    verdicts = [_of_finding(each, pending=pending) for each in findings]
    verdicts += [Verdict.UNPROVEN for _ in heard.doubts]
    verdicts += [Verdict.DEFERRED for _ in heard.deferred]
    reasons = (*heard.doubts, *heard.deferred)
    return Ruling(term.rule, worst(verdicts), findings, reasons, heard.notes, heard.examined)


def _of_finding(judged: Judged, *, pending: bool) -> Verdict:
    if judged.waiver is not None:
        return Verdict.WAIVED
    return Verdict.PENDING if pending else Verdict.BROKEN


def _rulings_without_rule(charge: Charge, question: Question, *, waived: bool) -> Iterable[Ruling]:
    staged = question.matter.staged
    open_verdict = Verdict.DEFERRED if staged else Verdict.UNPROVEN
    if charge.bound.judged_by_person:
        why = "a person judges this; sign it with a waiver for the clause"
        yield Ruling(PERSON, Verdict.WAIVED) if waived else Ruling(PERSON, open_verdict, (), (why,))
    elif not charge.bound.terms:
        where = charge.contract.binding_path
        why = f"no rule is bound to this clause; bind one under `clauses:` in {where}"
        yield Ruling(UNBOUND, open_verdict, (), (why,))
    if charge.bound.clause.id == GATE and question.matter.standing.adoption is Adoption.PREVIEW:
        why = "the contract is not committed, so this is a preview; commit the contract files alone"
        yield Ruling(PREVIEW, Verdict.UNPROVEN, (), (why,))


def _judgement(standing: Standing) -> Judgement:
    agreed = standing.agreed
    return Judgement(
        path=agreed.prose.path,
        title=agreed.prose.title,
        binding=agreed.binding_path,
        source=agreed.source,
        commit=standing.commit,
        sha256=agreed.prose.sha256,
        adoption=standing.adoption,
    )


def _notes(question: Question) -> Iterable[str]:
    adoption = question.matter.standing.adoption
    if adoption is not Adoption.AT_BASE:
        source = question.matter.standing.agreed.source
        yield f"the contract that judges is {adoption.value}: read from {source}"
    if question.matter.staged:
        yield "local check only: only what the staged files add is reported, CI judges the rest"
    if question.only:
        asked = ", ".join(sorted(question.only))
        yield f"only these rules were asked: {asked}; every other clause and the gate were not"


def _waiver_notes(
    question: Question, waivers: Waivers, clauses: tuple[ClauseRuling, ...]
) -> tuple[str, ...]:
    if question.matter.staged or question.only:
        return waivers.lapsed
    return (*waivers.lapsed, *waivers.never_matching(clauses))
