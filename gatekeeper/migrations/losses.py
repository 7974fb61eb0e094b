"""What a migration did to the rows that were there: kept, carried elsewhere, altered or lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

from gatekeeper.migrations.carriers import Place, carrier, carriers, each_alone
from gatekeeper.migrations.contents import Contents, TableContents, exact, exact_row
from gatekeeper.migrations.engine import Row, Value
from gatekeeper.value import dataclass, replace


class Fate(Enum):
    """What became of what was there."""

    TABLE_GONE = "the table is gone"
    COLUMN_GONE = "the column is gone"
    ROWS_GONE = "rows are gone"
    VALUES_CHANGED = "values have changed"
    KEYS_CHANGED = "rows have other keys"
    IDS_GIVEN_AGAIN = "ids will be given again"


@dataclass(frozen=True, slots=True)
class Moment:
    """The rows before and after, by which it is known what the migration itself has copied."""

    before: Contents
    after: Contents


@dataclass(frozen=True, slots=True)
class Loss:
    """Rows or values that are not there any more, with some of them as an example.

    `rows` are rows before, `after` what stands in their place (None where nothing does), both in
    the order of `columns`; `count` says how many there are in all and `of` out of how many.
    `column` is empty where whole rows are meant. `carried` names where the same values stand now.
    """

    fate: Fate
    table: str
    column: str
    count: int
    of: int
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    after: tuple[Row | None, ...] = ()
    carried: str = ""


EXAMPLES = 3
"""Rows that are shown of each loss."""


def losses(before: Contents, after: Contents) -> tuple[Loss, ...]:
    """What of the rows before is not to be found after, table by table."""
    found = list[Loss]()
    moment = Moment(before, after)
    for name, table in before.tables.items():
        if not table.rows or name in after.unread:
            continue
        now = after.tables.get(name)
        if now is None:
            whole = Loss(Fate.TABLE_GONE, name, "", len(table.rows), len(table.rows))
            found.append(_shown(whole, table, table.rows, moment))
        elif not table.holds_as(now):
            found += _rows(table, now, moment)
            found += _columns(table, now, moment)
    return (*found, *_ids(before, after))


def _rows(table: TableContents, now: TableContents, moment: Moment) -> Iterator[Loss]:
    """Rows that are gone, and values that have changed in those that are not."""
    shared = tuple(name for name in table.columns if name in now.columns)
    if not shared:
        return
    key = table.key if set(table.key) <= set(shared) else ()
    if table.key and not key:
        # The key's column is a loss of its own; by its new name, if any, the rest is compared.
        now = _with_old_key(table, now, moment)
        if set(table.key) <= set(now.columns):
            yield from _rows(table, now, moment)
        return
    old = _narrowed(table, shared, key).keyed()
    new = _narrowed(now, shared, key).keyed()
    whole = _narrowed(table, table.columns, key).keyed() if key else old
    if _renumbered(table, now, shared, key):
        moved = [row for about, row in old.items() if new.get(about) != row]
        shown = tuple(moved[:EXAMPLES])
        keys = ", ".join(key)
        yield Loss(Fate.KEYS_CHANGED, table.table, keys, len(moved), len(old), shared, shown)
        return
    gone = [about for about in old if about not in new]
    if gone:
        lost = Loss(Fate.ROWS_GONE, table.table, "", len(gone), len(old))
        rows = tuple(whole[about] for about in gone) if key else tuple(old[it] for it in gone)
        source = table if key else _narrowed(table, shared, ())
        yield _shown(lost, source, rows, moment)
    for place, column in enumerate(shared):
        changed = [
            about
            for about in old
            if about in new and exact(old[about][place]) != exact(new[about][place])
        ]
        if changed:
            altered = Loss(Fate.VALUES_CHANGED, table.table, column, len(changed), len(old), shared)
            first = changed[:EXAMPLES]
            rows = tuple(old[about] for about in first)
            stands = tuple(new[about] for about in first)
            subset = TableContents(table.table, shared, key, tuple(old[it] for it in changed))
            carried = carrier(subset, column, moment.after, moment.before)
            yield _filled(altered, rows, stands, carried)


def _with_old_key(table: TableContents, now: TableContents, moment: Moment) -> TableContents:
    """What stands now, columns of the key that only have another name called as they were."""
    there = TableContents(table.table, table.columns, (), table.rows)
    names = list(now.columns)
    only = Contents({now.table: now}, {}, {})
    for part in table.key:
        held = None if part in names else carrier(there, part, only, moment.before)
        if held is not None:
            names[names.index(held.column)] = part
    return TableContents(now.table, tuple(names), now.key, now.rows)


def _renumbered(
    table: TableContents, now: TableContents, shared: tuple[str, ...], key: tuple[str, ...]
) -> bool:
    """Whether every row is still there but for its key, and not all keys are as they were."""
    rest = tuple(name for name in shared if name not in key)
    if not key or not rest:
        return False
    was, is_ = (Counter(map(exact_row, _narrowed(each, rest, ()).rows)) for each in (table, now))
    keyed = {exact_row(row) for row in _narrowed(now, shared, ()).rows}
    same = all(exact_row(row) in keyed for row in _narrowed(table, shared, ()).rows)
    return was <= is_ and not same and len(was) == len(table.rows)


def _columns(table: TableContents, now: TableContents, moment: Moment) -> Iterator[Loss]:
    """Columns that are gone though their table is not."""
    for column in table.columns:
        if column not in now.columns:
            held = [row for row in table.rows if row[table.columns.index(column)] is not None]
            if held:
                lost = Loss(
                    Fate.COLUMN_GONE, table.table, column, len(held), len(table.rows), table.columns
                )
                carried = carrier(table, column, moment.after, moment.before)
                yield _filled(lost, tuple(held[:EXAMPLES]), (None,) * len(held[:EXAMPLES]), carried)


def _ids(before: Contents, after: Contents) -> Iterator[Loss]:
    """AUTOINCREMENT promises never to give an id again; a rebuilt table forgets how far it was."""
    for table, high in before.sequences.items():
        now = after.sequences.get(table)
        if now is not None and now < high:
            yield Loss(
                Fate.IDS_GIVEN_AGAIN,
                table,
                "",
                high - now,
                high,
                ("highest id",),
                ((high,),),
                ((now,),),
            )


def _shown(loss: Loss, table: TableContents, rows: Sequence[Row], moment: Moment) -> Loss:
    """A loss of whole rows with its examples, and where all their columns stand now."""
    subset = TableContents(table.table, table.columns, table.key, tuple(rows))
    holders = (_holder(subset, each, moment.before) for each in each_alone(moment.after))
    carried = next(filter(None, holders), "")
    first = tuple(rows[:EXAMPLES])
    return Loss(
        loss.fate,
        loss.table,
        "",
        loss.count,
        loss.of,
        table.columns,
        first,
        (None,) * len(first),
        carried,
    )


def _holder(table: TableContents, alone: Contents, before: Contents) -> str:
    """The table where all columns stand, if they do; rows without a key must stand together."""
    places = tuple(carriers(table, alone, before).values())
    if len(places) != len(table.columns):
        return ""
    (now,) = alone.tables.values()
    if not table.key:
        there = [now.columns.index(each.column) for each in places]
        held = Counter(tuple(exact(row[at]) for at in there) for row in now.rows)
        if not Counter(map(exact_row, table.rows)) <= held:
            return ""
    return now.table


def _filled(
    loss: Loss, rows: tuple[Row, ...], after: tuple[Row | None, ...], carried: Place | None
) -> Loss:
    return replace(loss, rows=rows, after=after, carried=str(carried or ""))


def _narrowed(
    table: TableContents, columns: tuple[str, ...], key: tuple[str, ...]
) -> TableContents:
    places = [table.columns.index(name) for name in columns]
    rows = tuple(tuple(row[place] for place in places) for row in table.rows)
    return TableContents(table.table, columns, key, rows)


def changed_values(loss: Loss) -> Mapping[str, tuple[Value, Value]]:
    """The first example of changed values: column to what was and what is."""
    if not loss.rows or loss.after[0] is None:
        return {}
    return {
        name: (was, now)
        for name, was, now in zip(loss.columns, loss.rows[0], loss.after[0], strict=True)
        if exact(was) != exact(now)
    }
