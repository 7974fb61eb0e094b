"""Cases made of plain dicts, for tests of rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import TypeVar

from gatekeeper import (
    Adoption,
    Case,
    Change,
    Clause,
    Contract,
    Doubt,
    Examined,
    Finding,
    Glob,
    Lines,
    Measured,
    Missing,
    Need,
    NoSubject,
    Note,
    Observation,
    Rule,
    Snapshot,
    Standing,
    Term,
    Unmeasured,
    Unreadable,
)
from gatekeeper.terms import BoundClause, Place, Prose

O = TypeVar("O")
T = TypeVar("T")

Files = Mapping[str, bytes | str]
LINK = "120000"
EXECUTABLE = "100755"
SUBMODULE = "160000"


def clause_of(number: int = 1, says: str = "The clause.") -> Clause:
    return Clause(
        f"clauses-{number}", "Clauses", says, Place("contract.md", number + 3), number + 3
    )


def term_of(rule: str, options: object, given: Mapping[str, object] | None = None) -> Term:
    return Term(rule, options, given or {}, Place("gatekeeper.yaml", 5))


def contract_of(
    *terms: Term,
    modules: Mapping[str, Iterable[str]] | None = None,
    scope: Iterable[str] = (),
    contracts: Iterable[str] = (),
) -> Contract:
    """A contract with one clause for each term, `contract.md` and `gatekeeper.yaml`."""
    clauses = tuple(BoundClause(clause_of(number), (term,)) for number, term in enumerate(terms, 1))
    return Contract(
        source="the test",
        prose=Prose("contract.md", "A contract", tuple(each.clause for each in clauses), "0" * 64),
        binding_path="gatekeeper.yaml",
        clauses=clauses,
        contracts=globs(contracts),
        modules={name: globs(paths) for name, paths in (modules or {}).items()},
        scope=globs(scope),
    )


def globs(patterns: Iterable[str]) -> tuple[Glob, ...]:
    return tuple(Glob(pattern) for pattern in patterns)


def change_of(
    before: Files,
    after: Files,
    before_modes: Mapping[str, str] | None = None,
    after_modes: Mapping[str, str] | None = None,
) -> Change:
    base = Snapshot.of("base", before, before_modes)
    return Change(base, Snapshot.of("head", after, after_modes, base.cache), line_sets)


def case_of(
    before: Files,
    after: Files,
    options: O,
    *,
    contract: Contract | None = None,
    modules: Mapping[str, Iterable[str]] | None = None,
    before_modes: Mapping[str, str] | None = None,
    after_modes: Mapping[str, str] | None = None,
) -> Case[O]:
    """The case of a change between two dicts; `modules` is short for a contract with them."""
    change = change_of(before, after, before_modes, after_modes)
    return case_with(change, options, contract or contract_of(modules=modules))


def case_between(
    base: Snapshot, head: Snapshot, options: O, contract: Contract | None = None
) -> Case[O]:
    """The case of a change between two snapshots, read from wherever they are."""
    return case_with(Change(base, head, line_sets), options, contract)


def case_with(change: Change, options: O, contract: Contract | None = None) -> Case[O]:
    """The case of a change, such as one of a real repository."""
    agreed = contract or contract_of()
    standing = Standing(Adoption.AT_BASE, agreed, proposed=agreed)
    return Case(change, options, agreed, standing)


def with_readings(case: Case[O], readings: Mapping[Need, object]) -> Case[O]:
    """The case with these readings: a value that was measured, or `Missing`."""
    taken = {
        need: each if isinstance(each, Missing) else Measured(each, "tree")
        for need, each in readings.items()
    }
    return Case(case.change, case.options, case.contract, case.standing, taken, case.focus)


def observations(rule: Rule[O], case: Case[O]) -> tuple[Observation, ...]:
    """All that the rule says; what it cannot read is a doubt, as in the engine."""
    assert rule.check is not None
    said: list[Observation] = []
    try:
        said.extend(rule.check(case))
    except Unreadable as unreadable:
        said.append(Doubt(unreadable.reason, unreadable.path, unreadable.line))
    except Unmeasured as unmeasured:
        said.append(Doubt(str(unmeasured)))
    return tuple(said)


def findings(rule: Rule[O], case: Case[O]) -> tuple[Finding, ...]:
    return _only(Finding, observations(rule, case))


def places(rule: Rule[O], case: Case[O]) -> tuple[str, ...]:
    """Where the findings stand, sorted: `head src/a.py:3`, without a number for no line."""
    return tuple(sorted(_place(each) for each in findings(rule, case)))


def doubts(rule: Rule[O], case: Case[O]) -> tuple[str, ...]:
    return tuple(str(each) for each in _only(Doubt, observations(rule, case)))


def notes(rule: Rule[O], case: Case[O]) -> tuple[str, ...]:
    return tuple(each.says for each in _only(Note, observations(rule, case)))


def no_subjects(rule: Rule[O], case: Case[O]) -> tuple[str, ...]:
    return tuple(each.says for each in _only(NoSubject, observations(rule, case)))


def examined(rule: Rule[O], case: Case[O]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for each in _only(Examined, observations(rule, case)):
        counts[each.what] = counts.get(each.what, 0) + each.count
    return counts


def line_sets(before: bytes, after: bytes) -> Lines:
    """Removed and added lines as Python's difflib sees them; slow, and nobody's own code."""
    old, new = _lines(before), _lines(after)
    removed: set[int] = set()
    added: set[int] = set()
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            removed.update(range(i1 + 1, i2 + 1))
            added.update(range(j1 + 1, j2 + 1))
    return Lines(frozenset(removed), frozenset(added))


def _lines(content: bytes) -> list[bytes]:
    lines = content.split(b"\n")
    return lines if lines[-1] else lines[:-1]


def _only(kind: type[T], said: tuple[Observation, ...]) -> tuple[T, ...]:
    return tuple(each for each in said if isinstance(each, kind))


def _place(finding: Finding) -> str:
    at = f"{finding.side.value} {finding.path}"
    return f"{at}:{finding.line}" if finding.line else at
