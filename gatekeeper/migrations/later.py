"""What a way back does to rows that were written after the migration."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.migrations.contents import Exact, TableContents, exact
from gatekeeper.migrations.course import Course, Standing
from gatekeeper.migrations.migration import Migration, Script
from gatekeeper.migrations.proven import Failing, Rows, Trouble
from gatekeeper.migrations.rows import Filled


def later_losses(
    migration: Migration, script: Script, course: Course, wrote: Standing, back: Standing
) -> Iterator[Failing]:
    """Rows of tables that were there before, that were there after writing, and now are not.

    `wrote` is how all stood once new rows were written, `back` after the way back. A row is known
    by its key; of tables without one, or with another, nothing is said. What goes without new
    rows, or what a row that only the migration made refers to, is told of elsewhere.
    """
    for name, table in course.before.contents.tables.items():
        now, end = wrote.contents.tables.get(name), back.contents.tables.get(name)
        if now is None or end is None or not table.key or now.key != table.key != ():
            continue
        old = _keys(table)
        made = _keys(course.after.contents.tables[name]) - old if course.after else set()
        lost = (_keys(now) - made | old) - _keys(end)
        if course.back is not None and name in course.back.contents.tables:
            lost -= old - _keys(course.back.contents.tables[name])
        if lost:
            says = f"{len(lost)} rows of {name} that stood there before it are gone after it"
            yield Failing(
                Trouble.DOWN_LOSES_LATER,
                migration.name,
                script.path,
                script.line,
                f"once new rows were written, {says}",
                name,
                Rows.TYPED,
                len(lost),
            )


def unheeded(
    migration: Migration, course: Course, filled: Filled, wrote: Standing
) -> Iterator[Failing]:
    """Tables that were there before, and in which no row stands that was written afterwards.

    A trigger of the migration takes them without a word (`RAISE(IGNORE)`, a DELETE).
    """
    upped = course.after
    if upped is None or upped.schema.triggers == course.before.schema.triggers:
        return
    for name in course.before.contents.tables:
        was, now = upped.contents.tables.get(name), wrote.contents.tables.get(name)
        count = sum(each.table == name and not each.given for each in filled.inserts)
        if was is not None and now is not None and count and len(now.rows) <= len(was.rows):
            says = f"of {count} rows that were written to {name} afterwards none stands there"
            up = migration.up
            yield Failing(
                Trouble.ROWS_LOST, migration.name, up.path, up.line, says, name, Rows.TYPED, count
            )


def _keys(table: TableContents) -> set[tuple[Exact, ...]]:
    places = [table.columns.index(name) for name in table.key]
    return {tuple(exact(row[place]) for place in places) for row in table.rows}
