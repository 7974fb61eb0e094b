"""The change asks less of whoever comes after it than the contract at base asks of it."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import (
    Absence,
    Adoption,
    Case,
    Difference,
    Doubt,
    Examined,
    Excerpt,
    Finding,
    Loosening,
    LooseningKind,
    NoOptions,
    Note,
    Observation,
    Problem,
    Rule,
    Side,
    Stage,
    Term,
)
from gatekeeper.watch import Watch
from gatekeeper_rules.change._outputs import newly_allowed
from gatekeeper_rules.wordings import WORDINGS

_APART = (LooseningKind.WAIVER, LooseningKind.NEXT_STAGE)
_FIX = (
    "Put back what the base agreed. If people agreed to ask less, land a waiver for this "
    "finding first, in a change that touches only the binding."
)


def check(case: Case[NoOptions]) -> Iterator[Observation]:
    """Report what the head's contract asks less than the one that judges."""
    standing = case.standing
    yield Examined("clauses", len(standing.agreed.clauses))
    yield from (_empty(path, reason) for path, reason in standing.empty)
    if standing.adoption is not Adoption.PREVIEW:
        yield from _proposal(case)
        yield from _loosened(case)


def _proposal(case: Case[NoOptions]) -> Iterator[Observation]:
    """What is wrong with the head's contract as a whole."""
    agreed, proposed = case.standing.agreed, case.standing.proposed
    if case.standing.refused:
        yield from (_refused(problem) for problem in case.standing.refused)
    elif proposed is None:
        yield _deleted(case)
    elif proposed.prose.path == agreed.prose.path:
        yield from (_widened(*each) for each in newly_allowed(agreed, proposed))
        if proposed.prose.sha256 != agreed.prose.sha256:
            yield Note(
                f"the text of {agreed.prose.path} was edited; clauses alone are compared, and "
                "whether the rest of it still says the same is for a person to look at"
            )


def _loosened(case: Case[NoOptions]) -> Iterator[Observation]:
    """What it asks less, one by one."""
    apart = _contract_apart(case)
    for loosening in case.standing.loosened:
        if loosening.kind not in _APART:
            yield _finding(loosening)
        elif isinstance(apart, Doubt):
            yield apart
        elif apart and not _escapes(loosening, case):
            yield Note(f"{loosening.what} (in commits that touch only contract files)")
        else:
            yield _finding(loosening)


def _contract_apart(case: Case[NoOptions]) -> bool | Doubt:
    """Whether every commit that touches a contract file touches nothing else."""
    if not any(each.kind in _APART for each in case.standing.loosened):
        return True
    if case.change.head.commit is None:
        return _unmixed(case, tuple(case.change.files))
    history = case.change.history
    if history.missing is not None:
        return Doubt(history.missing, case.contract.binding_path)
    return all(_unmixed(case, commit.paths) for commit in history.commits)


def _unmixed(case: Case[NoOptions], paths: tuple[str, ...]) -> bool:
    kinds = {_is_contract_file(case, path) for path in paths}
    return kinds != {True, False}


def _is_contract_file(case: Case[NoOptions], path: str) -> bool:
    """By the contract that judges; the prose the head moves on to is one as well."""
    proposed = case.standing.proposed
    moved_to = proposed is not None and path == proposed.prose.path
    return moved_to or case.standing.agreed.is_contract_file(path)


def _escapes(loosening: Loosening, case: Case[NoOptions]) -> bool:
    """Moving on while the stage is open, or while its prose is altered, is an escape."""
    if loosening.kind is not LooseningKind.NEXT_STAGE:
        return False
    agreed = case.standing.agreed
    old, head = agreed.prose.path, case.change.head
    kept = old in head and case.change.base.entries.get(old) == head.entries[old]
    return agreed.stage is Stage.OPEN or not kept


def _finding(loosening: Loosening) -> Finding:
    return Finding(
        message=loosening.what,
        side=loosening.side,
        path=loosening.place.path,
        line=loosening.place.line,
        column=loosening.place.column,
        evidence=(Difference(loosening.kind.value, loosening.before, loosening.after),),
        fix=_FIX,
        symbol=loosening.symbol,
        # What it became is part of the identity: a waiver for 89 must not let 0 pass.
        quoted=f"{loosening.quoted}: {loosening.before} -> {loosening.after}",
    )


def _widened(term: Term, pattern: str) -> Finding:
    """Outputs may always change, so a promised output outside the scope widens it."""
    return Finding(
        message=f"The output {pattern} is new, and outside the scope that was agreed.",
        side=Side.HEAD,
        path=term.place.path,
        line=term.place.line,
        column=term.place.column,
        evidence=(Difference("scope", None, pattern),),
        fix=_FIX,
        symbol="scope",
        quoted=pattern,
    )


def _empty(path: str, reason: str) -> Finding:
    return Finding(
        message=f"This stage contract cannot be judged by: {reason}.",
        side=Side.HEAD,
        path=path,
        evidence=(Absence("a clause (a bullet under a heading)", 1),),
        fix="Write its clauses before anything is done in its name, or remove the file.",
        quoted="empty contract",
    )


def _refused(problem: Problem) -> Finding:
    return Finding(
        message=f"The contract that this change leaves behind cannot be used: {problem.message}",
        side=Side.HEAD,
        path=problem.path,
        line=problem.line,
        column=problem.column,
        evidence=(Excerpt(problem.line, str(problem)),),
        fix=problem.hint or "Mend the file; nothing could be judged by it.",
        quoted=problem.message,
    )


def _deleted(case: Case[NoOptions]) -> Finding:
    path = case.contract.binding_path
    return Finding(
        message=f"The change removes {path}, so nothing after it would be judged.",
        side=Side.BASE,
        path=path,
        line=1,
        evidence=(Absence(path, len(case.change.head.entries)),),
        fix=_FIX,
        quoted="binding removed",
    )


def watch(_: Case[NoOptions]) -> Watch:
    """Nothing: an edited contract file is always minded, and nothing else can weaken it."""
    return Watch()


RULE = Rule(
    name="contract-weakened",
    summary="the change removes or loosens what the contract at base asks",
    options=NoOptions,
    check=check,
    wordings=WORDINGS.get("contract-weakened", ()),
    watch=watch,
)
