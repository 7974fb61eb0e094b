"""Findings about what a change does to migrations that are applied already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper import (
    Change,
    Difference,
    Evidence,
    Excerpt,
    Finding,
    Objects,
    Side,
    Snapshot,
    Trail,
    Unreadable,
)
from gatekeeper.migrations.migration import Chain
from gatekeeper_rules.migrations._ledger_names import Reckoning, Standing, by_number

_SHOWN = 300
_NAMED = 20
_AGAIN = "and make the change in a new migration behind all others"


def rewrites(change: Change, after: Chain, reckoning: Reckoning) -> Iterator[Finding]:
    """Each applied migration that is not what, or where, it was."""
    for old, new in reckoning.kept:
        if old.content != new.content:
            yield _edited(change, old, new)
    for old, new in reckoning.moved:
        yield _renamed(change, old, new)
    for old, new in reckoning.replaced:
        yield _replaced(change, old, new)
    hidden = [each for each in reckoning.gone if _is_there(change, each)]
    for each in reckoning.gone:
        if each not in hidden:
            yield removed(change, each)
    if hidden:
        yield _unseen(change, after, hidden)


def additions(change: Change, reckoning: Reckoning, after: Sequence[Standing]) -> Iterator[Finding]:
    """Each new migration that comes before one that is applied, or has the number of another."""
    twice = {
        each.migration.name: same[0] if same[0] is not each else same[1]
        for same in by_number(after).values()
        for each in _later(same, reckoning.new)
    }
    applied = [new for _, new in (*reckoning.kept, *reckoning.moved)]
    last = max((each.place for each in applied), default=-1)
    for each in reckoning.new:
        other = twice.get(each.migration.name)
        if other is not None:
            yield _same_number(change.head, each, other)
        elif each.place < last:
            yield _inserted(change.head, each, after[last])


def _later(same: Sequence[Standing], new: Sequence[Standing]) -> Sequence[Standing]:
    """The new ones among those with one number, but for the first where all are new."""
    fresh = [each for each in same if each in new]
    return fresh[1:] if len(fresh) == len(same) else fresh


def _edited(change: Change, old: Standing, new: Standing) -> Finding:
    name, path = new.migration.name, new.migration.up.path
    line, excerpt = _first_difference(change, old, new)
    return Finding(
        f"{name} is applied already and says something else now: no database that has it "
        "runs it again",
        Side.HEAD,
        path,
        (_objects(change, old, new), *excerpt),
        f"Put it back as the base has it, {_AGAIN}.",
        line=line,
        quoted=f"edited {name} {_identity(change.head, new)}",
    )


def _renamed(change: Change, old: Standing, new: Standing) -> Finding:
    was, name = old.migration, new.migration
    what = "renamed" if was.number == name.number else "renumbered"
    return Finding(
        f"{was.name} is applied already and is {what} {name.name}, which its runner does not "
        "know and runs again",
        Side.HEAD,
        name.up.path,
        (Difference("name of the migration", was.name, name.name), _objects(change, old, new)),
        f"Give it its old name, {was.name}.",
        line=1,
        quoted=f"{what} {was.name} {name.name}",
    )


def _replaced(change: Change, old: Standing, new: Standing) -> Finding:
    was, name = old.migration.name, new.migration.name
    return Finding(
        f"{was} is applied already and is gone; {name} stands under its number and says "
        "something else",
        Side.HEAD,
        new.migration.up.path,
        (Difference("name of the migration", was, name), _objects(change, old, new)),
        f"Put {was} back as the base has it, {_AGAIN}.",
        line=1,
        quoted=f"replaced {was} {name} {_identity(change.head, new)}",
    )


def removed(change: Change, old: Standing) -> Finding:
    """An applied migration that the head does not have."""
    name = old.migration.name
    return Finding(
        f"{name} is applied already and is gone: a new database is built without it",
        Side.BASE,
        old.migration.up.path,
        (_objects(change, old, None),),
        f"Put it back as the base has it, {_AGAIN}.",
        line=old.migration.up.line,
        quoted=f"removed {name}",
    )


def _unseen(change: Change, after: Chain, hidden: Sequence[Standing]) -> Finding:
    names = tuple(each.migration.name for each in hidden)
    side, path, line = place_of(change, after, hidden[0])
    return Finding(
        f"{after.runner.value} does not run {_listed(names)} any more, though the files are there",
        side,
        path,
        (Trail(tuple(f"{each.migration.up.path}:1" for each in hidden[:_NAMED])),),
        "Have the configuration name the folder and the files that it named before.",
        line=line,
        quoted=f"unseen {' '.join(names)}",
    )


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{names[0]} and {len(names) - 1} more that are applied"


def _same_number(head: Snapshot, new: Standing, other: Standing) -> Finding:
    name, number = new.migration.name, new.migration.number
    return Finding(
        f"{name} has the number {number} of {other.migration.name}: in which order they run is "
        "an accident of their names",
        Side.HEAD,
        new.migration.up.path,
        (_order(sorted((new, other), key=lambda each: each.place)), *_begin(head, new)),
        "Give it the next free number.",
        line=1,
        quoted=f"number {number} {name} {other.migration.name}",
    )


def _inserted(head: Snapshot, new: Standing, last: Standing) -> Finding:
    name = new.migration.name
    return Finding(
        f"{name} comes before {last.migration.name}, which is applied already: a database that "
        "has that one is not built in the order of a new one",
        Side.HEAD,
        new.migration.up.path,
        (_order((new, last)), *_begin(head, new)),
        "Give it a number behind all that are applied.",
        line=1,
        quoted=f"inserted {name}",
    )


def _order(ordered: Sequence[Standing]) -> Trail:
    """The places of migrations in the order in which they run."""
    steps = (f"{each.migration.up.path}:{each.migration.up.line}  run as number {each.place + 1}"
             for each in ordered)  # fmt: skip
    return Trail(tuple(steps))


def _begin(head: Snapshot, new: Standing) -> tuple[Excerpt, ...]:
    return _excerpt(head, new.migration.up.path, 1)


def _first_difference(
    change: Change, old: Standing, new: Standing
) -> tuple[int | None, tuple[Evidence, ...]]:
    """The first line of the head that the base has not; the one behind what was taken out."""
    was, path = old.migration.up.path, new.migration.up.path
    try:
        lines = change.differ(change.base.read(was), change.head.read(path))
    except (KeyError, Unreadable):
        return None, ()
    line = min(lines.added or lines.removed, default=1)
    length = change.head.read(path).count(b"\n") + 1
    return min(line, length), _excerpt(change.head, path, min(line, length))


def _excerpt(snapshot: Snapshot, path: str, line: int) -> tuple[Excerpt, ...]:
    try:
        lines = snapshot.read(path).split(b"\n")
    except (KeyError, Unreadable):
        return ()
    shown = lines[line - 1] if line <= len(lines) else b""
    text = shown.decode("utf-8", "replace")[:_SHOWN]
    return (Excerpt(line, text),) if text.strip() else ()


def _objects(change: Change, old: Standing | None, new: Standing | None) -> Objects:
    before = _object(change.base, old) if old else None
    return Objects(before, _object(change.head, new) if new else None)


def _object(snapshot: Snapshot, standing: Standing) -> str | None:
    entry = snapshot.entries.get(standing.migration.up.path)
    return f"{entry.mode} {entry.oid}" if entry else None


def _identity(snapshot: Snapshot, standing: Standing) -> str:
    """What the migration says now, so that a waiver for one edit lets no other edit pass."""
    return _object(snapshot, standing) or standing.content[0]


def _is_there(change: Change, old: Standing) -> bool:
    path = old.migration.up.path
    return change.head.entries.get(path) == change.base.entries.get(path)


def place_of(change: Change, chain: Chain, other: Standing) -> tuple[Side, str, int]:
    """Where the configuration names a chain; where nothing does, a migration of the base."""
    path, colon, line = chain.source.rpartition(":")
    if colon and path in change.head and line.isdigit():
        return Side.HEAD, path, int(line)
    return Side.BASE, other.migration.up.path, other.migration.up.line
