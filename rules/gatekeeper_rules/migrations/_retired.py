"""Durable Object classes that a change deletes, and whether their data is carried elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from gatekeeper import (
    Case,
    Doubt,
    Excerpt,
    Finding,
    Note,
    Observation,
    Side,
    Snapshot,
    Unreadable,
    Which,
)
from gatekeeper.migrations.carried import DATA_PROOFS, DataProof, DataProofs, DataTrouble
from gatekeeper.source.wrangler import WRANGLER
from gatekeeper.source.wrangler_files import configurations
from gatekeeper.source.wrangler_terms import (
    Configuration,
    Environment,
    ExportState,
    Fate,
    Step,
    Text,
)
from gatekeeper.value import dataclass

O = TypeVar("O")

LOSSES = (
    DataTrouble.VALUES_LOST,
    DataTrouble.DROPPED_SILENTLY,
    DataTrouble.FAILS_SILENTLY,
    DataTrouble.DAMAGED,
    DataTrouble.KEEPS_BROKEN,
)
"""What a data migration does that loses data."""

_WIDTH = 160
_AREAS = frozenset({"__proto__", "env", "exports", "migrations"})

_FIX = (
    "Delete the class in a later change. First: keep it exported and bound, export its objects "
    "(the runtime lists no names: keep a registry of them), carry the export into D1 with a "
    "command that can be run again, compare the counts, and switch reads and writes over. Name the "
    "command under `data-migrations:` of the binding, with `classes: [{name}]` and fixtures, so "
    "that it is proven. A deploy that deletes a class deletes its data and cannot be rolled back."
)


@dataclass(frozen=True, slots=True)
class Deleted:
    """A class that is deleted: where, with the names that it had before.

    `created` says whether the same list has created it.
    """

    name: Text
    names: tuple[str, ...]
    created: bool


def retired(case: Case[O]) -> Iterator[Observation]:
    """A finding for each class that the change deletes and whose data nothing proven carries."""
    base, head = case.change.base, case.change.head
    listing, before = configurations(head), configurations(base)
    for unreadable in (*listing.lost, *before.lost):
        yield Doubt(unreadable.reason, unreadable.path, unreadable.line)
    for path in listing.paths:
        known = (path,) if path in before.paths else before.paths
        try:
            old = [base.facts(WRANGLER, each) for each in known]
            new = head.facts(WRANGLER, path)
        except Unreadable as unreadable:
            yield Doubt(unreadable.reason, unreadable.path, unreadable.line)
            continue
        for flaw in new.flaws:
            if flaw.area in _AREAS:
                yield Doubt(flaw.reason, path, flaw.span.line)
        for deleted in _new(new, old):
            yield from ruled(case, path, deleted)


def _new(new: Configuration, old: Sequence[Configuration]) -> Iterator[Deleted]:
    """The deletions that the change brings, of classes that there were."""
    before = [each for configuration in old for each in configuration.environments]
    buried = {(each.where, gone.name.value) for each in before for gone in _deletions(each)}
    lived = {name for each in before for name in _living(each)}
    seen = set[int]()
    for environment in new.environments:
        for deleted in _deletions(environment):
            place = deleted.name.span.line
            if (environment.where, deleted.name.value) in buried or place in seen:
                continue
            # What one list both creates and deletes has never been, unless the base had it.
            if deleted.created and lived.isdisjoint(deleted.names):
                continue
            seen.add(place)
            yield deleted


def _living(environment: Environment) -> Iterator[str]:
    """The names of the classes that an environment has."""
    yield from environment.migrations.live
    for export in environment.exports.classes.values():
        if export.state is None or export.state.live:
            yield export.name.value
    for binding in environment.durable_objects:
        if binding.class_name and not binding.script:
            yield binding.class_name.value


def _deletions(environment: Environment) -> Iterator[Deleted]:
    for step in environment.migrations.gone.values():
        if step.fate is Fate.DELETED:
            names = tuple(each.name.value for each in _steps(step))
            created = any(each.fate is Fate.CREATED for each in _steps(step))
            yield Deleted(step.name, names, created)
    for export in environment.exports.classes.values():
        if export.state is ExportState.DELETED:
            yield Deleted(export.name, (export.name.value,), created=False)


def _steps(step: Step) -> Iterator[Step]:
    at: Step | None = step
    while at is not None:
        yield at
        at = at.before


def ruled(case: Case[O], path: str, deleted: Deleted) -> Iterator[Observation]:
    names = frozenset(deleted.names)
    plans = case.standing.agreed.data_migrations
    entries = [name for name, plan in plans.items() if not names.isdisjoint(plan.classes)]
    if not entries:
        says = "and no data migration of the contract names it under `classes`"
        yield _finding(case.change.head, path, deleted, says)
        return
    proofs = case.measured(DATA_PROOFS, Which.HEAD, DataProofs).proofs
    mine = [each for each in proofs if each.migration in entries]
    carrying = [each for each in mine if not _loses(each)]
    for proof in carrying:
        if not proof.open:
            files = len(proof.fixtures)
            yield Note(
                f"`{deleted.name}` is deleted; the data migration {proof.migration} carries its "
                f"data, proven on {files} files"
            )
    if not carrying:
        says = f"and the data migration {', '.join(entries)} is not shown to carry its data"
        yield _finding(case.change.head, path, deleted, says)


def _loses(proof: DataProof) -> bool:
    """Whether it is shown that it does not carry all data; what is open is a doubt anyway."""
    return any(each.trouble in (*LOSSES, DataTrouble.FORWARD_FAILS) for each in proof.failings)


def _finding(head: Snapshot, path: str, deleted: Deleted, says: str) -> Finding:
    span = deleted.name.span
    lines = head.read(path).decode("utf-8-sig", "replace").split("\n")
    text = lines[span.line - 1].rstrip("\r")[:_WIDTH] if span.line <= len(lines) else ""
    name = deleted.name.value[:_WIDTH]
    return Finding(
        f"the Durable Object class `{name}` is deleted with its data, {says}",
        Side.HEAD,
        path,
        (Excerpt(span.line, text),),
        _FIX.format(name=name),
        line=span.line,
        column=span.column,
        quoted=f"deleted {name}",
    )
