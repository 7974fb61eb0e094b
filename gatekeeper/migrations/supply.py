"""The rows of each kind that a migration is tried on, and which of its tables they are for."""

from __future__ import annotations

from gatekeeper.migrations.clues import clues
from gatekeeper.migrations.concern import concerned_by
from gatekeeper.migrations.course import Track
from gatekeeper.migrations.filling import fill, fill_asked
from gatekeeper.migrations.migration import Migration
from gatekeeper.migrations.plains import Plains
from gatekeeper.migrations.proven import Rows
from gatekeeper.migrations.rows import Filled, Insert
from gatekeeper.migrations.schema import Schema
from gatekeeper.value import replace


class Supply:
    """Makes rows for a migration at the start of a track.

    `tried` says in words which, `unfilled` what took none. Ordinary rows are made in every table,
    all others in the tables that the migration can reach, with those that rows of theirs need.
    """

    def __init__(
        self, track: Track, migration: Migration, own: tuple[Insert, ...], plains: Plains
    ) -> None:
        self._track, self._own, self._plains = track, own, plains
        self._migration, self._clues = migration, clues(migration)
        self._near: frozenset[str] | None = None
        self.tried = list[str]()
        self.unfilled: dict[str, str] = {}

    def narrow(self, start: Schema) -> None:
        """Make rows for the tables near the migration alone, as far as these are known."""
        self._near = self._track.near
        beside = len(start.tables) - len(near(start, self._near).tables)
        if beside:
            told = "no statement can reach them"
            self.tried.append(f"{beside} tables hold ordinary rows alone: {told}")

    def rows(self, kind: Rows, schema: Schema) -> Filled:
        """The rows of a kind for a schema, written once to see which of them it takes."""
        filled = self._own_rows() if kind is Rows.OWN else self._made(kind, schema)
        if filled.inserts:
            tables = len({each.table for each in filled.inserts})
            self.tried.append(f"{kind.value}: {len(filled.inserts)} in {tables} tables")
        if kind is Rows.TYPED:
            concerned = concerned_by(self._migration, schema)
            unfilled = filled.unfilled.items()
            self.unfilled.update((name, why) for name, why in unfilled if name in concerned)
        return filled

    def _own_rows(self) -> Filled:
        taken = self._track.to_start(self._own)
        refused = len(self._own) - len(taken)
        if refused:
            self.tried.append(f"{refused} of the project's own rows do not fit here")
        return Filled(taken, {})

    def _made(self, kind: Rows, schema: Schema) -> Filled:
        """Rows made for the schema, or for what the scripts ask of it."""
        is_asked = kind in (Rows.ASKED, Rows.TWINS)
        to = schema if kind is Rows.TYPED else near(schema, self._near)
        if not to.tables or (is_asked and not self._clues.ask(kind)):
            return Filled((), {})
        if not is_asked:
            return self._track.to_filled(lambda it: fill(it, to, kind, self._plains))
        about = concerned_by(self._migration, schema)
        return self._track.to_filled(
            lambda it: fill_asked(it, to, kind, self._clues, self._plains, about)
        )


def near(schema: Schema, names: frozenset[str] | None) -> Schema:
    """The schema without the tables whose names are not among these; None leaves out none."""
    if names is None:
        return schema
    kept = {name: table for name, table in schema.tables.items() if name.lower() in names}
    return replace(schema, tables=kept)
