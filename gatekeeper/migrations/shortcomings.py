"""From the courses that were run to what is wrong with a migration; nothing is run here."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.migrations.contents import Contents, TableContents, exact
from gatekeeper.migrations.course import Course, Standing, newly_dangling
from gatekeeper.migrations.engine import Refusal
from gatekeeper.migrations.losses import Fate, Loss, losses
from gatekeeper.migrations.migration import Migration, Script
from gatekeeper.migrations.proven import Failing, Rows, Trouble
from gatekeeper.migrations.schema_difference import differences

_TROUBLES = {
    Fate.TABLE_GONE: Trouble.TABLE_LOST,
    Fate.COLUMN_GONE: Trouble.COLUMN_LOST,
    Fate.ROWS_GONE: Trouble.ROWS_LOST,
    Fate.VALUES_CHANGED: Trouble.VALUES_CHANGED,
    Fate.KEYS_CHANGED: Trouble.KEYS_CHANGED,
    Fate.IDS_GIVEN_AGAIN: Trouble.IDS_GIVEN_AGAIN,
}
_MOST_NAMED = 3


def failings_of(migration: Migration, course: Course, rows: Rows) -> Iterator[Failing]:
    """What one course shows; the first step that fails ends it, and an inconclusive one all."""
    if any(each is not None and each.is_inconclusive for each in (course.up, course.down)):
        return
    if course.up is not None:
        trouble = Trouble.FAILS_ON_EMPTY if rows is Rows.NONE else Trouble.FAILS_ON_ROWS
        yield refused(trouble, migration, migration.up, course.up, rows)
        return
    if course.after is None:
        return
    yield from _harm(migration, course.before, course.after, rows)
    if migration.down is None:
        return
    if course.down is not None:
        yield refused(Trouble.DOWN_FAILS, migration, migration.down, course.down, rows)
    elif course.back is not None:
        yield from _unrestored(migration, migration.down, course.before, course.back, rows)


def inconclusive(course: Course) -> str:
    """Why a course says nothing, in words; empty where it does say something."""
    for way, refusal in (("up", course.up), ("down", course.down)):
        if refusal is not None and refusal.is_inconclusive:
            at = f"line {refusal.line}: {refusal.reason.value}: {refusal.says}"
            return f"{way} could not be judged here: {at}"
    for when, stands in (("before", course.before), ("after up", course.after)):
        for table, why in stands.contents.unread.items() if stands else ():
            return f"what {table} holds {when} could not be compared: {why}"
    return ""


def refused(
    trouble: Trouble, migration: Migration, script: Script, refusal: Refusal, rows: Rows
) -> Failing:
    """A failing from what an engine refused."""
    return Failing(
        trouble,
        migration.name,
        refusal.path or script.path,
        max(refusal.line, script.line),
        f"{refusal.reason.value}: {refusal.says}",
        subject=refusal.reason.name,
        rows=rows,
    )


def _harm(migration: Migration, before: Standing, after: Standing, rows: Rows) -> Iterator[Failing]:
    """What the way up did to the rows."""
    script = migration.up
    dangling = newly_dangling(before, after)
    for table, parent in sorted(dangling, key=repr)[:1]:
        count = dangling[table, parent]
        says = f"{_rows(count)} of {table!s} refer to rows of {parent!s} that are not there"
        yield Failing(
            Trouble.DANGLING,
            migration.name,
            script.path,
            script.line,
            says,
            str(table),
            rows,
            count,
        )
    unfit = sorted((after.unfit - before.unfit) & before.schema.tables.keys())
    for says in (*after.unsound, *(f"a search in {name} does not find its rows" for name in unfit)):
        if says not in before.unsound:
            yield Failing(
                Trouble.CORRUPT, migration.name, script.path, script.line, says, says, rows
            )
    for loss in losses(before.contents, after.contents):
        if not loss.carried:
            yield _lost(migration, loss, rows)


def _lost(migration: Migration, loss: Loss, rows: Rows) -> Failing:
    subject = f"{loss.table}.{loss.column}" if loss.column else loss.table
    says = {
        Fate.TABLE_GONE: f"{loss.table} is dropped with {_rows(loss.count)}",
        Fate.COLUMN_GONE: f"{subject} is dropped with {loss.count} values",
        Fate.ROWS_GONE: f"{loss.count} of {loss.of} rows of {loss.table} are gone",
        Fate.VALUES_CHANGED: f"{loss.count} of {loss.of} values of {subject} have changed",
        Fate.KEYS_CHANGED: f"{loss.count} of {loss.of} rows of {loss.table} have another key",
        Fate.IDS_GIVEN_AGAIN: f"{loss.table} will give {loss.count} ids again that it gave before",
    }[loss.fate]
    script = migration.up
    return Failing(
        _TROUBLES[loss.fate],
        migration.name,
        script.path,
        script.line,
        says,
        subject,
        rows,
        loss.count,
    )


def _unrestored(
    migration: Migration, script: Script, before: Standing, back: Standing, rows: Rows
) -> Iterator[Failing]:
    """What the way back did not bring back."""
    told = [each for each in differences(before.schema, back.schema) if each.matters]
    if told:
        listed = "; ".join(map(str, told[:_MOST_NAMED]))
        more = f"; and {len(told) - _MOST_NAMED} more" if len(told) > _MOST_NAMED else ""
        says = f"after up and down, {listed}{more}"
        yield Failing(
            Trouble.SCHEMA_NOT_RESTORED,
            migration.name,
            script.path,
            script.line,
            says,
            told[0].what,
            rows,
            len(told),
        )
    gone = {each.table for each in told if each.what.startswith("table ")}
    for table, says, count in unlike(before.contents, back.contents):
        if table not in gone:
            yield Failing(
                Trouble.ROWS_NOT_RESTORED,
                migration.name,
                script.path,
                script.line,
                f"after up and down, {says}",
                table,
                rows,
                count,
            )


def unlike(before: Contents, now: Contents) -> Iterator[tuple[str, str, int]]:
    """Tables that do not hold the same rows: the table, what differs in words, and how many rows.

    Columns that only one side has are not looked at: that is for the schema.
    """
    for name, table in before.tables.items():
        other = now.tables.get(name)
        if other is None:
            if table.rows:
                yield name, f"{name} is gone with {_rows(len(table.rows))}", len(table.rows)
            continue
        if table.holds_as(other):
            continue
        says, count = _unlike(table, other)
        if count:
            yield name, says, count
    for name, table in now.tables.items():
        if name not in before.tables and table.rows:
            yield name, f"{name} is new with {_rows(len(table.rows))}", len(table.rows)


def _unlike(table: TableContents, other: TableContents) -> tuple[str, int]:
    shared = [name for name in table.columns if name in other.columns]
    was, now = (_keyed(each, shared) for each in (table, other))
    missing = [key for key in was if key not in now]
    extra = [key for key in now if key not in was]
    changed = [key for key in was if key in now and was[key] != now[key]]
    columns = sorted(
        {shared[at] for key in changed for at in range(len(shared)) if was[key][at] != now[key][at]}
    )
    parts = [f"{_rows(len(missing))} of {table.table} are gone"] * bool(missing)
    parts += [f"{_rows(len(extra))} of {table.table} are new"] * bool(extra)
    parts += [f"{_rows(len(changed))} of {table.table} differ in {', '.join(columns)}"] * bool(
        changed
    )
    return "; ".join(parts), len(missing) + len(extra) + len(changed)


def _keyed(
    table: TableContents, columns: list[str]
) -> dict[tuple[object, ...], tuple[object, ...]]:
    key = table.key if set(table.key) <= set(columns) else ()
    narrowed = TableContents(
        table.table,
        tuple(columns),
        key,
        tuple(tuple(row[table.columns.index(name)] for name in columns) for row in table.rows),
    )
    return {key: tuple(map(exact, row)) for key, row in narrowed.keyed().items()}


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
