"""Filling a schema with rows that it allows, the same ones for the same seed."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

from gatekeeper.migrations.affinity import edges, ordinary, strange
from gatekeeper.migrations.arranging import in_order, least_of, rowid_of, shared_out
from gatekeeper.migrations.clues import Clues
from gatekeeper.migrations.demands import demands
from gatekeeper.migrations.engine import Database, Reason, Refusal, Value
from gatekeeper.migrations.fitting import Fitting, fitting
from gatekeeper.migrations.full_text import is_full_text, source_of
from gatekeeper.migrations.meeting import turns, twins
from gatekeeper.migrations.parents import Parents
from gatekeeper.migrations.plains import Plains
from gatekeeper.migrations.proven import Rows
from gatekeeper.migrations.rows import Filled, Insert, advanced, has_rows
from gatekeeper.migrations.schema import Schema, Table

SEED = 20_240_229
"""The seed where none is given; that of a check comes from the scripts themselves."""

ROWS = 6
"""Ordinary rows of each table."""

TRIES = 300
"""Sets of values that are tried for one row until its constraints take one."""

_OFFSETS = {Rows.TYPED: 0, Rows.EDGE: 100, Rows.ODD: 200, Rows.ASKED: 400, Rows.TWINS: 300}
_LATER = 600  # rows that are written beside ordinary ones have other keys
_ORPHAN = 900_000_007
_FEW_TRIES = 20  # where no check names a value, only other ordinary values are tried


def fill(
    database: Database,
    schema: Schema,
    kind: Rows,
    plains: Plains | None = None,
    rows: int = ROWS,
    *,
    later: bool = False,
) -> Filled:
    """Fill every table of a schema with rows of a kind; raises EngineError.

    The rows stay in the database. A table that takes none is named with the reason in the
    engine's words. Edge and odd rows stand beside ordinary ones, which they may refer to, and
    `later` rows beside those that an earlier filling left.
    """
    filling = _Filling(database, schema, plains or Plains(SEED))
    for table in in_order(schema):
        filling.typed(table, _LATER if later else _OFFSETS[kind], rows)
    if kind is not Rows.TYPED:
        for table in in_order(schema):
            filling.other(table, kind)
    return Filled(tuple(filling.inserts), filling.unfilled)


def fill_asked(
    database: Database,
    schema: Schema,
    kind: Rows,
    clues: Clues,
    plains: Plains,
    near: Container[str],
) -> Filled:
    """Ordinary rows, and beside them rows that the conditions of a migration's scripts are about.

    Those meet them, or are like another row (`kind`). They are for the tables whose names are in
    `near`; the others hold ordinary rows alone.
    """
    filling = _Filling(database, schema, plains)
    for table in in_order(schema):
        rows = max(ROWS, clues.rows) if table.name in near else ROWS
        filling.typed(table, _OFFSETS[kind], rows)
    for table in in_order(schema):
        if table.name in near and kind is Rows.TWINS:
            filling.twins(table)
        elif table.name in near:
            filling.asked(table, clues)
    return Filled(tuple(filling.inserts), filling.unfilled)


class _Filling:
    """The rows written so far."""

    def __init__(self, database: Database, schema: Schema, plains: Plains) -> None:
        self._database, self._schema, self._plains = database, schema, plains
        self._parents = Parents(database, schema)
        self.inserts: list[Insert] = []
        self.unfilled: dict[str, str] = {}
        self._fits: dict[str, Fitting] = {}
        self._worked: dict[str, Mapping[str, Value]] = {}
        self._in_vain: set[str] = set()

    def typed(self, table: Table, offset: int, rows: int) -> None:
        """Ordinary rows: the first with every value, others with NULL where that is allowed."""
        if is_full_text(table) and source_of(table):
            return  # its rows are those of another table
        said = ""
        written = self._together(table, [(number, {}) for number in range(offset, offset + rows)])
        for number in () if written else range(offset, offset + rows):
            refusal = self._write_somehow(table, number)
            if refusal is None:
                written += 1
            else:
                said = refusal.says
        if not written and table.stored and not has_rows(self._database, table.name):
            if not sum(self._least(table, number) for number in range(offset, offset + rows)):
                self.unfilled[table.name] = said or "it takes no row"
        elif table.autoincrement:
            self._advance(table)

    def _advance(self, table: Table) -> None:
        insert = advanced(table.name)
        if insert.write(self._database) is None:
            self.inserts.append(insert)

    def other(self, table: Table, kind: Rows) -> None:
        """Edge rows, or odd ones."""
        if table.virtual:
            return
        base = _OFFSETS[kind] + 50
        wanted = list(self._wanted(table, kind))
        number = base
        if self._together(table, list(shared_out(wanted, base))):
            number, wanted = base + len(wanted), []
        while wanted:
            together: dict[str, Value] = {}
            for column, value in wanted:
                together.setdefault(column, value)
            if len(together) > 1 and self._write(table, number, together) is None:
                wanted = [each for each in wanted if together.get(each[0]) is not each[1]]
            else:
                for column, value in together.items():
                    number += 1
                    self._write(table, number, {column: value})
                    wanted.remove((column, value))
            number += 1
        if kind is Rows.ODD:
            self._orphans(table, number)

    def asked(self, table: Table, clues: Clues) -> None:
        """Rows for each statement: its values together, where that is refused each alone."""
        number = _OFFSETS[Rows.ASKED] + 1_000
        for given, alone in turns(table, clues):
            number += 1 + len(alone)
            if self._write(table, number, given) is not None:
                for place, each in enumerate(alone):
                    self._write(table, number - 1 - place, each)

    def twins(self, table: Table) -> None:
        """Rows that are like one that is there."""
        for number, given in enumerate(twins(table, self.inserts), _OFFSETS[Rows.TWINS] + 50):
            self._write(table, number, given)

    def _wanted(self, table: Table, kind: Rows) -> Iterator[tuple[str, Value]]:
        """The values that should be tried somewhere in each column that is free to hold them."""
        tied = {name.lower() for key in table.foreign_keys for name in key.columns}
        rowid = rowid_of(table)
        for column in table.columns:
            if not column.is_stored or column.name.lower() in tied or column is rowid:
                continue
            if kind is Rows.EDGE:
                forgotten = edges(column, self._plains.of(table).mark(column))
                yield from ((column.name, value) for value in forgotten)
                if not column.required and not column.key:
                    yield column.name, None
            elif not table.strict:
                yield from ((column.name, value) for value in strange(column))

    def _orphans(self, table: Table, number: int) -> None:
        """For each foreign key a row whose parent is not there."""
        for key in sorted(table.foreign_keys, key=repr):
            number += 1
            given = {name: self._missing(table, name) for name in key.columns}
            values = self._values(table, number, given)
            if values is not None:
                self._try(table, values, unchecked=True)

    def _missing(self, table: Table, name: str) -> Value:
        column = next(each for each in table.columns if each.name.lower() == name.lower())
        value = ordinary(column, _ORPHAN, self._plains.of(table).mark(column))
        return value if not isinstance(value, bytes) else b"\xde\xad"

    def _least(self, table: Table, number: int) -> bool:
        values = least_of(table, self._values(table, number, {}) or {})
        return bool(values) and self._try(table, values) is None

    def _write_somehow(self, table: Table, number: int) -> Refusal | None:
        """Write an ordinary row, searching for values that the constraints take."""
        refusal = self._write(table, number, {})
        if refusal is None or not demands(table, self._schema):
            return self._write_later(table, number, refusal)
        fits = self._fitting(table, number)
        given = fits.given(self._values(table, number, {}) or {}, number)
        first = refusal = self._write(table, number, given)
        if refusal is None or table.name in self._in_vain:
            return refusal
        for attempt in range(1, TRIES + 1 if fits.together else _FEW_TRIES):
            later = number + (attempt * 1009 if attempt % 2 else 0)
            wanted = fits.given(self._values(table, later, {}) or {}, later + attempt)
            choice = fits.choice(attempt, self._plains.seed)
            refusal = self._write(table, later, {**wanted, **choice})
            if refusal is None:
                self._worked[table.name] = choice
                return None
        self._in_vain.add(table.name)  # what is not found for one row is not for the next
        return first

    def _write_later(self, table: Table, number: int, refusal: Refusal | None) -> Refusal | None:
        """Write another ordinary row in the place of one that was refused, where no check did."""
        for attempt in range(1, _FEW_TRIES + 1):
            if refusal is None or table.name in self._in_vain:
                return refusal
            if self._write(table, number + attempt * 1009, {}) is None:
                return None
        self._in_vain.add(table.name)
        return refusal

    def _fitting(self, table: Table, number: int) -> Fitting:
        """What fits into the columns of a table; the same for all of its rows."""
        if table.name not in self._fits:
            plain = self._plains.of(table)
            usual = {
                column.name: tuple(plain.value(column, number + more) for more in range(ROWS))
                for column in table.columns
                if column.is_stored
            }
            self._fits[table.name] = fitting(
                self._database, table, demands(table, self._schema), usual
            )
        return self._fits[table.name]

    def _together(self, table: Table, rows: Sequence[tuple[int, Mapping[str, Value]]]) -> int:
        """Write rows at once; gives how many, which is 0 where not all of them are taken."""
        if any(key.table.lower() == table.name.lower() for key in table.foreign_keys):
            return 0  # a row may refer to the one before
        values = [self._values(table, number, given) for number, given in rows]
        found = [each for each in values if each is not None]
        if not found or len(found) < len(rows) or self._parents.in_cycle(table):
            return 0
        inserts = [Insert(table.name, tuple(each), tuple(each.values())) for each in found]
        given = tuple(each.values for each in inserts)
        if self._database.write(inserts[0].statement, given) is not None:
            return 0
        self.inserts += inserts
        self._parents.forget(table.name)
        return len(inserts)

    def _write(self, table: Table, number: int, given: Mapping[str, Value]) -> Refusal | None:
        values = self._values(table, number, given)
        if values is None:
            parents = ", ".join(sorted({key.table for key in table.foreign_keys}))
            says = f"no row of {parents} is there for it to refer to"
            return Refusal(Reason.FOREIGN_KEY, says)
        refusal, worked = self._try(table, values), self._worked.get(table.name)
        if refusal is not None and worked and given:
            return self._try(table, {**values, **worked, **given})
        return refusal

    def _try(
        self, table: Table, values: Mapping[str, Value], *, unchecked: bool = False
    ) -> Refusal | None:
        insert = Insert(table.name, tuple(values), tuple(values.values()), unchecked)
        refusal = insert.write(self._database)
        if refusal is None:
            self.inserts.append(insert)
            self._parents.forget(table.name)
        elif refusal.reason is Reason.FOREIGN_KEY and self._parents.in_cycle(table):
            return refusal if unchecked else self._try(table, values, unchecked=True)
        return refusal

    def _values(
        self, table: Table, number: int, given: Mapping[str, Value]
    ) -> Mapping[str, Value] | None:
        """A value for each column; None where a parent that must be there is not."""
        plain = self._plains.of(table)
        values = plain.row(number)
        for key in plain.keys:
            if not self._parents.tie(table, key, number, values):
                return None
        if table.name in self._fits:
            fitting = self._fits[table.name].given(values, number)
            values.update(pair for pair in fitting.items() if values.get(pair[0]) is not None)
        values.update((name, value) for name, value in given.items() if name in values)
        return values
