"""What is given to the columns of rows that shall meet a condition, or be like another row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from gatekeeper.migrations.affinity import fitted
from gatekeeper.migrations.clues import Clues
from gatekeeper.migrations.engine import Value
from gatekeeper.migrations.rows import Insert
from gatekeeper.migrations.schema import Table

Given = Mapping[str, Value]


def turns(table: Table, clues: Clues) -> Iterator[tuple[Given, tuple[Given, ...]]]:
    """For each statement its values together, with the same values each alone; none twice."""
    done = set[str]()
    kinds = {each.name: each for each in table.columns}
    for group in clues.of(table.name, table.stored, by_name=table.virtual):
        values = {name: fitted(kinds[name], wanted) for name, wanted in group.items()}
        for turn in range(max(map(len, values.values()))):
            together = {name: it[turn % len(it)] for name, it in values.items() if it}
            if repr(together) in done:
                continue
            alone = [{name: it[turn]} for name, it in values.items() if turn < len(it)]
            new = tuple(each for each in alone if len(together) > 1 and repr(each) not in done)
            done.add(repr(together))
            yield together, new


def twins(table: Table, inserts: Sequence[Insert]) -> Iterator[Given]:
    """Rows with another key that are like one of the `inserts`.

    They are the same, in other letters, and with a blank behind; none where there is no row.
    """
    rows = [
        dict(zip(each.columns, each.values, strict=True))
        for each in inserts
        if each.table == table.name and not each.unchecked
    ]
    values = next((row for row in rows if None not in row.values()), rows[0] if rows else {})
    if not values:
        return
    rest = {each.name for each in table.columns if each.is_stored and not each.key}
    alter: tuple[Callable[[str], str], ...] = (str, str.swapcase, lambda text: f"{text} ")
    for altered in alter:
        yield {
            name: altered(value) if isinstance(value, str) else value
            for name, value in values.items()
            if name in rest
        }
