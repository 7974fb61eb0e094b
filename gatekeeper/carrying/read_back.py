"""The way back on a database that was written to since: what comes back must be read from there."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import closing

import apsw

from gatekeeper.carrying.bench import Bench, Clean
from gatekeeper.carrying.contents import Contents, opened
from gatekeeper.carrying.dice import Dice
from gatekeeper.carrying.document import Json, in_any_order, parsed
from gatekeeper.carrying.kinds import Exact, Scalar, Unit, exactly, scalars, units
from gatekeeper.carrying.minutes import Minutes
from gatekeeper.carrying.place import Place
from gatekeeper.carrying.renewed import Renewal, replaced
from gatekeeper.migrations.carried import DataTrouble
from gatekeeper.migrations.engine import Value
from gatekeeper.migrations.schema import quoted

MOST_UNITS = 24
"""Groups of values that are altered in the database one by one, where all at once is refused."""

_SECONDS = 20.0


def read_back(bench: Bench, clean: Clean, minutes: Minutes, dice: Dice) -> None:
    """Write other values into the database, and see whether the way back brings these back."""
    if bench.plan.reverse and clean.fixture.value is not None:
        _ReadBack(bench, clean, minutes, dice).tried()


class _ReadBack:
    def __init__(self, bench: Bench, clean: Clean, minutes: Minutes, dice: Dice) -> None:
        self._bench, self._clean, self._minutes, self._dice = bench, clean, minutes, dice
        self._tables = clean.contents.within(clean.empty)

    def tried(self) -> None:
        was = self._brought_back({})
        if was is None:
            self._say_unsteady()
            return
        held = _held(self._tables)
        known = [each for each in units(self._clean.fixture.value) if each.values & held]
        every = self._by(known)
        if not every:
            self._say_unaltered()
            return
        now = self._brought_back(every)
        if now is not None and now == in_any_order(replaced(was, every)):
            return
        heard = [self._is_read(unit, was) for unit in known[:MOST_UNITS]]
        if known and not any(heard):
            self._minutes.open.append(
                f"the way back refuses every database but the one that {self._clean.fixture.name} "
                "was carried over to, so that it is not told from one that knows it by heart"
            )

    def _say_unsteady(self) -> None:
        """The way back ended well on this database before, unless that is told already."""
        if not self._minutes.has(DataTrouble.REVERSE_FAILS, DataTrouble.NOT_BROUGHT_BACK):
            self._minutes.open.append(
                f"the way back ended well on what {self._clean.fixture.name} was carried over to, "
                "and did not when it was run on the same once more, so that it was not tried on a "
                "database that was written to since"
            )

    def _say_unaltered(self) -> None:
        """A way back that brings the same whatever is written would pass, for nothing is."""
        if not self._minutes.has(DataTrouble.VALUES_LOST):
            self._minutes.open.append(
                f"no value of {self._clean.fixture.name} stands in the tables as it is in the "
                "file, so that the way back was not tried on a database that was written to since"
            )

    def _is_read(self, unit: Unit, was: Json) -> bool:
        """Whether the way back ends well where other values stand in the place of some."""
        now = self._brought_back(self._by((unit,)))
        if now is not None and now == was:
            kinds = ", ".join(sorted(unit.kinds))
            says = (
                f"with other values in the place of {kinds} of {self._clean.fixture.name}, in the "
                "tables that these were carried to, the same comes back as before"
            )
            self._minutes.fail(DataTrouble.NOT_READ_BACK, says, kinds, (self._clean.run.step,))
        return now is not None

    def _by(self, chosen: Sequence[Unit]) -> Mapping[Exact, Scalar]:
        renewal = Renewal(chosen, self._dice)
        return {
            exactly(value): renewal.other(value)
            for _, value in scalars(self._clean.fixture.value)
            if renewal.other(value) != value
        }

    def _brought_back(self, by: Mapping[Exact, Scalar]) -> Json:
        """What comes back once the database is altered; None where that is refused."""
        place = self._bench.place(self._clean.fixture, self._clean.files)
        self._minutes.tried("brought back from a database that was written to since")
        try:
            _alter(place, self._tables, by)
        except (apsw.Error, OverflowError, UnicodeError, MemoryError):
            return None
        run = self._bench.reverse(place, b"")
        content = place.brought_back()
        if not run.well or content is None:
            return None
        try:
            return in_any_order(parsed(content))
        except ValueError:
            return None


def _held(contents: Contents) -> frozenset[Exact]:
    """The values that the database holds as they are, or in a text of JSON."""
    cells = (
        value
        for table in contents.tables.values()
        for row in table.rows
        for value in row
        if isinstance(value, int | float | str)
    )
    return frozenset(exactly(value) for cell in cells for _, value in scalars(cell))


def _alter(place: Place, contents: Contents, by: Mapping[Exact, Scalar]) -> None:
    """Write other values in the place of some, in all tables, whatever the schema says to it."""
    with closing(opened(place.database, time.monotonic() + _SECONDS)) as connection:
        connection.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
        connection.execute("PRAGMA foreign_keys = 0")
        connection.execute("PRAGMA ignore_check_constraints = 1")
        connection.execute("BEGIN")
        for name, table in contents.tables.items():
            rows = [(row, tuple(_other(value, by) for value in row)) for row in table.rows]
            if any(old != new for old, new in rows):
                _rewrite(connection, name, table.columns, [new for _, new in rows])
        connection.execute("COMMIT")


def _rewrite(
    connection: apsw.Connection, name: str, columns: Sequence[str], rows: Sequence[Sequence[Value]]
) -> None:
    listed = connection.execute("SELECT name, hidden FROM pragma_table_xinfo(?)", (name,))
    computed = {str(column) for column, hidden in listed if hidden}
    chosen = [place for place, column in enumerate(columns) if column not in computed]
    names = ", ".join(quoted(columns[place]) for place in chosen)
    marks = ", ".join("?" for _ in chosen)
    connection.execute(" ".join(("DELETE FROM", quoted(name))))
    connection.executemany(
        " ".join(("INSERT INTO", quoted(name), f"({names}) VALUES ({marks})")),
        [tuple(row[place] for place in chosen) for row in rows],
    )


def _other(value: Value, by: Mapping[Exact, Scalar]) -> Value:
    if isinstance(value, int | float | str):
        new = replaced(value, by)
        return new if isinstance(new, int | float | str) else value
    return value
