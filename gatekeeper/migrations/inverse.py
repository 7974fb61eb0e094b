"""The way back of a migration, written from the schemas and rows that it was seen to make."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence

from gatekeeper.migrations.backups import Backup, cleared, returned
from gatekeeper.migrations.carriers import Place, nearest
from gatekeeper.migrations.contents import exact_row
from gatekeeper.migrations.observing import Seen
from gatekeeper.migrations.rebuilding import rebuilt, refilled
from gatekeeper.migrations.remaking import children_first, dependents, mentions
from gatekeeper.migrations.schema import Column, Schema, Table, quoted
from gatekeeper.migrations.schema_difference import differences
from gatekeeper.migrations.seeds import unseeded


def inverses(seen: Seen, kept: Sequence[Backup] = ()) -> Iterator[str]:
    """Scripts that may undo it, the shortest first; each is to be proven before it is believed.

    `kept` are the backup tables that up begins with, which are dropped at the end.
    """
    copies = {name for each in kept for name in each.names}
    found = [_Tables(seen, copies, _same_rows), _Tables(seen, copies, _same_places)]
    if found[0].renamed == found[1].renamed:
        found.pop()
    yield from dict.fromkeys(script for tables in found for script in _scripts(tables, seen, kept))


def _scripts(tables: _Tables, seen: Seen, kept: Sequence[Backup]) -> Iterator[str]:
    everything = frozenset((*tables.changed, *dependents(seen.after.schema, tables.changed)))
    yield _script(tables, seen, kept, frozenset())
    yield _script(tables, seen, kept, frozenset(tables.changed))
    yield _script(tables, seen, kept, everything & frozenset(seen.before.schema.tables))


_Alike = Callable[[Seen, str, str], bool]


class _Tables:
    """Which tables are new, gone, renamed or changed; `alike` says which two are one."""

    def __init__(self, seen: Seen, copies: Container[str], alike: _Alike) -> None:
        before, after = seen.before.schema.tables, seen.after.schema.tables
        gone = [name for name in before if name not in after]
        new = [name for name in after if name not in before and name not in copies]
        self.renamed: dict[str, str] = {}
        for old in gone:
            columns = set(before[old].stored)
            free = [name for name in new if name not in self.renamed.values()]
            alikes = [name for name in free if alike(seen, old, name)]
            if alikes:
                most = max(alikes, key=lambda name: len(columns & set(after[name].stored)))
                self.renamed[old] = most
        self.gone = [name for name in gone if name not in self.renamed]
        self.new = [name for name in new if name not in self.renamed.values()]
        told = {each.table for each in differences(seen.before.schema, seen.after.schema)}
        self.changed = [
            name
            for name in before
            if name in after
            and name in told
            and _definition(before[name]) != _definition(after[name])
        ]


def _definition(table: Table) -> object:
    """What of a table is in its CREATE TABLE."""
    about = (table.uniques, table.foreign_keys, table.checks, table.rest, table.autoincrement)
    return (table.columns, table.strict, table.without_rowid, table.virtual, *about)


def _same_rows(seen: Seen, old: str, new: str) -> bool:
    was, now = seen.before.contents.tables.get(old), seen.after.contents.tables.get(new)
    if was is None or now is None or was.columns != now.columns:
        return False
    tables = seen.before.schema.tables[old], seen.after.schema.tables[new]
    if _definition(tables[0]) != _definition(tables[1]):
        return False
    return {exact_row(row) for row in was.rows} <= {exact_row(row) for row in now.rows}


def _same_places(seen: Seen, old: str, new: str) -> bool:
    """Whether the rows stand in columns of the same kinds, whatever these are called."""
    was, now = seen.before.contents.tables.get(old), seen.after.contents.tables.get(new)
    if was is None or now is None or not was.rows:
        return False
    kinds = [
        [(each.type, each.required, each.key, each.hidden) for each in table.columns]
        for table in (seen.before.schema.tables[old], seen.after.schema.tables[new])
    ]
    same = kinds[0] == kinds[1]
    return same and {exact_row(row) for row in was.rows} <= {exact_row(row) for row in now.rows}


def _named_back(seen: Seen, old: str, new: str) -> Iterator[str]:
    """The statements that give a table and its columns their old names."""
    yield f"ALTER TABLE {quoted(new)} RENAME TO {quoted(old)};"
    tables = seen.before.schema.tables[old], seen.after.schema.tables[new]
    for was, now in zip(tables[0].columns, tables[1].columns, strict=True):
        if was.name != now.name:
            yield _alter(old, f"RENAME COLUMN {quoted(now.name)} TO {quoted(was.name)}")


def _script(tables: _Tables, seen: Seen, kept: Sequence[Backup], remake: frozenset[str]) -> str:
    before, after = seen.before.schema, seen.after.schema
    touched = (*tables.changed, *remake, *tables.new, *tables.renamed.values(), *tables.gone)
    lines = list(_dropped_objects(before, after, touched))
    lines += cleared(kept, after.tables)
    for old, new in tables.renamed.items():
        lines += _named_back(seen, old, new)
    again = [name for name in tables.gone if not before.tables[name].virtual]
    lines += [f"{before.tables[name].sql};" for name in tables.gone]
    remade = [name for name in tables.changed if name in remake or not _is_simple(seen, name)]
    remade += sorted(remake - set(tables.changed))
    for name in tables.changed:
        if name not in remade:
            lines += _altered(before.tables[name], after.tables[name], seen)
    if _refer(before, remade, again):
        lines.insert(0, "PRAGMA defer_foreign_keys = ON;")
    lines += rebuilt(seen, remade, kept)
    parents_first = reversed(children_first(before, again))
    lines += [refilled(seen, before.tables[name], kept) for name in parents_first]
    lines += [f"DROP TABLE {quoted(name)};" for name in children_first(after, tables.new)]
    lines += unseeded(seen)
    lines += returned(kept, after.tables)
    lines += [f"DROP TABLE {quoted(name)};" for each in kept for name in each.names]
    lines += _made_again(before, after, touched)
    return "\n".join([line for line in lines if line] or [_NOTHING]) + "\n"


def _refer(schema: Schema, names: Sequence[str], others: Sequence[str]) -> bool:
    """Whether one of some tables refers to one of others, whose rows come back later."""
    lower = {name.lower() for name in others}
    keys = (key for name in names for key in schema.tables[name].foreign_keys)
    return any(key.table.lower() in lower for key in keys)


_NOTHING = "SELECT 'there is nothing to take back';"


def _dropped_objects(before: Schema, after: Schema, touched: Sequence[str]) -> Iterator[str]:
    """Triggers, views and indexes that were not there, or that stand in the way."""
    for word, was, now in (
        ("TRIGGER", before.triggers, after.triggers),
        ("VIEW", before.views, after.views),
    ):
        for name in now:
            if was.get(name) != now[name] or mentions(after.texts[name], touched):
                yield f"DROP {word} {quoted(name)};"
    for name, index in after.indexes.items():
        if before.indexes.get(name) != index:
            yield f"DROP INDEX {quoted(name)};"


def _made_again(before: Schema, after: Schema, touched: Sequence[str]) -> Iterator[str]:
    """What must be there again: indexes, views and triggers, in the order that they need."""
    for name, index in before.indexes.items():
        if after.indexes.get(name) != index:
            yield f"{before.texts[name]};"
        elif index.table in touched:
            yield f"{_if_missing(before.texts[name])};"
    for was, now in ((before.views, after.views), (before.triggers, after.triggers)):
        for name in was:
            if was[name] != now.get(name) or mentions(before.texts[name], touched):
                yield f"{before.texts[name]};"


def _if_missing(sql: str) -> str:
    """A CREATE INDEX for a table that may have been made anew, and may have kept it."""
    head, _, rest = sql.partition("INDEX")
    return sql if not rest or " IF NOT " in rest else f"{head}INDEX IF NOT EXISTS{rest}"


def _is_simple(seen: Seen, name: str) -> bool:
    """Whether the table comes back by renaming columns and dropping the new ones."""
    was, now = seen.before.schema.tables[name], seen.after.schema.tables[name]
    return not was.virtual and all(
        _renamed_column(seen, was, now, column) is not None
        for column in was.columns
        if column.name not in {each.name for each in now.columns}
    )


def _altered(was: Table, now: Table, seen: Seen) -> Iterator[str]:
    """The statements that take a changed table back column by column."""
    there = {column.name for column in was.columns}
    taken = set[str]()
    for column in was.columns:
        if column.name not in {each.name for each in now.columns}:
            found = _renamed_column(seen, was, now, column)
            if found is not None:
                taken.add(found)
                yield _alter(was.name, f"RENAME COLUMN {quoted(found)} TO {quoted(column.name)}")
    for column in reversed(now.columns):
        if column.name not in there | taken:
            yield _alter(was.name, f"DROP COLUMN {quoted(column.name)}")


def _alter(table: str, what: str) -> str:
    return f"ALTER TABLE {quoted(table)} {what};"


def _renamed_column(seen: Seen, was: Table, now: Table, column: Column) -> str | None:
    """The new name of a column that only got another one."""
    there = {each.name for each in was.columns}
    contents = seen.before.contents.tables.get(was.name)
    held = nearest(contents, column.name, seen.after.contents) if contents else None
    for each in now.columns:
        alike = (each.type, each.required, each.key) == (column.type, column.required, column.key)
        if each.name not in there and alike and held in (Place(now.name, each.name), None):
            return each.name
    return None
