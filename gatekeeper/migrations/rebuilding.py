"""Tables made anew as they were before a migration, their rows taken from where they are now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.migrations import backups
from gatekeeper.migrations.affinity import Affinity, affinity
from gatekeeper.migrations.arranging import rowid_of
from gatekeeper.migrations.backups import Backup
from gatekeeper.migrations.carriers import carriers, each_alone, nearest
from gatekeeper.migrations.checks import candidates
from gatekeeper.migrations.contents import TableContents, exact_row
from gatekeeper.migrations.fitting import as_sql
from gatekeeper.migrations.observing import Seen
from gatekeeper.migrations.remaking import (
    children_first,
    copied,
    dependents,
    put_back,
    renamed,
    set_aside,
)
from gatekeeper.migrations.schema import Column, Schema, Table, quoted
from gatekeeper.migrations.seeds import literal
from gatekeeper.value import replace

_PLAINEST = {
    Affinity.TEXT: "''",
    Affinity.BLOB: "x''",
    Affinity.INTEGER: "0",
    Affinity.REAL: "0.0",
    Affinity.NUMERIC: "0",
}


def plainest(table: Table, column: Column) -> str:
    """The plainest value that a column takes, as SQL: one that its checks name, else nothing."""
    taken = candidates(table.checks, column.name)
    return literal(taken[0]) if taken else _PLAINEST[affinity(column.type)]


def rebuilt(seen: Seen, names: Sequence[str], kept: Sequence[Backup] = ()) -> Iterator[str]:
    """Tables made anew as they were, with the rows of those that refer to them kept aside."""
    before, after = seen.before.schema, seen.after.schema
    there = [name for name in names if name in after.tables]
    referring = [each for each in dependents(after, there) if each in before.tables]
    others = [name for name in referring if name not in there]
    if _are_tied(before, there) or _are_tied(after, there):
        yield from _apart(seen, there, others, kept)
        return
    yield from set_aside(before, others)
    for name in there:
        was = before.tables[name]
        fresh = f"_back_{name}"
        yield f"{renamed(was.sql, fresh)};"
        yield copied(replace(was, name=fresh), name, _sources(seen, was, name, kept))
    for name in there:
        yield f"DROP TABLE {quoted(name)};"
    for name in there:
        yield f"ALTER TABLE {quoted(f'_back_{name}')} RENAME TO {quoted(name)};"
    yield from put_back(before, others)


def _are_tied(schema: Schema, names: Sequence[str]) -> bool:
    """Whether one of these tables refers to another."""
    lower = {name.lower() for name in names}
    return any(
        key.table.lower() in lower - {name.lower()}
        for name in names
        for key in schema.tables[name].foreign_keys
    )


def _apart(
    seen: Seen, there: Sequence[str], others: Sequence[str], kept: Sequence[Backup]
) -> Iterator[str]:
    """Tables that refer to each other: all rows aside, all tables gone, and then made anew."""
    before, after = seen.before.schema, seen.after.schema
    order = children_first(after, (*others, *there))
    sources = {name: _sources(seen, before.tables[name], name, kept) for name in there}
    yield from set_aside(before, order, sources)
    for name in order:
        if name in there:
            yield f"DROP TABLE {quoted(name)};"
    again = children_first(before, order)
    for name in reversed(again):
        if name in there:
            yield f"{before.tables[name].sql};"
    yield from put_back(before, again)


def _sources(seen: Seen, was: Table, name: str, kept: Sequence[Backup]) -> Mapping[str, str]:
    """For each column what it is taken from: itself, its new name, or where its values went."""
    now = {each.name: each for each in seen.after.schema.tables[name].columns if each.is_stored}
    found: dict[str, str] = {}
    for column in (each for each in was.columns if each.is_stored):
        source = (
            _now(was, seen.after.schema.tables[name], column, kept)
            if column.name in now
            else _elsewhere(seen, was, column, kept)
        )
        sure = column.name in now and now[column.name].required
        found[column.name] = source if source and sure else _never_null(seen, was, column, source)
    return {name: source for name, source in found.items() if source}


def _now(was: Table, now: Table, column: Column, kept: Sequence[Backup]) -> str:
    """What a column holds now: as it was before, and as its checks of that time allow."""
    source = quoted(column.name)
    names = {each.name.lower(): each.name for each in was.columns}
    checks = [
        f"({as_sql(check, names)})"
        for check in sorted(was.checks - now.checks)
        if {value for kind, value in check if kind == "name"} & names.keys()
        == {column.name.lower()}
    ]
    backup = next((each for each in kept if each.table.name == was.name), None)
    old = "" if backup is None or column.name not in backup.changed else backup.value(column.name)
    choices = [f"WHEN {backup.known} THEN {old}"] if backup is not None and old else []
    if checks and not column.key:
        choices.append(f"WHEN NOT ({' AND '.join(checks)}) THEN {plainest(was, column)}")
    return f"CASE {' '.join(choices)} ELSE {source} END" if choices else source


def _elsewhere(seen: Seen, was: Table, column: Column, kept: Sequence[Backup]) -> str | None:
    """Where the values of a column that is gone stand now."""
    backup = next((each for each in kept if each.table.name == was.name), None)
    if backup is not None and was.key and column.name in backup.columns:
        return backup.value(column.name)
    contents = seen.before.contents.tables.get(was.name)
    held = nearest(contents, column.name, seen.after.contents) if contents else None
    if held is None:
        return None
    if held.table == was.name:
        return quoted(held.column)
    return _fetched(was, held.table, held.column, was.name, seen)


def _never_null(seen: Seen, was: Table, column: Column, value: str | None) -> str:
    """A value for rows that were written since, which nobody gave one: the plainest there is.

    Nobody can say which parent such a row would have: there the way back refuses aloud. Where no
    two rows may have the same, it is the row's own key.
    """
    tied = {name.lower() for key in was.foreign_keys for name in key.columns}
    if not column.required or column.name.lower() in tied or rowid_of(was) is column:
        return value or ""
    indexes = (each for each in seen.before.schema.indexes.values() if each.table == was.name)
    unique = (each for each in (*was.uniques, *indexes) if each.unique)
    plain = plainest(was, column)
    if any(column.name in {name for name, _, _ in each.columns} for each in unique):
        own = [each.name for each in was.key]
        plain = quoted(own[0]) if len(own) == 1 and own[0] != column.name else "rowid"
    return f"COALESCE({value}, {plain})" if value else plain


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


def refilled(seen: Seen, table: Table, kept: Sequence[Backup]) -> str:
    """The rows of a dropped table from its backup, or from the one table with all its columns."""
    backup = next((each for each in kept if each.table.name == table.name), None)
    if backup is not None and backup.whole:
        return backups.refilled(backup)
    contents = seen.before.contents.tables.get(table.name)
    if contents is None or not contents.rows:
        return ""
    for alone in each_alone(seen.after.contents):
        places = carriers(contents, alone)
        if set(table.stored) <= places.keys():
            sources = {name: quoted(places[name].column) for name in table.stored}
            return copied(table, next(iter(alone.tables)), sources)
    return ""
