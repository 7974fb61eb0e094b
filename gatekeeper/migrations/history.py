"""All chains of migrations in a snapshot, each as its tool reads it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from gatekeeper.migrations import discovery, ways_back, wrangler
from gatekeeper.migrations.migration import Chain, Dialect, Runner
from gatekeeper.migrations.odd_folders import Shape
from gatekeeper.migrations.shelf import held
from gatekeeper.migrations.tools import Place, chain_at
from gatekeeper.snapshot import Snapshot
from gatekeeper.terms import MigrationPlan
from gatekeeper.value import replace

_NO_PLAN = MigrationPlan()
_ON_D1 = (Runner.DRIZZLE, Runner.PRISMA, Runner.PAIRS)


def chains(snapshot: Snapshot, plan: MigrationPlan | None) -> tuple[Chain, ...]:
    """Every chain of the snapshot, the one that the binding names first.

    That is the folder of the binding, each folder of a D1 binding, and, where the binding
    names none, each folder that a tool's own files show to be one. What can be read of none
    of them is in their faults; nothing is raised for what a tree can hold. A chain without
    migrations stands for a folder that is named and holds none, or for what cannot be read.
    """
    return tuple(_chains(snapshot, plan or _NO_PLAN))


def _chains(snapshot: Snapshot, plan: MigrationPlan) -> Iterator[Chain]:
    up, down = _folder(plan.up), _folder(plan.down)
    declared, faults = wrangler.declarations(snapshot)
    found = [
        (each, wrangler.chain(snapshot, each, down if up in (None, each.folder) else None))
        for each in declared
    ]
    named = [chain for each, chain in found if each.folder == up]
    yield from named
    if up is not None and not named:
        d1 = bool(declared)
        yield chain_at(snapshot, Place(up, down, "the binding", d1=d1, known=True))
    others = [
        chain
        for each, chain in found
        if each.folder != up and (each.explicit or chain.migrations or chain.faults)
    ]
    yield from others
    if up is None:
        yield from _discovered(snapshot, down, {each.folder for each in others}, bool(declared))
    if faults:
        yield Chain(Runner.WRANGLER, "", Dialect.D1, (), faults)


def _discovered(snapshot: Snapshot, down: str | None, known: set[str], d1: bool) -> Iterator[Chain]:
    suggested = discovery.folders(snapshot)
    odd = discovery.odd(snapshot, {*known, *suggested})
    folders = (*suggested, *(each for each in odd if each not in suggested))
    back = {each for folder in (*known, *folders) for each in ways_back.folders(folder)}
    for folder in folders:
        inside = any(f"{folder}/".startswith(f"{each}/") for each in known)
        if inside or folder in back or folder in known:
            continue
        place = Place(folder, down, folder, numbered=odd.get(folder) is Shape.NUMBERED)
        chain = chain_at(snapshot, place)
        if d1 and chain.runner in _ON_D1 and not _is_elsewhere(snapshot, folder):
            chain = chain_at(snapshot, replace(place, d1=True))
        if chain.migrations or chain.faults:
            yield chain


def _is_elsewhere(snapshot: Snapshot, folder: str) -> bool:
    """Whether the package of a folder is a program in Rust or Go that is no Worker.

    Such a one has a SQLite of its own, whatever else in the repository runs on D1.
    """
    here = folder
    while here:
        names = {each.name for each in held(snapshot, here)}
        if names & _PACKAGES:
            return not names & _WORKERS and bool(names & _NATIVE)
        here = here.rpartition("/")[0]
    return False


_NATIVE = frozenset(("Cargo.toml", "go.mod"))
_WORKERS = frozenset(("wrangler.toml", "wrangler.json", "wrangler.jsonc", "package.json"))
_PACKAGES = _NATIVE | _WORKERS


def _folder(given: str) -> str | None:
    """A folder as the binding has it; None for none, empty for the root of the repository."""
    if not given:
        return None
    path = posixpath.normpath(given.strip("/") or ".")
    return "" if path == "." else path
