"""The rows of each kind that a migration is tried on, and which of its tables they are for."""

from __future__ import annotations

from gatekeeper.migrations.clues import clues
from gatekeeper.migrations.concern import concerned_by
from gatekeeper.migrations.course import Course, Track
from gatekeeper.migrations.engine import Database
from gatekeeper.migrations.filling import fill, fill_asked
from gatekeeper.migrations.migration import Migration
from gatekeeper.migrations.proven import Rows
from gatekeeper.migrations.reach import around, reached
from gatekeeper.migrations.rows import Filled, Insert
from gatekeeper.migrations.schema import Schema
from gatekeeper.value import replace


class Supply:
    """Makes rows at the start of a track; `tried` says in words which, `unfilled` what took none.

    Ordinary rows are made in every table, all others in the tables that the migration can reach,
    with those that rows of theirs need.
    """

    def __init__(self, track: Track, own: tuple[Insert, ...], seed: int) -> None:
        self._track, self._own, self._seed = track, own, seed
        self.tried = list[str]()
        self.unfilled: dict[str, str] = {}

    def narrow(self, empty: Course) -> None:
        """Find out from the course without rows which tables rows can matter in."""
        if empty.after is None:
            return
        through = (empty.before.schema, empty.after.schema)
        names = reached(empty.asked, through)
        if names is None:
            return
        self._track.near = around(names, through)
        beside = len(near(through[0], None).tables) - len(near(through[0], self._track.near).tables)
        if beside:
            self.tried.append(
                f"{beside} tables hold ordinary rows alone: no statement can reach them"
            )

    def rows(self, kind: Rows, migration: Migration) -> Filled:
        """The rows of a kind, written once to see which of them the schema takes."""
        if kind is Rows.OWN:
            taken = self._track.to_start(self._own)
            refused = len(self._own) - len(taken)
            if refused:
                self.tried.append(f"{refused} of the project's own rows do not fit here")
            filled = Filled(taken, {})
        else:
            self._track.to_start()
            schema = self._track.schemas.now()
            filled = self._track.to_filled(lambda it: self._made(it, schema, kind, migration))
        if filled.inserts:
            tables = len({each.table for each in filled.inserts})
            self.tried.append(f"{kind.value}: {len(filled.inserts)} in {tables} tables")
        if kind is Rows.TYPED:
            concerned = concerned_by(migration, schema)
            unfilled = filled.unfilled.items()
            self.unfilled.update((name, why) for name, why in unfilled if name in concerned)
        return filled

    def _made(self, database: Database, schema: Schema, kind: Rows, migration: Migration) -> Filled:
        """Rows made for the schema, or for what the scripts ask of it."""
        if kind is Rows.TYPED:
            return fill(database, schema, kind, self._seed)
        nearby = near(schema, self._track.near)
        if kind not in (Rows.ASKED, Rows.TWINS):
            return fill(database, nearby, kind, self._seed)
        found = clues(migration)
        if not found.ask(kind):
            return Filled((), {})
        about = concerned_by(migration, schema)
        return fill_asked(database, nearby, kind, found, self._seed, about)


def near(schema: Schema, names: frozenset[str] | None) -> Schema:
    """The schema without the tables whose names are not among these; None leaves out none."""
    if names is None:
        return schema
    kept = {name: table for name, table in schema.tables.items() if name.lower() in names}
    return replace(schema, tables=kept)
