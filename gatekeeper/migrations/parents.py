"""Foreign keys while rows are made: which parents there are, and who refers to itself."""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper.migrations.engine import Database, Row, Value
from gatekeeper.migrations.schema import ForeignKey, Schema, Table, quoted

_MOST = 40
"""Rows of a parent that children are shared out to."""

_WITHOUT = 4
"""Every so manieth child has no parent, where it may have none."""


class Parents:
    """The rows that others may refer to, as they are in the database now."""

    def __init__(self, database: Database, schema: Schema) -> None:
        self._database = database
        self._tables = {name.lower(): table for name, table in schema.tables.items()}
        self._known: dict[str, dict[ForeignKey, tuple[Row, ...]]] = {}

    def forget(self, table: str) -> None:
        """Rows were written to a table: read them anew."""
        self._known.pop(table.lower(), None)

    def tie(self, table: Table, key: ForeignKey, number: int, values: dict[str, Value]) -> bool:
        """Give the columns of a foreign key the values of a parent, or NULL where they may be.

        Gives False where a parent must be there and none is.
        """
        names = {name.lower(): name for name in values}
        columns = [names[name.lower()] for name in key.columns if name.lower() in names]
        if len(columns) < len(key.columns):
            return True
        free = {each.name for each in table.columns if not each.required and not each.key}
        may_be_null = [name for name in columns if name in free]
        parents = self._rows(key)
        if parents and not (may_be_null and number % _WITHOUT == _WITHOUT - 1):
            values.update(zip(columns, parents[number % len(parents)], strict=True))
            return True
        if may_be_null:
            values.update(dict.fromkeys(may_be_null))
            return True
        if key.table.lower() == table.name.lower():
            return _own_parent(table, key, columns, values)
        return self.in_cycle(table)

    def _rows(self, key: ForeignKey) -> tuple[Row, ...]:
        parent = self._tables.get(key.table.lower())
        if parent is None:
            return ()
        to = key.to or tuple(each.name for each in parent.key)
        if len(to) != len(key.columns):
            return ()
        known = self._known.setdefault(key.table.lower(), {})
        if key in known:
            return known[key]
        listed = ", ".join(map(quoted, to))
        whole = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in to)
        words = ("SELECT", listed, "FROM", quoted(parent.name), "WHERE", whole)
        answer = self._database.query(" ".join((*words, "ORDER BY", listed, "LIMIT", str(_MOST))))
        known[key] = answer if isinstance(answer, tuple) else ()
        return known[key]

    def in_cycle(self, table: Table) -> bool:
        """Whether a table refers to itself through others."""
        seen, waiting = set[str](), [table.name.lower()]
        while waiting:
            here = self._tables.get(waiting.pop())
            for key in here.foreign_keys if here else ():
                target = key.table.lower()
                if target == table.name.lower() and here is not table:
                    return True
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return False


def _own_parent(
    table: Table, key: ForeignKey, columns: Sequence[str], values: dict[str, Value]
) -> bool:
    """The first row of a table that must refer to itself is its own parent."""
    to = key.to or tuple(each.name for each in table.key)
    named = {name.lower(): name for name in values}
    for column, target in zip(columns, to, strict=False):
        values[column] = values[named.get(target.lower(), column)]
    return True
