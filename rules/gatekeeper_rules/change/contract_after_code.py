"""Code committed before, or together with, the contract that judges it."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import (
    Adoption,
    Case,
    Commit,
    Commits,
    Doubt,
    Examined,
    Finding,
    NoOptions,
    Note,
    Observation,
    Rule,
    Side,
)
from gatekeeper.watch import Watch
from gatekeeper_rules.wordings import WORDINGS

_FIX = (
    "Put the contract first: rebase so that one commit adds only the contract files, "
    "and all work comes after it; or land the contract in a pull request of its own."
)


def check(case: Case[NoOptions]) -> Iterator[Observation]:
    """Compare the adopting commit with every other commit of the range, by ancestry."""
    adoption = case.standing.adoption
    if adoption is Adoption.IN_RANGE:
        yield from _adopted_in_range(case)
    elif adoption is Adoption.PREVIEW:
        yield Doubt("the contract is not committed", case.contract.prose.path)
    else:
        yield Examined("contracts")
        yield Note(f"the contract is {adoption.value}, not part of this change")


def _adopted_in_range(case: Case[NoOptions]) -> Iterator[Observation]:
    history = case.change.history
    if history.missing is not None:
        yield Doubt(history.missing, case.contract.prose.path)
        return
    adopting = next(each for each in history.commits if each.id == case.standing.commit)
    yield Examined("commits", len(history.commits))
    mixed = _other_files(case, adopting)
    if mixed and len(history.commits) == 1:
        yield Doubt(
            "one commit holds both contract and code, so it cannot be told which came first "
            "(a squashed range?); see the check on the pull request it came from",
            case.contract.prose.path,
        )
        return
    if mixed:
        yield _together(case, adopting, mixed)
    after = history.descendants(adopting.id)
    for commit in history.commits:
        if commit.id not in after and _other_files(case, commit):
            yield _before(commit, adopting, case)


def _other_files(case: Case[NoOptions], commit: Commit) -> tuple[str, ...]:
    return tuple(path for path in commit.paths if not case.contract.is_contract_file(path))


def _together(case: Case[NoOptions], commit: Commit, mixed: tuple[str, ...]) -> Finding:
    return Finding(
        message=f"The commit that adopts the contract also touches {_some(mixed)}.",
        side=Side.HEAD,
        path=case.contract.prose.path,
        evidence=(Commits(((commit.id, mixed),)),),
        fix=_FIX,
        quoted="adopted together with code",
    )


def _before(commit: Commit, adopting: Commit, case: Case[NoOptions]) -> Finding:
    paths = _other_files(case, commit)
    return Finding(
        message=(
            f"Commit {commit.id[:8]} touches {_some(paths)} "
            f"and does not descend from the contract (commit {adopting.id[:8]})."
        ),
        side=Side.HEAD,
        path=paths[0],
        evidence=(Commits(((adopting.id, adopting.paths), (commit.id, paths))),),
        fix=_FIX,
        quoted="work before the contract",
    )


def _some(paths: tuple[str, ...]) -> str:
    rest = len(paths) - 1
    return paths[0] + (f" and {rest} other file{'s' * (rest > 1)}" if rest else "")


def watch(_: Case[NoOptions]) -> Watch:
    """Nothing: what is staged is in no commit yet, and contract files are always minded."""
    return Watch()


RULE = Rule(
    name="contract-after-code",
    summary="code was committed before, or together with, the contract that judges it",
    options=NoOptions,
    check=check,
    wordings=WORDINGS["contract-after-code"],
    watch=watch,
)
