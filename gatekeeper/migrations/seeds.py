"""Rows that a migration adds to tables that were there, and how they are taken out again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gatekeeper.migrations.contents import exact, exact_row
from gatekeeper.migrations.course import Standing
from gatekeeper.migrations.engine import Row, Value
from gatekeeper.migrations.moments import is_of_the_moment
from gatekeeper.migrations.observing import Seen
from gatekeeper.migrations.remaking import children_first
from gatekeeper.migrations.schema import Schema, quoted


def unseeded(seen: Seen) -> Iterator[str]:
    """A DELETE for each row that the migration adds whatever rows there are.

    What a database without rows of a project holds, migrations have put there. A row is known by
    its values, but for those of the moment and those that come out otherwise each time.
    """
    again = dict(_added(seen.before, seen.after))
    found = dict(_added(seen.empty_before, seen.empty_after))
    for table in children_first(seen.before.schema, tuple(found)):
        rows = found[table]
        columns = seen.empty_after.contents.tables[table].columns
        others = [
            frozenset(map(exact, values)) for values in zip(*again.get(table, ()), strict=True)
        ]
        for row in rows:
            where = {
                name: row[place]
                for place, name in enumerate(columns)
                if not is_of_the_moment(row[place])
                and (not others or exact(row[place]) in others[place])
            }
            if where:
                yield _deleted(table, where, _unused(seen.before.schema, table))


def _added(before: Standing, after: Standing) -> Iterator[tuple[str, tuple[Row, ...]]]:
    """The rows of each table that was there which were not; one with its key was, if altered."""
    for name, table in after.contents.tables.items():
        old = before.contents.tables.get(name)
        if old is not None and old.columns == table.columns:
            known = old.keyed() if old.key == table.key else ()
            there = {exact_row(row) for row in old.rows}
            new = (row for key, row in table.keyed().items() if key not in known)
            yield name, tuple(row for row in new if exact_row(row) not in there)


def _unused(schema: Schema, name: str) -> Iterator[str]:
    """That no row refers to one of a table: such a one stays, with what was written since."""
    key = [each.name for each in schema.tables[name].key]
    for child, table in schema.tables.items():
        for link in sorted(table.foreign_keys, key=lambda each: each.columns):
            to = link.to or key
            if link.table.lower() == name.lower() != child.lower() and len(to) == len(link.columns):
                pairs = zip(map(quoted, link.columns), map(quoted, to), strict=True)
                same = " AND ".join(
                    f"{quoted(child)}.{here} = {quoted(name)}.{there}" for here, there in pairs
                )
                words = ("SELECT 1 FROM", quoted(child), "WHERE", same)
                yield f"NOT EXISTS ({' '.join(words)})"


def _deleted(table: str, row: Mapping[str, Value], also: Iterator[str]) -> str:
    values = (f"{quoted(name)} IS {literal(value)}" for name, value in row.items())
    where = " AND ".join((*values, *also))
    return " ".join(("DELETE FROM", quoted(table), "WHERE", where)) + ";"


def literal(value: Value) -> str:
    """A value as SQL reads it."""
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)
