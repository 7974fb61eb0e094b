"""A folder for each migration, in the order of their names: Prisma, Diesel, drizzle since 1.0.

After Prisma's schema engine (`migration.sql`), Diesel 2 (`up.sql`, `down.sql`,
`metadata.toml`; github.com/diesel-rs/diesel, `diesel_migrations`) and drizzle-kit 1.0.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence

from gatekeeper.errors import Unreadable
from gatekeeper.migrations.drizzle_text import with_breakpoints
from gatekeeper.migrations.migration import (
    Chain,
    Dialect,
    Fault,
    Migration,
    Runner,
)
from gatekeeper.migrations.scripts import unfit
from gatekeeper.migrations.sequence import Reading, as_it_stands, sequence
from gatekeeper.migrations.shelf import Item, Sort, held, joined
from gatekeeper.migrations.ways_back import beside
from gatekeeper.snapshot import Snapshot
from gatekeeper.value import replace

_LEDGERS = {
    Runner.PRISMA: "_prisma_migrations",
    Runner.DIESEL: "__diesel_schema_migrations",
    Runner.DRIZZLE: "__drizzle_migrations",
}
_SCRIPTS = {Runner.DIESEL: "up.sql"}
_READINGS: dict[Runner, Reading] = {Runner.DRIZZLE: with_breakpoints}


def runner_of(snapshot: Snapshot, folder: str) -> Runner | None:
    """Whose layout the folders in a folder have; None for none."""
    inside = [each.path for each in held(snapshot, folder) if each.sort is Sort.FOLDER]
    if any(joined(each, "up.sql") in snapshot for each in inside):
        return Runner.DIESEL
    if not any(joined(each, "migration.sql") in snapshot for each in inside):
        return None
    drizzle = any(joined(each, "snapshot.json") in snapshot for each in inside)
    return Runner.DRIZZLE if drizzle else Runner.PRISMA


def nested(snapshot: Snapshot, folder: str, runner: Runner, dialect: Dialect, source: str) -> Chain:
    """The chain of a folder of folders; one without its script is a fault."""
    made = Chain(runner, folder, dialect, (), ledger=_LEDGERS[runner], source=source)
    name = _SCRIPTS.get(runner, "migration.sql")
    folders = [each for each in held(snapshot, folder) if each.sort is Sort.FOLDER]
    shown = [each for each in folders if not each.name.startswith(".") and _counts(each, runner)]
    items = [Item(each.name, joined(each.path, name), Sort.FILE) for each in shown]
    there = [each for each in items if each.path in snapshot]
    lost = (
        unfit(each.path, f"is not there, without which {runner.value} refuses the folder")
        for each in items
        if each.path not in snapshot
    )
    read = _READINGS.get(runner, as_it_stands)
    ordered = sorted(there, key=lambda each: _version(each.name, runner))
    whole = replace(made, faults=tuple(lost))
    chain = sequence(snapshot, whole, ordered, beside(snapshot, ordered), read)
    return _unbound(snapshot, chain, ordered)


def _counts(folder: Item, runner: Runner) -> bool:
    return not (runner is Runner.DRIZZLE and folder.name == "meta")


def _version(name: str, runner: Runner) -> tuple[bytes, bytes]:
    """What the folders are ordered by: Diesel's version is all before the first `_`."""
    whole = name.encode("utf-8", "surrogateescape")
    if runner is Runner.DIESEL:
        return whole.split(b"_")[0].replace(b"-", b""), whole
    return whole, whole


def _unbound(snapshot: Snapshot, chain: Chain, items: Sequence[Item]) -> Chain:
    """With what runs without a transaction: all of Prisma's, and Diesel's that say so."""
    if chain.runner is Runner.PRISMA:
        free = tuple(replace(each, atomic=False) for each in chain.migrations)
        return replace(chain, migrations=free)
    if chain.runner is not Runner.DIESEL:
        return chain
    faults: list[Fault] = []
    migrations: list[Migration] = []
    for item, each in zip(items, chain.migrations, strict=True):
        path = joined(item.path.rpartition("/")[0], "metadata.toml")
        try:
            migrations.append(replace(each, atomic=_in_transaction(snapshot, path)))
        except Unreadable as lost:
            faults.append(unfit(path, f"cannot be read: {lost.reason}", lost.line or 1))
            migrations.append(each)
    return replace(chain, migrations=tuple(migrations), faults=(*chain.faults, *faults))


def _in_transaction(snapshot: Snapshot, path: str) -> bool:
    if path not in snapshot:
        return True
    try:
        said = tomllib.loads(snapshot.read(path).decode())
    except (ValueError, RecursionError) as error:
        raise Unreadable(path, f"it is no TOML: {error}") from None
    return said.get("run_in_transaction") is not False
