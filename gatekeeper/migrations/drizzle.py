"""drizzle: what `meta/_journal.json` lists, in its order.

After drizzle-orm 0.45 (github.com/drizzle-team/drizzle-orm, `migrator.ts` and the dialects):
an entry is applied where its time is later than that of the last one applied.
"""

from __future__ import annotations

import math
import posixpath
from collections.abc import Iterator

from gatekeeper.errors import Unreadable
from gatekeeper.migrations import ways_back
from gatekeeper.migrations.drizzle_text import with_breakpoints
from gatekeeper.migrations.migration import Chain, Dialect, Fault, FaultKind, Runner
from gatekeeper.migrations.scripts import unfit, unread
from gatekeeper.migrations.sequence import sequence
from gatekeeper.migrations.shelf import Item, Sort, joined
from gatekeeper.snapshot import Snapshot
from gatekeeper.source import jsonc
from gatekeeper.source.located import Array, Scalar, Table
from gatekeeper.value import dataclass, replace

JOURNAL = "meta/_journal.json"
LEDGER = "__drizzle_migrations"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the journal: the name of its file without `.sql`, its time, and its line."""

    tag: str
    when: float
    line: int


@dataclass(frozen=True, slots=True)
class Journal:
    """What a journal says; `dialect` is drizzle's word for the database."""

    dialect: str
    entries: tuple[Entry, ...]


def journal_of(snapshot: Snapshot, folder: str) -> Journal:
    """The journal of a folder; raises `Unreadable` for one that drizzle could not read."""
    path = joined(folder, JOURNAL)
    node = jsonc.parse(snapshot.read(path), path)
    entries = node.get("entries") if isinstance(node, Table) else None
    if not isinstance(node, Table) or not isinstance(entries, Array):
        raise Unreadable(path, "it holds no table with an array `entries`", 1)
    dialect = node.get("dialect")
    said = dialect.value if isinstance(dialect, Scalar) else ""
    return Journal(str(said), tuple(_entry(path, each) for each in entries.items))


def _entry(path: str, node: object) -> Entry:
    if isinstance(node, Table):
        tag, when = node.get("tag"), node.get("when")
        if isinstance(tag, Scalar) and isinstance(tag.value, str):
            time = _time(when.value) if isinstance(when, Scalar) else math.nan
            return Entry(tag.value, time, node.span.line)
    raise Unreadable(path, "an entry of it is no table with a string `tag`", 1)


def _time(value: object) -> float:
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return float(str(value)) if known else math.nan


def drizzle(
    snapshot: Snapshot, folder: str, down: str | None, dialect: Dialect, source: str
) -> Chain:
    """The chain of a folder with a journal; other scripts in the folder are faults."""
    path = joined(folder, JOURNAL)
    made = Chain(Runner.DRIZZLE, folder, dialect, (), ledger=LEDGER, source=source)
    try:
        journal = journal_of(snapshot, folder)
    except Unreadable as lost:
        return replace(made, faults=(unread(lost),))
    items = [
        Item(each.tag, posixpath.normpath(joined(folder, f"{each.tag}.sql")), Sort.FILE)
        for each in journal.entries
    ]
    there = [each for each in items if each.path in snapshot]
    both = ways_back.sides(ways_back.scripts_in(snapshot, folder))
    beside = {name.removesuffix(".sql"): item for name, item in both.back.items()}
    backs = ways_back.backs(snapshot, (each.name for each in there), folder, down)
    faults = (
        *_missing(path, journal, snapshot, items),
        *_unlisted(path, both.forward, items),
        *_times(path, journal),
    )
    whole = replace(made, faults=faults)
    return sequence(snapshot, whole, there, backs.over(beside), with_breakpoints)


def _missing(path: str, journal: Journal, snapshot: Snapshot, items: list[Item]) -> Iterator[Fault]:
    for entry, item in zip(journal.entries, items, strict=True):
        if item.path not in snapshot:
            yield unfit(path, f"lists {item.name}, of which there is no {item.path}", entry.line)


def _unlisted(path: str, scripts: tuple[Item, ...], items: list[Item]) -> Iterator[Fault]:
    listed = {each.path for each in items}
    for each in scripts:
        if each.path not in listed:
            yield Fault(
                FaultKind.UNPAIRED,
                each.path,
                1,
                f"{each.path} is not in {path}, so that drizzle never runs it.",
                "Have drizzle-kit generate it, or take the file away.",
            )


def _times(path: str, journal: Journal) -> Iterator[Fault]:
    """Entries that a database which has an earlier one passes over, and one number twice."""
    latest = -math.inf
    last = ""
    seen: set[str] = set()
    for entry in journal.entries:
        if entry.tag in seen:
            yield _fault(FaultKind.SAME_NUMBER, path, entry, f"lists {entry.tag} twice")
        elif not entry.when > latest:
            why = f"gives {entry.tag} no later time than {last}: a database that has {last}"
            yield _fault(FaultKind.UNSETTLED, path, entry, f"{why} passes over it")
        if entry.when > latest:
            latest, last = entry.when, entry.tag
        seen.add(entry.tag)


def _fault(kind: FaultKind, path: str, entry: Entry, why: str) -> Fault:
    mend = "Generate the migration again with drizzle-kit, on top of what is there."
    return Fault(kind, path, entry.line, f"{path} {why}.", mend)
