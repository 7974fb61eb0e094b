"""One course through a migration: rows, up, down, up again, and how everything stood between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from gatekeeper.migrations.contents import Contents, TableContents, contents_of
from gatekeeper.migrations.engine import Asking, Database, Deed, Refusal, Row, Value
from gatekeeper.migrations.full_text import unfit_indexes
from gatekeeper.migrations.migration import Migration
from gatekeeper.migrations.rows import Filled, Insert, written
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


def standing(
    database: Database, schema: Schema, known: Mapping[str, TableContents] | None = None
) -> Standing:
    """Look at all of a database with this schema but the rows `known`; raises EngineError."""
    dangling, unsaid = _dangling(database, schema)
    unsound = (*_unsound(database), *unsaid)
    unfit = frozenset(unfit_indexes(database, schema))
    return Standing(schema, contents_of(database, schema, known), dangling, unsound, unfit)


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


def newly_dangling(before: Standing, after: Standing) -> Mapping[tuple[Value, Value], int]:
    """How many rows of which table miss a row of which other one that did not before.

    Rows are counted, not named: the number of a row and that of a foreign key change with a table
    that is made anew, and what missed its parent before does so still where a table is renamed.
    """
    was, now = (Counter((row[0], row[2]) for row in it.dangling) for it in (before, after))
    return now - was if now.total() > was.total() else {}


def _unsound(database: Database) -> tuple[str, ...]:
    answer = database.query("PRAGMA quick_check")
    if not isinstance(answer, tuple):
        return (f"it cannot be checked: {answer.says}",)
    return tuple(str(row[0]) for row in answer if row and row[0] != "ok")


@dataclass(frozen=True, slots=True)
class Course:
    """What happened: each step is None where it was not come to.

    `deeds` are what the statements of up did, as far as the engine says. `asked` is all that both
    scripts asked it for, None where one was not run to its end or nobody says.
    """

    before: Standing
    up: Refusal | None = None
    after: Standing | None = None
    down: Refusal | None = None
    back: Standing | None = None
    deeds: tuple[Deed, ...] = ()
    asked: frozenset[Asking] | None = None


class Track:
    """A database at one place of a chain, from which courses start again and again.

    `near` are the tables, in small letters, that can be otherwise than they were when rows are in
    these tables alone; None where that may be any table.
    """

    def __init__(self, database: Database, migration: Migration, schemas: Schemas) -> None:
        self.database, self.migration, self.schemas = database, migration, schemas
        self.near: frozenset[str] | None = None
        self._start = database.save()
        self._stands: Sequence[Insert] | None = ()  # the rows it stands filled with, and no more
        self._backed: Sequence[Insert] | None = None
        self._filled: tuple[Sequence[Insert], object] | None = None
        self._upped: tuple[Sequence[Insert], object] | None = None

    def to_start(self, inserts: Sequence[Insert] = ()) -> tuple[Insert, ...]:
        """Go back to where the chain stood and write rows; gives those that were taken."""
        if self._stands is inserts:
            return tuple(inserts)
        if self._filled is not None and self._filled[0] is inserts:
            self._restore(self._filled[1])
            self._stands = inserts
            return tuple(inserts)
        self._restore(self._start)
        taken = written(inserts, self.database)
        if len(taken) == len(inserts):
            self._stands = inserts
            self._filled = (inserts, self.database.save()) if inserts else self._filled
        return taken

    def to_filled(self, fill: Callable[[Database], Filled]) -> Filled:
        """Fill the database where the chain stood."""
        self.to_start()
        self._stands = None
        filled = fill(self.database)
        self._stands = filled.inserts or None
        return filled

    def to_upped(self, inserts: Sequence[Insert]) -> None:
        """Go to where the migration has been run on the rows, which it is known to take."""
        if self._upped is not None and self._upped[0] is inserts:
            self._restore(self._upped[1])
            return
        self.to_start(inserts)
        self.up()
        self._upped = (inserts, self.database.save())

    def to_back(self, inserts: Sequence[Insert]) -> None:
        """Go to where it has been run and taken back, which is known to go."""
        if self._backed is not inserts:
            self.to_upped(inserts)
            self.down()

    def fresh(self, inserts: Sequence[Insert], since: Standing) -> Standing:
        """How it stands where the migration is run once more from the start; see `look`."""
        self.to_start(inserts)
        self.up()
        return self.look(since)

    def look(self, since: Standing | None = None) -> Standing:
        """How the database stands now; what is not near stands as it did `since` then."""
        schema = self.schemas.now()
        return standing(self.database, schema, self._known(schema, since))

    def up(self, statements: int | None = None) -> Refusal | None:
        """Run the migration as its runner does, or its first statements as if interrupted."""
        self._left()
        if statements is not None:
            return self.database.apply_until(self.migration.up, statements)
        return self.database.apply(self.migration.up, atomic=self.migration.atomic)

    def down(self) -> Refusal | None:
        """Run its way back, which must be there."""
        script = self.migration.down
        assert script is not None
        self._left()
        return self.database.apply(script, atomic=self.migration.atomic)

    def course(
        self, inserts: Sequence[Insert], since: Standing | None = None, *, returning: bool = False
    ) -> Course:
        """Rows, up and down; `since` is a look at what is not near, if not all is to be read.

        With `returning`, the way `to_upped` is short afterwards.
        """
        self.to_start(inserts)
        before = self.look(since)
        refused = self.up()
        if refused is not None:
            return Course(before, up=refused)
        deeds, asked = self.database.deeds(), self.database.asked()
        after = self.look(since and before)
        if returning:
            self._upped = (inserts, self.database.save())
        if self.migration.down is None:
            return Course(before, after=after, deeds=deeds, asked=asked)
        refused = self.down()
        if refused is not None:
            return Course(before, after=after, down=refused, deeds=deeds)
        also = self.database.asked()
        back = self.look(since and after)
        self._backed = inserts
        both = None if asked is None or also is None else asked | also
        return Course(before, after=after, back=back, deeds=deeds, asked=both)

    def _restore(self, saved: object) -> None:
        self.database.restore(saved)
        self._left()

    def _left(self) -> None:
        self._stands = self._backed = None

    def _known(self, schema: Schema, since: Standing | None) -> Mapping[str, TableContents] | None:
        """The rows of tables that are not near and are still the same tables."""
        if since is None or self.near is None:
            return None
        return {
            name: since.contents.tables[name]
            for name, table in schema.tables.items()
            if name.lower() not in self.near
            and since.schema.tables.get(name) is table
            and name in since.contents.tables
        }


def tables_of(course: Course) -> Iterator[str]:
    """Every table that was there at some moment."""
    seen = dict.fromkeys(course.before.schema.tables)
    for later in (course.after, course.back):
        if later is not None:
            seen.update(dict.fromkeys(later.schema.tables))
    return iter(seen)
