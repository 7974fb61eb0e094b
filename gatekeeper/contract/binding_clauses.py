"""Binds the clauses of the prose to the entries of the binding, and waivers to what they waive."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper.contract.binding_file import ClauseEntry, Judge, WaiverEntry
from gatekeeper.contract.clause_index import ClauseIndex
from gatekeeper.contract.nodes import Problems
from gatekeeper.contract.rule_use import RuleReader
from gatekeeper.contract.shapes import Located
from gatekeeper.terms import BoundClause, Clause, Place, Term, Waiver

Entry = Located[ClauseEntry]


def bound_clauses(
    entries: tuple[Entry, ...], index: ClauseIndex | None, uses: RuleReader
) -> tuple[BoundClause, ...]:
    """Every clause of the prose, with the terms that an entry gives it.

    Without an index (the prose cannot be read) the entries are only checked.
    """
    found: dict[str, BoundClause] = {}
    for entry in entries:
        terms = _terms(entry, uses)
        clause = index.meant(entry.value.says, entry.value.clause) if index else None
        if clause is None:
            continue
        if clause.id in found:
            _tell_twice(entry, found[clause.id], uses.problems)
        else:
            found[clause.id] = _bound(clause, entry, terms, uses.problems.path)
    clauses = index.clauses if index else ()
    return tuple(found.get(each.id, BoundClause(each, ())) for each in clauses)


def _terms(entry: Entry, uses: RuleReader) -> tuple[Term, ...]:
    given = entry.value
    if given.rules is None and given.judged_by is None:
        hint = "Add rules:, or judged-by: a person."
        uses.problems.add(
            (entry.line, entry.column), "This entry binds its clause to nothing.", hint
        )
    return uses.terms(given.rules or ())


def _bound(clause: Clause, entry: Entry, terms: tuple[Term, ...], path: str) -> BoundClause:
    place = Place(path, entry.line, entry.column)
    by_person = entry.value.judged_by is Judge.PERSON
    return BoundClause(clause, terms, judged_by_person=by_person, place=place)


def _tell_twice(entry: Entry, first: BoundClause, problems: Problems) -> None:
    line = first.place.line if first.place else 1
    message = f"The clause {first.clause.id} is bound twice, first on line {line}."
    problems.add((entry.line, entry.column), message, "Put all its rules into one entry.")


def granted_waivers(
    entries: tuple[Located[WaiverEntry], ...],
    clauses: tuple[BoundClause, ...],
    index: ClauseIndex | None,
    problems: Problems,
) -> tuple[Waiver, ...]:
    """The waivers that the binding grants, whether they still count or not."""
    bound = {each.clause.id: each for each in clauses}
    granted = (_granted(entry, bound, index, problems) for entry in entries)
    return tuple(waiver for waiver in granted if waiver is not None)


def _granted(
    entry: Located[WaiverEntry],
    bound: Mapping[str, BoundClause],
    index: ClauseIndex | None,
    problems: Problems,
) -> Waiver | None:
    given = entry.value
    at = (entry.line, entry.column)
    if not given.reason.value.strip():
        where = (given.reason.line, given.reason.column)
        problems.add(where, "The reason is empty.", "Say why people let this pass.")
    if (given.finding is None) == (given.clause is None):
        hint = "Name a finding: by its fingerprint, or a clause: that a person judges."
        problems.add(at, "A waiver is for exactly one finding or clause.", hint)
        return None
    clause = _waived_clause(given.clause, bound, index, problems) if given.clause else None
    place = Place(problems.path, *at)
    return Waiver(given.reason.value, given.until, place, finding=given.finding, clause=clause)


def _waived_clause(
    named: Located[str],
    bound: Mapping[str, BoundClause],
    index: ClauseIndex | None,
    problems: Problems,
) -> str | None:
    clause = index.named(named) if index else None
    if clause is None:
        return None
    if not bound[clause.id].judged_by_person:
        message = f"No person judges the clause {clause.id}, so it cannot be waived as a whole."
        hint = "Name a finding: by its fingerprint, or add judged-by: a person to the clause."
        problems.add((named.line, named.column), message, hint)
    return clause.id
