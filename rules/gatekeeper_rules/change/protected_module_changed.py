"""The rule protected-module-changed: a module that the contract protects is not what it was."""

from __future__ import annotations

import os
from collections.abc import Iterator

from gatekeeper import (
    LINK,
    LINKS,
    Case,
    Change,
    Difference,
    Doubt,
    Entry,
    Evidence,
    Examined,
    FileChange,
    Finding,
    ModuleName,
    Note,
    Observation,
    Rule,
    Snapshot,
    Stricter,
    Trail,
    Unreadable,
    option,
)
from gatekeeper.value import dataclass
from gatekeeper_rules.change._impostors import could_be_module, impostors
from gatekeeper_rules.change._intrusions import Fault, held_by, intrusions
from gatekeeper_rules.change._listing import Listing
from gatekeeper_rules.change._territory import Territory
from gatekeeper_rules.change._tree import first_difference, identity, objects
from gatekeeper_rules.wordings import WORDINGS


@dataclass(frozen=True, slots=True)
class Options:
    """Which modules are protected, and whether their layout is as well."""

    modules: tuple[ModuleName, ...] = option(
        (), stricter=Stricter.MORE, says="names from `modules:` that must not change"
    )
    semantic: bool = option(
        default=False,
        stricter=Stricter.FALSE,
        says="let a change of a Python file through that leaves the parsed code identical",
    )


def check(case: Case[Options]) -> Iterator[Observation]:
    """One finding for each changed path, whatever number of modules it touches."""
    if not case.options.modules:
        yield Doubt("the option `modules` names no module: say which ones are protected")
    looked_at: set[str] = set()
    alike: list[str] = []
    for said in _said_once(case, looked_at):
        if not isinstance(said, Fault):
            yield said
        elif case.options.semantic and said.content and _same_code(case.change, said.path):
            alike.append(said.path)
        else:
            yield _finding(case.change, said)
    if looked_at:
        yield Examined("files", len(looked_at))
    if alike:
        yield Note(f"only comments and layout differ in {', '.join(alike)}")


def concerns(case: Case[Options]) -> bool:
    """Whether a changed path is protected, leads to a protected one, or could pass for one."""
    territories = _territories(case)
    changes = case.change.files.values()
    return any(_touches(territories, changed) for changed in changes) or (
        bool(changes) and _has_links(territories, case.change.head)
    )


def _territories(case: Case[Options]) -> tuple[Territory, ...]:
    named = case.modules(dict.fromkeys(case.options.modules))
    return tuple(Territory(name, patterns) for name, patterns in named)


def _said_once(case: Case[Options], looked_at: set[str]) -> Iterator[Fault | Doubt]:
    known: set[str | Doubt] = set()
    base, head = Listing(case.change.base), Listing(case.change.head)
    for territory in _territories(case):
        for said in _of_module(territory, case.change, base, head, looked_at):
            key = said.path if isinstance(said, Fault) else said
            if key not in known:
                known.add(key)
                yield said


def _of_module(
    territory: Territory, change: Change, base: Listing, head: Listing, looked_at: set[str]
) -> Iterator[Fault | Doubt]:
    before, after = held_by(territory, base), held_by(territory, head)
    looked_at |= before.paths | after.paths
    if not before.paths and not after.paths:
        yield Doubt(
            f"the module {territory.name} matches no file, neither before nor after the change: "
            "check its paths"
        )
    for lost in dict.fromkeys((*before.lost, *after.lost)):
        yield Doubt(
            f"{lost.reason}, and the protected module {territory.name} is looked for there",
            lost.link,
        )
    yield from intrusions(territory, change, before, after)
    yield from impostors(territory, change, before.paths)


def _same_code(change: Change, path: str) -> bool:
    if not path.endswith((".py", ".pyi")):
        return False
    from gatekeeper.source.python import same_code

    try:
        return same_code(change.base.read(path), change.head.read(path), path)
    except Unreadable:
        return False


def _finding(change: Change, fault: Fault) -> Finding:
    changed = change.files[fault.path]
    spot = first_difference(change, fault.path)
    trail = (Trail(fault.trail),) if fault.trail else ()
    evidence: tuple[Evidence, ...] = (
        objects(changed),
        *spot.excerpts,
        *_targets(change, changed),
        *trail,
    )
    return Finding(
        fault.message,
        spot.side,
        fault.path,
        evidence,
        "Put the path back as the base has it; if the change is wanted, "
        "have the contract allow it first, in a commit of its own.",
        line=spot.line,
        end_line=spot.end_line,
        quoted=identity(change, fault.path),
    )


def _targets(change: Change, changed: FileChange) -> Iterator[Difference]:
    before = _target(change.base, changed.path, changed.before)
    after = _target(change.head, changed.path, changed.after)
    if before is not None or after is not None:
        yield Difference("target of the link", before, after)


def _target(snapshot: Snapshot, path: str, entry: Entry | None) -> str | None:
    if entry is None or entry.mode != LINK:
        return None
    try:
        return os.fsdecode(snapshot.read(path))
    except Unreadable as unreadable:
        return f"unreadable: {unreadable.reason}"


def _touches(territories: tuple[Territory, ...], changed: FileChange) -> bool:
    path = changed.path
    if any(entry is not None and not entry.is_file for entry in (changed.before, changed.after)):
        return True
    if could_be_module(path) and (changed.added or changed.deleted or not _is_source(path)):
        return True
    folder, _, name = path.rpartition("/")
    if name == "__init__.py" and any(each.may_reach(folder) for each in territories):
        return True
    return any(
        each.has(path) or each.is_below(path) or (changed.added and each.may_be_meant(path))
        for each in territories
    )


def _is_source(path: str) -> bool:
    """Whether the content alone, unlike a stub's or a compiled file's, stands in for nothing."""
    return path.endswith((".py", ".json")) or not path.endswith((".pyi", ".pyc", ".pyd", ".so"))


def _has_links(territories: tuple[Territory, ...], head: Snapshot) -> bool:
    return any(each.may_reach(link) for link in head.passing(LINKS) for each in territories)


RULE = Rule(
    name="protected-module-changed",
    summary="a protected module is not what it was: content, mode, kind, link, submodule, shadow",
    options=Options,
    check=check,
    wordings=WORDINGS["protected-module-changed"],
    concerns=concerns,
)
