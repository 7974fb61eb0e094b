"""The rule out-of-scope-change: the stage changes what it was not to change."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import (
    Case,
    Doubt,
    Examined,
    FileChange,
    Finding,
    Glob,
    NoSubject,
    Observation,
    Patterns,
    Rule,
    option,
)
from gatekeeper.value import dataclass
from gatekeeper.watch import Watch
from gatekeeper_rules.change._outputs import promised
from gatekeeper_rules.change._tree import first_difference, identity, kind, objects
from gatekeeper_rules.wordings import WORDINGS


@dataclass(frozen=True, slots=True)
class Options:
    """What may change, where it is not what the contract's `scope:` says."""

    scope: tuple[Glob, ...] = option((), says="paths that may change; else those of `scope:`")


def check(case: Case[Options]) -> Iterator[Observation]:
    """One finding for each changed path that nothing allows."""
    if not _scope(case).lines:
        yield Doubt("no scope is named: say in `scope:` which paths the stage may change")
        return
    changes = case.change.files
    if not changes:
        yield NoSubject("no file was changed")
        return
    yield Examined("changed files", len(changes))
    yield from (_finding(case, changed) for changed in _outside(case))


def concerns(case: Case[Options]) -> bool:
    """Whether anything outside the scope was changed."""
    return any(True for _ in _outside(case))


def watch(case: Case[Options]) -> Watch:
    """Whatever is outside the scope."""
    allowed = (_scope(case), *promised(case.contract))
    return Watch(scopes=tuple(each.lines for each in allowed))


def _scope(case: Case[Options]) -> Patterns:
    return Patterns(tuple(case.options.scope or case.contract.scope))


def _outside(case: Case[Options]) -> Iterator[FileChange]:
    allowed = (_scope(case), *promised(case.contract))
    for path, changed in case.change.files.items():
        within = any(each.match(path) for each in allowed)
        if not within and not case.contract.is_contract_file(path):
            yield changed


def _finding(case: Case[Options], changed: FileChange) -> Finding:
    spot = first_difference(case.change, changed.path)
    return Finding(
        f"{changed.path} {_happened(changed)}, outside the scope of the stage",
        spot.side,
        changed.path,
        (objects(changed), *spot.excerpts),
        "Take the change out of this stage; if it belongs to it, have the contract's scope "
        "name the path first, in a commit of its own.",
        line=spot.line,
        end_line=spot.end_line,
        quoted=identity(case.change, changed.path),
    )


def _happened(changed: FileChange) -> str:
    before, after = changed.before, changed.after
    if before is None:
        return "was added"
    if after is None:
        return "was deleted"
    if kind(before) != kind(after):
        return f"became a {kind(after)}"
    return "was changed" if before.oid != after.oid else "got another mode"


RULE = Rule(
    name="out-of-scope-change",
    summary="a changed path is outside the scope, the outputs and the contract files",
    options=Options,
    check=check,
    wordings=WORDINGS["out-of-scope-change"],
    concerns=concerns,
    watch=watch,
)
