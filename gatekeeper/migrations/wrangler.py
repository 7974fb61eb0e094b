"""The chains that wrangler applies: one for each folder that a D1 binding names.

After wrangler 4.86.0 and 4.164.0, which differ: the older takes every name in the folder that
ends in `.sql`, links and folders too, and leaves what has no number at its alphabetical place.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.errors import Unreadable
from gatekeeper.migrations import ways_back
from gatekeeper.migrations.globs import glob
from gatekeeper.migrations.migration import (
    Chain,
    Dialect,
    Fault,
    FaultKind,
    Runner,
    Script,
)
from gatekeeper.migrations.numbering import by_number, code_units, leading_number
from gatekeeper.migrations.scripts import unfit, unread
from gatekeeper.migrations.sequence import sequence
from gatekeeper.migrations.shelf import Item, Sort, held, resolved_folder
from gatekeeper.migrations.ways_back import SUFFIX
from gatekeeper.migrations.wrangler_text import executed, text_faults
from gatekeeper.snapshot import Snapshot
from gatekeeper.source.wrangler import WRANGLER
from gatekeeper.source.wrangler_files import configurations
from gatekeeper.source.wrangler_terms import Configuration, Database
from gatekeeper.value import dataclass, replace

DEFAULT_FOLDER = "migrations"
DEFAULT_LEDGER = "d1_migrations"


@dataclass(frozen=True, slots=True)
class Declared:
    """What a D1 binding says of its migrations; `folder` is relative to the repository's root.

    `pattern` is a glob relative to the folder; `explicit` says that the folder is named, not
    wrangler's default.
    """

    folder: str
    pattern: str
    ledger: str
    databases: tuple[str, ...]
    source: str
    explicit: bool
    path: str
    line: int
    serves: tuple[str, ...] = ()


def declarations(snapshot: Snapshot) -> tuple[tuple[Declared, ...], tuple[Fault, ...]]:
    """Every folder of migrations that a binding names, each once, and what could not be read."""
    found: dict[tuple[str, str, str], Declared] = {}
    listing = configurations(snapshot)
    faults = [unread(lost) for lost in listing.lost]
    for path in listing.paths:
        try:
            configuration = snapshot.facts(WRANGLER, path)
        except Unreadable as lost:
            faults.append(unread(lost))
            continue
        faults.extend(_flaws(path, configuration))
        for database in _databases(configuration):
            each = _declared(path, database)
            key = (each.folder, each.pattern, each.ledger)
            before = found.get(key)
            found[key] = _joined(before, each) if before else each
    return tuple(found.values()), tuple(faults)


def _databases(configuration: Configuration) -> Iterator[Database]:
    for environment in configuration.environments:
        yield from environment.databases


def _flaws(path: str, configuration: Configuration) -> Iterator[Fault]:
    for flaw in configuration.flaws:
        if flaw.area in ("d1_databases", "env"):
            yield unfit(
                path, f"does not say which migrations there are: {flaw.reason}", flaw.span.line
            )


def _joined(before: Declared, after: Declared) -> Declared:
    databases = tuple(dict.fromkeys((*before.databases, *after.databases)))
    serves = tuple(dict.fromkeys((*before.serves, *after.serves)))
    explicit = before.explicit or after.explicit
    return replace(before, databases=databases, explicit=explicit, serves=serves)


def _declared(path: str, database: Database) -> Declared:
    named = database.migrations_dir.value if database.migrations_dir else ""
    given = _normal(named or DEFAULT_FOLDER)
    pattern = database.migrations_pattern
    place = (database.migrations_dir or pattern or database).span
    folder = posixpath.normpath(posixpath.join(posixpath.dirname(path), given))
    return Declared(
        folder="" if folder == "." else folder,
        pattern=_inside(given, _normal(pattern.value)) if pattern else f"*{SUFFIX}",
        ledger=database.migrations_table.value if database.migrations_table else DEFAULT_LEDGER,
        databases=(database.binding.value,) if database.binding else (),
        source=f"{path}:{place.line}",
        explicit=bool(named),
        path=path,
        line=place.line,
        serves=tuple(_served(path, database)),
    )


def _served(path: str, database: Database) -> Iterator[str]:
    """The database that is meant: two bindings of one name can mean two, and the other way."""
    for sort, given in (("name", database.name), ("id", database.id)):
        if given is not None and given.value:
            yield f"{sort} {given.value}"
    if database.name is None and database.id is None:
        yield " ".join((path, database.where, database.binding.value if database.binding else ""))


def _normal(path: str) -> str:
    return posixpath.normpath(path.replace("\\", "/"))


def _inside(folder: str, pattern: str) -> str:
    """The pattern seen from the folder; empty where it does not begin with it."""
    if folder == ".":
        return pattern
    return pattern.removeprefix(f"{folder}/") if pattern.startswith(f"{folder}/") else ""


def chain(snapshot: Snapshot, declared: Declared, down: str | None) -> Chain:
    """The chain of one folder; `down` is where the binding has the ways back, if it says."""
    made = Chain(
        Runner.WRANGLER,
        declared.folder,
        Dialect.D1,
        (),
        database=", ".join(declared.databases),
        ledger=declared.ledger,
        source=declared.source,
        serves=declared.serves,
    )
    try:
        folder = resolved_folder(snapshot, declared.folder)
    except Unreadable as lost:
        return replace(made, faults=(unread(lost),))
    taken = _taken(snapshot, folder, declared.pattern)
    if taken is None:
        why = f"names the migrations by `{declared.pattern}`, which cannot be read here"
        return replace(made, faults=(unfit(declared.path, why, declared.line),))
    return _filled(snapshot, replace(made, folder=folder), taken, down)


def _taken(snapshot: Snapshot, folder: str, pattern: str) -> tuple[Item, ...] | None:
    """What wrangler takes for migrations, named from the folder; None for a pattern unread."""
    if pattern == f"*{SUFFIX}":
        return tuple(each for each in held(snapshot, folder) if each.name.endswith(SUFFIX))
    matches = glob(pattern)
    if matches is None or not pattern:
        return None
    start = len(folder) + 1 if folder else 0
    paths = snapshot.below(folder) if folder else snapshot.entries
    return tuple(
        Item(path[start:], path, Sort.FILE if snapshot.entries[path].is_file else Sort.LINK)
        for path in paths
        if matches(path[start:])
    )


def _filled(snapshot: Snapshot, made: Chain, taken: Sequence[Item], down: str | None) -> Chain:
    both = ways_back.sides(taken)
    ordered = sorted(both.forward, key=lambda item: by_number(item.name))
    misplaced = tuple(_misplaced(both.back))
    named = replace(made, faults=(*_settled(ordered), *misplaced, *_quoted(ordered)))
    forward = [each for each in ordered if each.sort is not Sort.FOLDER]
    there = ways_back.backs(snapshot, (each.name for each in forward), made.folder, down)
    nested = [each for each in forward if "/" in each.name] if down is None else []
    backs = there.over({**both.back, **ways_back.beside(snapshot, nested).by_name})
    return sequence(snapshot, named, forward, backs, read)


def read(snapshot: Snapshot, script: Script) -> tuple[Script, tuple[Fault, ...]]:
    """What wrangler makes of a script, and what it refuses or breaks in it."""
    return replace(script, text=executed(script.text)), text_faults(snapshot, script)


def _misplaced(back: Mapping[str, Item]) -> Iterator[Fault]:
    for name, item in sorted(back.items()):
        comes = "before" if by_number(item.name) < by_number(name) else "after"
        yield Fault(
            FaultKind.DOWN_RUNS_FORWARD,
            item.path,
            1,
            f"{item.path} takes {name} back, and stands where wrangler runs it forward, {comes} "
            f"{name}.",
            "Move it to a folder of its own, such as `down`, where wrangler does not look.",
        )


def _quoted(ordered: Sequence[Item]) -> Iterator[Fault]:
    for item in ordered:
        if "'" in item.name:
            says = (
                f"{item.path} has a `'` in its name, which wrangler 4.86 writes into SQL as it is."
            )
            mend = "Rename it before it is applied anywhere."
            yield Fault(FaultKind.REFUSED_TEXT, item.path, 1, says, mend)


def _settled(ordered: Sequence[Item]) -> Iterator[Fault]:
    """What versions of wrangler take differently, or at another place."""
    numbered = [code_units(each.name) for each in ordered if leading_number(each.name) is not None]
    last = max(numbered, default=b"")
    for item in ordered:
        why = _unsettled(item, last)
        if why:
            mend = "Make it an ordinary file whose name begins with the next free number."
            yield Fault(FaultKind.UNSETTLED, item.path, 1, f"{item.path} {why}.", mend)


def _unsettled(item: Item, last: bytes) -> str:
    """Completes "PATH …"; `last` is the last of the numbered names in alphabetical order."""
    if item.sort is not Sort.FILE:
        return _NO_FILE[item.sort]
    if item.name.startswith("."):
        return "is hidden: wrangler 4.86 runs it and wrangler 4.164 passes over it"
    if item.name[:2].lower() == "0x":
        return "begins with what wrangler 4.86 reads as a hexadecimal number and 4.164 as 0"
    if leading_number(item.name) is None and code_units(item.name) < last:
        return "has no number: wrangler 4.86 runs it before others that have, 4.164 after them"
    return ""


_NO_FILE = {
    Sort.FOLDER: "is a folder, at which wrangler 4.86 stops and which wrangler 4.164 passes over",
    Sort.LINK: "is a link, which wrangler 4.86 runs and wrangler 4.164 passes over",
    Sort.SUBMODULE: "is a submodule, of whose content nothing is known here",
}
