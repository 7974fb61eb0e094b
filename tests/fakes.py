"""Tiny fake rules: always kept, always broken, silent, doubtful, crashing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from gatekeeper import (
    Absence,
    Adoption,
    Case,
    Doubt,
    Examined,
    Excerpt,
    Finding,
    NoOptions,
    NoSubject,
    Observation,
    Rule,
    Side,
    Standing,
)
from gatekeeper.engine import Question, judge
from gatekeeper.hearing import Matter
from gatekeeper.terms import BoundClause, Contract, Waiver
from gatekeeper.verdict import Report, Revision, Verdict
from tests.cases import Files, change_of, clause_of, contract_of, term_of

TODAY = date(2026, 11, 22)
Check = Callable[[Case[NoOptions]], Iterable[Observation]]


def finding_of(path: str = "src/app.py", line: int = 1, quoted: str = "x = 1") -> Finding:
    return Finding(
        message="Something is wrong.",
        side=Side.HEAD,
        path=path,
        line=line,
        evidence=(Excerpt(line, quoted),),
        fix="Mend it.",
        quoted=quoted,
    )


def rule_of(name: str, check: Check | None, *, goal: bool = False) -> Rule[NoOptions]:
    return Rule(name, f"the fault called {name}", NoOptions, check, goal=goal)


def says(*observations: Observation) -> Check:
    def check(_: Case[NoOptions]) -> Iterator[Observation]:
        yield from observations

    return check


def crash(_: Case[NoOptions]) -> Iterator[Observation]:
    yield Examined("files")
    raise ZeroDivisionError("by design")


def every_todo(case: Case[NoOptions]) -> Iterator[Observation]:
    """A rule that reads: each file at head that holds a to-do mark is a finding."""
    yield Examined("files", len(case.change.head))
    for path, content in sorted(case.change.head.items()):
        if b"to do" in content:
            yield finding_of(path, 1, content.decode())


KEPT = rule_of("kept", says(Examined("files", 3)))
NO_SUBJECT = rule_of("no-subject", says(NoSubject("there are no migrations")))
BROKEN = rule_of("broken", says(Examined("files"), finding_of()))
GOAL = rule_of("goal", says(Examined("files"), finding_of()), goal=True)
SILENT = rule_of("silent", says())
ZERO = rule_of("zero", says(Examined("files", 0)))
DOUBTFUL = rule_of("doubtful", says(Examined("files"), Doubt("it is no Python", "a.py", 7)))
CRASHING = rule_of("crashing", crash)
PLANNED = rule_of("planned", None)
TODO = rule_of("todo", every_todo)
WEAKENED = rule_of("contract-weakened", says(Examined("clauses")))
TAMPERED = rule_of("gate-tampered", says(Examined("files")))

ALL = {
    rule.name: rule
    for rule in (
        KEPT, NO_SUBJECT, BROKEN, GOAL, SILENT, ZERO, DOUBTFUL, CRASHING, PLANNED, TODO,
        WEAKENED, TAMPERED,
    )
}  # fmt: skip


def contract_with(*rules: str, waivers: tuple[Waiver, ...] = ()) -> Contract:
    """One clause for each rule name; an empty name makes a clause bound to nothing."""
    bound = tuple(
        BoundClause(
            clause_of(number, f"Clause {number}."),
            (term_of(name, NoOptions()),) if name else (),
        )
        for number, name in enumerate(rules, 1)
    )
    return replace(contract_of(), clauses=bound, waivers=waivers)


def question_of(
    contract: Contract,
    before: Files | None = None,
    after: Files | None = None,
    *,
    adoption: Adoption = Adoption.AT_BASE,
    proposed: Contract | None = None,
    staged: bool = False,
    only: frozenset[str] = frozenset(),
) -> Question:
    change = change_of(before or {"src/app.py": "x = 1\n"}, after or {"src/app.py": "x = 1\n"})
    standing = Standing(adoption, contract, proposed=proposed or contract)
    matter = Matter(change, lambda: change, standing, lambda: standing, staged=staged)
    return Question(
        matter, Revision("BASE", "1" * 40, None), Revision("HEAD", "2" * 40, None), (), only
    )


def report_of(question: Question, rules: Mapping[str, Rule[NoOptions]] | None = None) -> Report:
    return judge(question, ALL if rules is None else rules, TODAY)


def verdict_of(report: Report, clause: str) -> Verdict:
    return next(each.verdict for each in report.clauses if each.clause.id == clause)


NOTHING = Absence("nothing", 0)
