"""What a change does to protected modules: touched, reached by links, or stood in for."""

from __future__ import annotations

import os
from collections.abc import Iterator

from gatekeeper import (
    LINK,
    Change,
    Difference,
    Doubt,
    Entry,
    Evidence,
    Examined,
    FileChange,
    Finding,
    Note,
    Observation,
    Snapshot,
    Trail,
    Unreadable,
)
from gatekeeper_rules.change._impostors import impostors
from gatekeeper_rules.change._intrusions import Fault, held_by, intrusions
from gatekeeper_rules.change._listing import Listing
from gatekeeper_rules.change._patches import Edits
from gatekeeper_rules.change._territory import Territory
from gatekeeper_rules.change._tree import first_difference, identity, objects


def observations(
    change: Change, territories: tuple[Territory, ...], *, semantic: bool
) -> Iterator[Observation]:
    """One finding for each changed path; `semantic` lets through what leaves the code the same."""
    looked_at: set[str] = set()
    alike: list[str] = []
    for said in _said_once(change, territories, looked_at):
        if not isinstance(said, Fault):
            yield said
        elif semantic and said.content and _same_code(change, said.path):
            alike.append(said.path)
        else:
            yield _finding(change, said)
    if looked_at:
        yield Examined("files", len(looked_at))
    if alike:
        yield Note(f"only comments and layout differ in {', '.join(alike)}")


def _said_once(
    change: Change, territories: tuple[Territory, ...], looked_at: set[str]
) -> Iterator[Fault | Doubt]:
    known: set[str | Doubt] = set()
    base, head, edits = Listing(change.base), Listing(change.head), Edits.of(change)
    for territory in territories:
        for said in _of_module(territory, edits, base, head, looked_at):
            key = said.path if isinstance(said, Fault) else said
            if key not in known:
                known.add(key)
                yield said


def _of_module(
    territory: Territory, edits: Edits, base: Listing, head: Listing, looked_at: set[str]
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
    yield from intrusions(territory, edits.change, before, after)
    yield from impostors(territory, edits, before.paths)


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
