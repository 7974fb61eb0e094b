"""In which order rows are made: tables by their parents, values by rows, NULL here and there."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from gatekeeper.migrations.engine import Value
from gatekeeper.migrations.schema import Column, Schema, Table


def in_order(schema: Schema) -> tuple[Table, ...]:
    """The tables, parents before children where that can be; those of a cycle as they come."""
    names = {name.lower(): name for name in schema.tables}
    parents = {
        name: {names[key.table.lower()] for key in table.foreign_keys if key.table.lower() in names}
        - {name}
        for name, table in schema.tables.items()
    }
    done: dict[str, Table] = {}
    waiting = dict(schema.tables)
    while waiting:
        ready = [name for name in waiting if parents[name] <= done.keys()]
        for name in ready or [_of_a_cycle(parents, waiting, done)]:
            done[name] = waiting.pop(name)
    return tuple(done.values())


def _of_a_cycle(
    parents: Mapping[str, set[str]], waiting: Iterable[str], done: Container[str]
) -> str:
    """A table that waits for none but those of its own cycle: it leads to the fewest others."""

    def reached(name: str) -> int:
        seen, next_ = {name}, [name]
        while next_:
            new = {each for each in parents[next_.pop()] if each not in done} - seen
            seen |= new
            next_ += new
        return len(seen)

    return min(waiting, key=reached)


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
