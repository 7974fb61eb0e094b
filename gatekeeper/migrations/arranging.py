"""In which order rows are made: tables by their parents, values by rows, NULL here and there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.migrations.engine import Value
from gatekeeper.migrations.schema import Column, Schema, Table


def in_order(schema: Schema) -> tuple[Table, ...]:
    """The tables, parents before children where that can be; those of a cycle as they come."""
    names = {name.lower(): name for name in schema.tables}
    done: dict[str, Table] = {}
    waiting = dict(schema.tables)
    while waiting:
        ready = [
            name
            for name, table in waiting.items()
            if all(
                names.get(key.table.lower(), name) in done
                or names.get(key.table.lower(), name) == name
                for key in table.foreign_keys
            )
        ]
        for name in ready or [next(iter(waiting))]:
            done[name] = waiting.pop(name)
    return tuple(done.values())


def is_null(number: int, place: int) -> bool:
    """Every sixth row is whole, the next has NULL wherever it may; the others here and there."""
    turn = number % 6
    return turn == 1 or (turn > 1 and (turn + place) % 3 == 0)


def shared_out(
    wanted: Sequence[tuple[str, Value]], number: int
) -> Iterator[tuple[int, Mapping[str, Value]]]:
    """As few rows as hold all wanted values, each column with its own in their order."""
    left: dict[str, list[Value]] = {}
    for column, value in wanted:
        left.setdefault(column, []).append(value)
    for place in range(max(map(len, left.values()), default=0)):
        row = {name: values[place] for name, values in left.items() if place < len(values)}
        yield number + place, row


def rowid_of(table: Table) -> Column | None:
    """The column that is another name of the row's id (https://www.sqlite.org/rowidtable.html)."""
    key = [each for each in table.columns if each.key]
    sole = len(key) == 1 and key[0].type == "INTEGER" and not table.without_rowid
    return key[0] if sole else None


def least_of(table: Table, values: Mapping[str, Value]) -> Mapping[str, Value]:
    """Of the values of a row those that must be given: the others have a default, or are NULL."""
    needed = {
        each.name for each in table.columns if each.key or (each.required and not each.default)
    }
    return {name: value for name, value in values.items() if name in needed}
