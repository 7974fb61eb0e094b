"""Clauses and terms that are gone, or that ask less than they did."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from gatekeeper.contract.folding import fold
from gatekeeper.contract.nearest import nearest, shortened
from gatekeeper.contract.shapes import yaml_name
from gatekeeper.contract.strictness import loosened_options, shown
from gatekeeper.finding import Side
from gatekeeper.terms import BoundClause, Contract, Loosening, LooseningKind, Place, Term

Says = tuple[str, ...]


def loosened_clauses(agreed: Contract, proposed: Contract) -> Iterator[Loosening]:
    """What is gone or asks less, clause by clause in the order of the agreed prose."""
    pairs, left = _paired(agreed.clauses, proposed.clauses)
    for before in agreed.clauses:
        after = pairs.get(before.clause.id)
        if after is None:
            yield _gone(before, left)
        else:
            yield from _loosened(before, after)


def _loosened(before: BoundClause, after: BoundClause) -> Iterator[Loosening]:
    if after.clause.context and not before.clause.context:
        yield _moved(before, after)
    if before.judged_by_person and not after.judged_by_person:
        what = f"No person judges any more {_named(before)}."
        yield _at(LooseningKind.PERSON, what, before, _entry(before), "a person", None)
    for term in before.terms:
        yield from _loosened_term(before, term, after)


def _paired(
    agreed: tuple[BoundClause, ...], proposed: tuple[BoundClause, ...]
) -> tuple[Mapping[str, BoundClause], Says]:
    """For each agreed clause the one that says the same, and what those left over say.

    Where several say the same, the one in the same section comes first.
    """
    found: dict[str, BoundClause] = {}
    for by_section in (True, False):
        taken = {each.clause.id for each in found.values()}
        waiting: dict[tuple[str, str], deque[BoundClause]] = {}
        for each in proposed:
            if each.clause.id not in taken:
                waiting.setdefault(_key(each, by_section=by_section), deque()).append(each)
        for each in agreed:
            others = waiting.get(_key(each, by_section=by_section))
            if each.clause.id not in found and others:
                found[each.clause.id] = others.popleft()
    taken = {each.clause.id for each in found.values()}
    return found, tuple(each.clause.says for each in proposed if each.clause.id not in taken)


def _key(bound: BoundClause, *, by_section: bool) -> tuple[str, str]:
    return fold(bound.clause.says), bound.clause.section if by_section else ""


def _loosened_term(before: BoundClause, term: Term, after: BoundClause) -> Iterator[Loosening]:
    candidates = [each for each in after.terms if each.rule == term.rule]
    if not candidates:
        what = f"{term.rule} no longer proves {_named(before)}."
        given = _given(term)
        yield _at(LooseningKind.TERM, what, before, (Side.BASE, term.place), given, None, term.rule)
        return
    ranked = [(loosened_options(term.options, each.options), each) for each in candidates]
    names, nearest_term = min(ranked, key=lambda pair: len(pair[0]))
    for name in names:
        yield _loosened_option(before, term, nearest_term, name)


def _loosened_option(before: BoundClause, term: Term, after: Term, field: str) -> Loosening:
    name = yaml_name(field)
    what = f"The option {name} of {term.rule} asks less than agreed for {_named(before)}."
    return _at(
        LooseningKind.OPTION,
        what,
        before,
        (Side.HEAD, after.place),
        _value(term.options, field),
        _value(after.options, field),
        f"{term.rule}.{name}",
    )


def _gone(before: BoundClause, left: Says) -> Loosening:
    now = nearest(before.clause.says, left)
    what = f"The contract no longer holds {_named(before)}."
    place = (Side.BASE, before.clause.place)
    return _at(LooseningKind.CLAUSE, what, before, place, before.clause.says, now)


def _moved(before: BoundClause, after: BoundClause) -> Loosening:
    what = f"A section that demands nothing now holds {_named(before)}."
    sections = (before.clause.section, after.clause.section)
    place = (Side.HEAD, after.clause.place)
    return _at(LooseningKind.CLAUSE, what, before, place, *sections, after.clause.section)


def _at(
    kind: LooseningKind,
    what: str,
    clause: BoundClause,
    where: tuple[Side, Place],
    before: str | None,
    after: str | None,
    quoted: str = "",
) -> Loosening:
    return Loosening(
        kind, what, *where, before, after, fold(clause.clause.says), quoted or kind.value
    )


def _named(bound: BoundClause) -> str:
    return f'{bound.clause.id} ("{shortened(bound.clause.says)}")'


def _entry(bound: BoundClause) -> tuple[Side, Place]:
    return Side.BASE, bound.place or bound.clause.place


def _given(term: Term) -> str:
    return f"{term.rule}: {shown(term.given)}" if term.given else term.rule


def _value(options: object, field: str) -> str | None:
    return shown(getattr(options, field, options))
