"""One course through a migration: rows, up, down, up again, and how everything stood between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from gatekeeper.migrations.contents import NOTHING, Contents, contents_of
from gatekeeper.migrations.engine import Asking, Database, Deed, Refusal, Row, Value
from gatekeeper.migrations.full_text import unfit_indexes
from gatekeeper.migrations.migration import Migration
from gatekeeper.migrations.reach import around, reached
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
    database: Database,
    schema: Schema,
    since: Standing | None = None,
    near: frozenset[str] | None = None,
) -> Standing:
    """Look at all of a database with this schema; raises EngineError.

    Tables that are not `near` (in small letters) and still the same hold what they held `since`.
    """
    beside = frozenset[str]()
    if since is not None and near is not None:
        beside = _beside(near, since.schema, schema)
    dangling, unsaid = _dangling(database, schema)
    checked = schema.tables.keys() - beside if beside else None
    unsound = (*_unsound(database, checked, schema), *unsaid)
    unfit = frozenset(unfit_indexes(database, schema))
    before = NOTHING if since is None else since.contents
    contents = contents_of(database, schema, before, beside)
    return Standing(schema, contents, dangling, unsound, unfit)


def _beside(near: frozenset[str], before: Schema, now: Schema) -> frozenset[str]:
    """The tables that are not near and that both schemas hold in the same words."""
    return frozenset(
        name
        for name, table in now.tables.items()
        if name.lower() not in near and before.tables.get(name) is table
    )


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


def _unsound(database: Database, names: Iterable[str] | None, schema: Schema) -> Iterator[str]:
    """What SQLite finds wrong with tables of these names, or with all."""
    each_of = ("",) if names is None else tuple(f"({quoted(name)})" for name in names)
    for each in each_of:
        answer = database.query(f"PRAGMA quick_check{each}")
        if isinstance(answer, tuple):
            yield from (str(row[0]) for row in answer if row and row[0] != "ok")
        elif names is None and "memory" in answer.says:
            # Of many tables it is a longer program than D1 lets a statement be: ask one by one.
            yield from _unsound(database, schema.tables, schema)
        else:
            yield f"it cannot be checked: {answer.says}"


@dataclass(frozen=True, slots=True)
class Course:
    """What happened: each step is None where it was not come to.

    `deeds` are what the statements of up did, and `undone` those of its way back, as far as the
    engine says. `asked` is all that both
    scripts asked it for, None where one was not run to its end or nobody says.
    """

    before: Standing
    up: Refusal | None = None
    after: Standing | None = None
    down: Refusal | None = None
    back: Standing | None = None
    deeds: tuple[Deed, ...] = ()
    undone: tuple[Deed, ...] = ()
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
        return self.look(since, self.near)

    def look(self, since: Standing | None = None, near: frozenset[str] | None = None) -> Standing:
        """How the database stands now; what is not `near` stands as it did `since` then."""
        return standing(self.database, self.schemas.now(), since, near)

    def learn(self, empty: Course) -> None:
        """Know from a course without rows in which tables rows can matter."""
        if empty.after is not None:
            self.near = self._reach(empty.before, empty.asked, empty.after.schema)

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
        before = self.look(since, self.near)
        refused = self.up()
        if refused is not None:
            return Course(before, up=refused)
        deeds, asked = self.database.deeds(), self.database.asked()
        after = self.look(before, self._changed(before, asked, inserts, since))
        if returning:
            self._upped = (inserts, self.database.save())
        if self.migration.down is None:
            return Course(before, after=after, deeds=deeds, asked=asked)
        refused = self.down()
        if refused is not None:
            return Course(before, after=after, down=refused, deeds=deeds)
        undone, also = self.database.deeds(), self.database.asked()
        asked = None if asked is None or also is None else asked | also
        back = self.look(after, self._changed(after, asked, inserts, after))
        self._backed = inserts
        return Course(before, None, after, None, back, deeds, undone, asked)

    def _changed(
        self,
        before: Standing,
        asked: frozenset[Asking] | None,
        inserts: Sequence[Insert],
        since: Standing | None,
    ) -> frozenset[str] | None:
        """Where to look anew: without rows what was asked for, with rows what is near or all."""
        if inserts:
            return None if since is None else self.near
        return self._reach(before, asked, self.schemas.now())

    def _reach(
        self, before: Standing, asked: frozenset[Asking] | None, now: Schema
    ) -> frozenset[str] | None:
        names = reached(asked, (before.schema, now))
        return None if names is None else around(names, (before.schema, now))

    def _restore(self, saved: object) -> None:
        self.database.restore(saved)
        self._left()

    def _left(self) -> None:
        self._stands = self._backed = None


def tables_of(course: Course) -> Iterator[str]:
    """Every table that was there at some moment."""
    seen = dict.fromkeys(course.before.schema.tables)
    for later in (course.after, course.back):
        if later is not None:
            seen.update(dict.fromkeys(later.schema.tables))
    return iter(seen)
