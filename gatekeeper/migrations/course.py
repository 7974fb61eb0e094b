"""One course through a migration: rows, up, down, up again, and how everything stood between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper.migrations.contents import Contents, contents_of
from gatekeeper.migrations.engine import Database, Deed, Refusal, Row
from gatekeeper.migrations.full_text import unfit_indexes
from gatekeeper.migrations.migration import Migration
from gatekeeper.migrations.rows import Insert, written
from gatekeeper.migrations.schema import Schema, Schemas, quoted
from gatekeeper.value import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """How a database stands: its schema, its rows, and the rows whose parents are missing.

    `unfit` are the full-text tables that do not find what is there.
    """

    schema: Schema
    contents: Contents
    dangling: frozenset[Row]
    unsound: tuple[str, ...]
    unfit: frozenset[str] = frozenset()


def standing(database: Database, schema: Schema) -> Standing:
    """Look at all of a database with this schema; raises EngineError."""
    dangling, unsaid = _dangling(database, schema)
    unsound = (*_unsound(database), *unsaid)
    unfit = frozenset(unfit_indexes(database, schema))
    return Standing(schema, contents_of(database, schema), dangling, unsound, unfit)


def _dangling(database: Database, schema: Schema) -> tuple[frozenset[Row], tuple[str, ...]]:
    """The rows without their parents, and the tables that this cannot be asked of, with why."""
    answer = database.query("PRAGMA foreign_key_check")
    if isinstance(answer, tuple):
        return frozenset(answer), ()
    # One foreign key that fits no parent keeps SQLite from looking at any: ask table by table.
    found, unsaid = set[Row](), list[str]()
    for name in schema.tables:
        answer = database.query(f"PRAGMA foreign_key_check({quoted(name)})")
        if isinstance(answer, tuple):
            found.update(answer)
        else:
            unsaid.append(f"the foreign keys of {name} cannot be checked: {answer.says}")
    return frozenset(found), tuple(unsaid)


def _unsound(database: Database) -> tuple[str, ...]:
    answer = database.query("PRAGMA quick_check")
    if not isinstance(answer, tuple):
        return (f"it cannot be checked: {answer.says}",)
    return tuple(str(row[0]) for row in answer if row and row[0] != "ok")


@dataclass(frozen=True, slots=True)
class Course:
    """What happened: each step is None where it was not come to.

    `deeds` are what the statements of up did, as far as the engine says.
    """

    before: Standing
    up: Refusal | None = None
    after: Standing | None = None
    down: Refusal | None = None
    back: Standing | None = None
    deeds: tuple[Deed, ...] = ()


class Track:
    """A database at one place of a chain, from which courses start again and again."""

    def __init__(self, database: Database, migration: Migration, schemas: Schemas) -> None:
        self.database, self.migration, self.schemas = database, migration, schemas
        self._start = database.save()
        self._filled: tuple[Sequence[Insert], object] | None = None
        self._upped: tuple[Sequence[Insert], object] | None = None

    def to_start(self, inserts: Sequence[Insert] = ()) -> tuple[Insert, ...]:
        """Go back to where the chain stood and write rows; gives those that were taken."""
        if self._filled is not None and self._filled[0] is inserts:
            self.database.restore(self._filled[1])
            return tuple(inserts)
        self.database.restore(self._start)
        taken = written(inserts, self.database)
        if len(taken) == len(inserts):
            self._filled = (inserts, self.database.save())
        return taken

    def to_upped(self, inserts: Sequence[Insert]) -> None:
        """Go to where the migration has been run on the rows, which it is known to take."""
        if self._upped is not None and self._upped[0] is inserts:
            self.database.restore(self._upped[1])
            return
        self.to_start(inserts)
        self.up()
        self._upped = (inserts, self.database.save())

    def look(self) -> Standing:
        """How the database stands now."""
        return standing(self.database, self.schemas.now())

    def keep(self, inserts: Sequence[Insert]) -> None:
        """Remember the database as it is for these rows, which were just written."""
        self._filled = (inserts, self.database.save())

    def up(self) -> Refusal | None:
        """Run the migration as its runner does."""
        return self.database.apply(self.migration.up, atomic=self.migration.atomic)

    def down(self) -> Refusal | None:
        """Run its way back, which must be there."""
        script = self.migration.down
        assert script is not None
        return self.database.apply(script, atomic=self.migration.atomic)

    def course(self, inserts: Sequence[Insert]) -> Course:
        """Rows, up and down."""
        self.to_start(inserts)
        before = self.look()
        refused = self.up()
        if refused is not None:
            return Course(before, up=refused)
        deeds = self.database.deeds()
        after = self.look()
        self._upped = (inserts, self.database.save())
        if self.migration.down is None:
            return Course(before, after=after, deeds=deeds)
        refused = self.down()
        if refused is not None:
            return Course(before, after=after, down=refused, deeds=deeds)
        return Course(before, after=after, back=self.look(), deeds=deeds)


def tables_of(course: Course) -> Iterator[str]:
    """Every table that was there at some moment."""
    seen = dict.fromkeys(course.before.schema.tables)
    for later in (course.after, course.back):
        if later is not None:
            seen.update(dict.fromkeys(later.schema.tables))
    return iter(seen)
