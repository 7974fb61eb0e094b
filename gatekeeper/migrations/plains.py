"""The ordinary values that rows begin with, each row of a table made once."""

from __future__ import annotations

from gatekeeper.migrations.affinity import Mark, mark_of, ordinary
from gatekeeper.migrations.arranging import is_null, rowid_of
from gatekeeper.migrations.engine import Value
from gatekeeper.migrations.schema import Column, ForeignKey, Table

_IDS = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89)  # with gaps, as in any table that rows were deleted from
_MOST = 2_000
"""Tables that are remembered."""


class Plain:
    """The ordinary values of one table."""

    def __init__(self, table: Table, seed: int) -> None:
        self.table, self._rowid = table, rowid_of(table)
        places = enumerate(table.columns)
        self._marks = {
            each.name: mark_of(seed, table.name, each.name, place) for place, each in places
        }
        self._stored = tuple(each for each in table.columns if each.is_stored)
        self._rows: dict[int, dict[str, Value]] = {}
        self.keys: tuple[ForeignKey, ...] = tuple(
            sorted(table.foreign_keys, key=lambda it: it.columns)
        )

    def row(self, number: int) -> dict[str, Value]:
        """A value for each column that holds any, by its name; a copy of its own."""
        known = self._rows.get(number)
        if known is None:
            known = {each.name: self.value(each, number) for each in self._stored}
            self._rows[number] = known
        return known.copy()

    def value(self, column: Column, number: int) -> Value:
        """The value of a column in row `number`, from 0; NULL here and there where it may be."""
        mark = self._marks[column.name]
        if column is self._rowid:
            start = 1000 + mark.whole % 1_000_000
            return _IDS[number] if number < len(_IDS) else start + 3 * number
        free = not column.required and not column.key and not self.table.virtual
        if free and is_null(number, mark.place):
            return None
        return ordinary(column, number, mark)

    def mark(self, column: Column) -> Mark:
        """What the values of a column are known by."""
        return self._marks[column.name]


class Plains:
    """The ordinary values of all tables for one seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._known: dict[int, Plain] = {}
        self._next: Plains | None = None

    @property
    def next(self) -> Plains:
        """Those of the next seed, for rows that come later."""
        self._next = self._next or Plains(self.seed + 1)
        return self._next

    def of(self, table: Table) -> Plain:
        """Those of a table, which is the same as long as its schema is read only once."""
        known = self._known.get(id(table))
        if known is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            known = self._known[id(table)] = Plain(table, self.seed)  # which keeps the table alive
        return known
