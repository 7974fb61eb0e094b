"""The rule input-missing: what the stage was to start from is not there."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import (
    Absence,
    Case,
    Doubt,
    Examined,
    Finding,
    Glob,
    Observation,
    Patterns,
    Rule,
    Side,
    Snapshot,
    Stricter,
    Unreadable,
    option,
)
from gatekeeper.value import dataclass
from gatekeeper.watch import Watch
from gatekeeper_rules.change._outputs import one_by_one
from gatekeeper_rules.wordings import WORDINGS


@dataclass(frozen=True, slots=True)
class Options:
    """What the stage starts from."""

    paths: tuple[Glob, ...] = option(
        (), stricter=Stricter.MORE, says="each must match a file at base that is not empty"
    )


def check(case: Case[Options]) -> Iterator[Observation]:
    """Each pattern is an input of its own, and at most one finding."""
    inputs = tuple(one_by_one(case.options.paths))
    if not inputs:
        yield Doubt("the option `paths` names no input")
    for pattern, paths in inputs:
        yield Examined("inputs")
        yield from _input(case.change.base, pattern, paths)


def concerns(_: Case[Options]) -> bool:
    """Never: what is staged does not change where the stage starts from."""
    return False


def _input(base: Snapshot, pattern: str, paths: Patterns) -> Iterator[Finding | Doubt]:
    doubts: list[Doubt] = []
    found = base.meant(paths)
    for path in found:
        try:
            if _holds(base, path):
                return
        except Unreadable as unreadable:
            doubts.append(Doubt(unreadable.reason, path))
    yield from doubts
    if not doubts:
        why = f"empty: {', '.join(found[:3])}" if found else "no file matches it"
        yield Finding(
            f"the input {pattern} is missing where the stage starts from: {why}",
            Side.BASE,
            pattern,
            (Absence(pattern, len(base)),),
            "Have the input committed before the stage begins, or correct its path in the "
            "binding, in a commit of its own.",
            quoted=pattern,
        )


def _holds(base: Snapshot, path: str) -> bool:
    """Whether a file, or what a link leads to, is more than white space and comments."""
    from gatekeeper_rules.change._blanks import rest
    from gatekeeper_rules.change._links import follow

    end = follow(base, path).end
    if end is None:
        raise Unreadable(path, "the link leads out of the repository, or in a circle")
    if end in base:
        return bool(rest(base.read(end), end))
    inside = (inner for inner in base if inner.startswith(f"{end}/"))
    return any(base.entries[inner].is_file and rest(base.read(inner), inner) for inner in inside)


def watch(_: Case[Options]) -> Watch:
    """Nothing, for the same reason."""
    return Watch()


RULE = Rule(
    name="input-missing",
    summary="an input that the contract names is not at base",
    options=Options,
    check=check,
    wordings=WORDINGS["input-missing"],
    concerns=concerns,
    watch=watch,
)
