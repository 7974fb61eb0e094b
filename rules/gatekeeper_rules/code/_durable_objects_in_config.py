"""Durable Objects in wrangler configuration: bound, declared, or left alive by its migrations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from gatekeeper import Doubt, Examined, Finding, Note, Observation, Snapshot, Unreadable
from gatekeeper.source.wrangler import WRANGLER
from gatekeeper.source.wrangler_files import configurations
from gatekeeper.source.wrangler_terms import (
    Configuration,
    Exports,
    ExportState,
    Fate,
    Flaw,
    Migrations,
)
from gatekeeper_rules.code._durable_generated_types import stale_types
from gatekeeper_rules.code._durable_object_settings import (
    Sheet,
    of_bindings,
    of_containers,
    of_exports,
    of_migrations,
    shorter,
    shown,
)
from gatekeeper_rules.code._durable_services import Hosts, hosts_of, of_services

# A fault in any other key of the configuration cannot hide a Durable Object.
_AREAS = frozenset(
    {
        "__proto__",
        "containers",
        "durable_objects",
        "env",
        "exports",
        "migrations",
        "previews",
        "unsafe",
    }
)
_NAMED = 10

T = TypeVar("T")


def observations(snapshot: Snapshot) -> Iterable[Observation]:
    """What every wrangler configuration in the tree says of Durable Objects.

    A finding for each binding, each class that `migrations` or `exports` leave alive, and
    each container, in every environment; once, where an environment inherits it. A note for
    classes properly retired. A doubt for each place that cannot be read as wrangler would.
    """
    listing = configurations(snapshot)
    for unreadable in listing.lost:
        yield _doubt(unreadable)
    read: dict[str, Configuration] = {}
    for path in listing.paths:
        try:
            read[path] = snapshot.facts(WRANGLER, path)
        except Unreadable as unreadable:
            yield _doubt(unreadable)
    hosts = hosts_of(read)
    for path, configuration in read.items():
        yield from _in_file(snapshot, path, configuration, hosts)
    yield from stale_types(snapshot)
    if read:
        yield Examined("configurations", len(read))
        yield Examined("environments", sum(len(each.environments) for each in read.values()))


def _doubt(unreadable: Unreadable) -> Doubt:
    return Doubt(f"cannot be read: {unreadable.reason}", unreadable.path, unreadable.line)


def _in_file(
    snapshot: Snapshot, path: str, configuration: Configuration, hosts: Hosts
) -> Iterator[Observation]:
    text = snapshot.read(path).decode("utf-8-sig", "replace")
    sheet = Sheet(path, tuple(text.split("\n")))
    yield from _doubts(path, [flaw for flaw in configuration.flaws if flaw.area in _AREAS])
    yield from _findings(sheet, configuration)
    for environment in configuration.environments:
        yield from of_services(sheet, environment, hosts)
    yield from _notes(path, configuration)


def _doubts(path: str, flaws: Iterable[Flaw]) -> Iterator[Doubt]:
    told = list(dict.fromkeys(Doubt(flaw.reason, path, flaw.span.line) for flaw in flaws))
    yield from told[:_NAMED]
    if len(told) > _NAMED:
        yield Doubt(f"and {len(told) - _NAMED} more of the kind", path)


def _findings(sheet: Sheet, configuration: Configuration) -> Iterator[Finding]:
    for environment in configuration.environments:
        yield from of_bindings(sheet, environment)
        yield from of_containers(sheet, environment)
    for migrations in _distinct(each.migrations for each in configuration.environments):
        yield from of_migrations(sheet, migrations)
    for exports in _distinct(each.exports for each in configuration.environments):
        yield from of_exports(sheet, exports)


def _distinct(declared: Iterable[T]) -> Iterable[T]:
    """What environments inherit is the top level's own object: each object once."""
    return {id(each): each for each in declared}.values()


def _notes(path: str, configuration: Configuration) -> Iterator[Note]:
    environments = configuration.environments
    bound = {
        binding.class_name.value
        for environment in environments
        for binding in environment.durable_objects
        if binding.class_name and not binding.script
    }
    for migrations in _distinct(each.migrations for each in environments):
        yield from _note(path, migrations.where, _deleted(migrations, bound))
    for exports in _distinct(each.exports for each in environments):
        yield from _note(path, exports.where, _buried(exports, bound))


def _deleted(migrations: Migrations, bound: set[str]) -> Iterator[str]:
    for name, step in migrations.gone.items():
        if step.fate is Fate.DELETED and name not in bound:
            unknown = "" if step.before else ", which the list never created,"
            yield f"`{shown(step.name)}`{unknown} is deleted by migration `{shorter(step.tag)}`"


def _buried(exports: Exports, bound: set[str]) -> Iterator[str]:
    for export in exports.entries:
        if export.name.value in bound:
            continue
        if export.state is ExportState.DELETED:
            yield f"`{shown(export.name)}` is deleted by its tombstone"
        if export.state is ExportState.TRANSFERRED:
            yield f"`{shown(export.name)}` goes on in another Worker, `{shown(export.other)}`"


def _note(path: str, where: str, retired: Iterator[str]) -> Iterator[Note]:
    told = list(retired)
    if told:
        more = f"; and {len(told) - _NAMED} more" if len(told) > _NAMED else ""
        yield Note(f"{path}: `{where}`: {'; '.join(told[:_NAMED])}{more}")
