"""Which tables a migration is about, and which of them anybody writes to afterwards."""

from __future__ import annotations

from gatekeeper.migrations.course import Course
from gatekeeper.migrations.lexemes import lexemes
from gatekeeper.migrations.migration import Migration
from gatekeeper.migrations.schema import ForeignKey, Schema
from gatekeeper.value import replace


def concerned_by(migration: Migration, schema: Schema) -> frozenset[str]:
    """The tables that the migration names, and those that refer to them or are referred to."""
    ways = (migration.up, migration.down)
    text = "\n".join(each.text for each in ways if each is not None)
    named = {each.value.lower() for each in lexemes(text)}
    near = {key.table.lower() for name in named for key in _links(schema, name)}
    return frozenset(
        name
        for name, table in schema.tables.items()
        if name.lower() in named | near
        or any(key.table.lower() in named for key in table.foreign_keys)
    )


def _links(schema: Schema, name: str) -> frozenset[ForeignKey]:
    """What a table refers to; nothing where there is no such table."""
    found = (table for each, table in schema.tables.items() if each.lower() == name)
    return next((table.foreign_keys for table in found), frozenset())


def written_to(course: Course) -> Schema:
    """The schema after up, without the tables that only keep what up has put there.

    A new table without a key that is full at once, or that `gatekeeper rollback` has named, is a
    backup, which nobody writes to.
    """
    assert course.after is not None
    schema, contents = course.after.schema, course.after.contents.tables
    kept = {
        name: table
        for name, table in schema.tables.items()
        if table.key
        or name in course.before.schema.tables
        or not (contents[name].rows or name.startswith("_before_"))
    }
    return replace(schema, tables=kept)
