"""All chains of migrations in a snapshot, each as its tool reads it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from gatekeeper.migrations import wrangler
from gatekeeper.migrations.migration import Chain, Dialect, Runner
from gatekeeper.migrations.pairs import pairs
from gatekeeper.snapshot import Snapshot
from gatekeeper.terms import MigrationPlan

_NO_PLAN = MigrationPlan()


def chains(snapshot: Snapshot, plan: MigrationPlan | None) -> tuple[Chain, ...]:
    """Every chain of the snapshot, the one that the binding names first.

    What can be read of none of them is in their faults; nothing is raised for what a tree can
    hold. A chain without migrations stands for a folder that is named and holds none, or for
    configuration that cannot be read.
    """
    return tuple(_chains(snapshot, plan or _NO_PLAN))


def _chains(snapshot: Snapshot, plan: MigrationPlan) -> Iterator[Chain]:
    up, down = _folder(plan.up), _folder(plan.down)
    declared, faults = wrangler.declarations(snapshot)
    found = [
        wrangler.chain(snapshot, each, down if up in (None, each.folder) else None)
        for each in declared
    ]
    named = [each for each, said in zip(found, declared, strict=True) if said.folder == up]
    yield from named
    if up is not None and not named:
        dialect = Dialect.D1 if declared else Dialect.SQLITE
        yield pairs(snapshot, up, down, dialect, "the binding")
    for each, said in zip(found, declared, strict=True):
        if each not in named and (said.explicit or each.migrations or each.faults):
            yield each
    if faults:
        yield Chain(Runner.WRANGLER, "", Dialect.D1, (), faults)


def _folder(given: str) -> str | None:
    """A folder as the binding has it; None for none, empty for the root of the repository."""
    if not given:
        return None
    path = posixpath.normpath(given.strip("/"))
    return "" if path == "." else path
