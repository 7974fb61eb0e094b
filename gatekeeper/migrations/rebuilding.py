"""Tables made anew as they were before a migration, their rows taken from where they are now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.migrations.affinity import Affinity, affinity
from gatekeeper.migrations.carriers import carrier
from gatekeeper.migrations.contents import TableContents, exact_row
from gatekeeper.migrations.course import Standing
from gatekeeper.migrations.remaking import copied, dependents, put_back, renamed, set_aside
from gatekeeper.migrations.schema import Schema, Table, quoted
from gatekeeper.value import dataclass, replace

_PLAINEST = {
    Affinity.TEXT: "''",
    Affinity.BLOB: "x''",
    Affinity.INTEGER: "0",
    Affinity.REAL: "0.0",
    Affinity.NUMERIC: "0",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a migration was seen to do: to an empty database, and to one with rows."""

    empty_before: Standing
    empty_after: Standing
    before: Standing
    after: Standing


def rebuilt(seen: Seen, names: Sequence[str]) -> Iterator[str]:
    """Tables made anew as they were, with the rows of those that refer to them kept aside."""
    if not names:
        return
    before, after = seen.before.schema, seen.after.schema
    there = [name for name in names if name in after.tables]
    referring = [each for each in dependents(after, there) if each in before.tables]
    aside = [name for name in referring if name not in there]
    kept = Schema(
        {name: before.tables[name] for name in aside},
        before.indexes,
        before.triggers,
        before.views,
        before.texts,
    )
    yield from set_aside(kept, aside)
    for name in there:
        was = before.tables[name]
        fresh = f"_back_{name}"
        yield f"{renamed(was.sql, fresh)};"
        sources = _sources(seen, was, name)
        yield copied(replace(was, name=fresh), name, sources)
    for name in children_first(after, there):
        yield f"DROP TABLE {quoted(name)};"
    for name in there:
        yield f"ALTER TABLE {quoted(f'_back_{name}')} RENAME TO {quoted(name)};"
    yield from put_back(kept, aside)


def _sources(seen: Seen, was: Table, name: str) -> Mapping[str, str]:
    """For each column what it is taken from: itself, its new name, or where its values went."""
    now = seen.after.schema.tables[name]
    contents = seen.before.contents.tables.get(name)
    found: dict[str, str] = {}
    for column in was.stored:
        if column in now.stored:
            found[column] = quoted(column)
            continue
        held = carrier(contents, column, seen.after.contents) if contents else None
        if held is None:
            continue
        if held.table == name:
            found[column] = quoted(held.column)
        else:
            fetched = _fetched(was, held.table, held.column, name, seen)
            found[column] = _never_null(was, column, fetched)
    return found


def _never_null(was: Table, name: str, value: str) -> str:
    """A value for rows that were written since, which nobody gave one: the plainest there is."""
    column = next(each for each in was.columns if each.name == name)
    if not column.required:
        return value
    return f"COALESCE({value}, {_PLAINEST[affinity(column.type)]})"


def _fetched(was: Table, table: str, column: str, into: str, seen: Seen) -> str:
    """A subquery for the value that another table holds beside the key of the row."""
    pairs = _key_pairs(was, seen.after.contents.tables[table], seen)
    where = " AND ".join(
        f"{quoted(table)}.{quoted(there)} IS {quoted(into)}.{quoted(here)}" for here, there in pairs
    )
    words = ("SELECT", quoted(column), "FROM", quoted(table), "WHERE", where or "1")
    return f"({' '.join(words)})"


def _key_pairs(was: Table, held: TableContents, seen: Seen) -> Sequence[tuple[str, str]]:
    """For each column of a key the column of another table that holds its values."""
    contents = seen.before.contents.tables[was.name]
    pairs = []
    for key in was.key:
        wanted = {exact_row((value,)) for value in contents.values(key.name)}
        for column in held.columns:
            if wanted <= {exact_row((value,)) for value in held.values(column)}:
                pairs.append((key.name, column))
                break
    return pairs


def refilled(seen: Seen, table: Table) -> str:
    """The rows of a dropped table from where they went, where one table holds all its columns."""
    contents = seen.before.contents.tables.get(table.name)
    if contents is None or not contents.rows:
        return ""
    found = ((name, carrier(contents, name, seen.after.contents)) for name in table.stored)
    places = {name: place for name, place in found if place is not None}
    holders = {place.table for place in places.values()}
    if len(holders) != 1 or len(places) != len(table.stored):
        return ""
    sources = {name: quoted(place.column) for name, place in places.items()}
    return copied(table, holders.pop(), sources)


def children_first(schema: Schema, names: Sequence[str]) -> Sequence[str]:
    """Tables in an order in which each can be dropped: those that refer to others first."""
    left = [name for name in names if name in schema.tables]
    done: list[str] = []
    while left:
        free = [
            name
            for name in left
            if not any(
                key.table.lower() == name.lower()
                for other in left
                if other != name
                for key in schema.tables[other].foreign_keys
            )
        ] or left[:1]
        done += free
        left = [name for name in left if name not in free]
    return done
