"""The proof of one migration: run on rows, undone, run again, repeated and interrupted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.migrations.clues import clues
from gatekeeper.migrations.concern import concerned_by, written_to
from gatekeeper.migrations.course import Course, Standing, Track
from gatekeeper.migrations.culprit import line_of
from gatekeeper.migrations.engine import Database, Refusal, Row
from gatekeeper.migrations.filling import SEED, fill, fill_asked
from gatekeeper.migrations.later import later_losses
from gatekeeper.migrations.lexemes import is_hollow
from gatekeeper.migrations.migration import Migration, Script
from gatekeeper.migrations.proven import Failing, Proven, Rows, Trouble
from gatekeeper.migrations.rows import Filled, Insert
from gatekeeper.migrations.schema import Schemas
from gatekeeper.migrations.schema_difference import differences
from gatekeeper.migrations.shortcomings import failings_of, inconclusive, refused, unlike
from gatekeeper.migrations.shrink import counterexample, shrunk
from gatekeeper.migrations.unmet import Unmet
from gatekeeper.migrations.unsettled import unsettled
from gatekeeper.value import dataclass, replace

# What rows that the schema's own engine would not have let in may meet with: a loud refusal.
_LOUD = (Trouble.FAILS_ON_ROWS, Trouble.DOWN_FAILS)

_KINDS = (Rows.TYPED, Rows.EDGE, Rows.ODD, Rows.ASKED, Rows.TWINS, Rows.OWN)
_UNDONE = frozenset({Trouble.DOWN_FAILS, Trouble.SCHEMA_NOT_RESTORED, Trouble.ROWS_NOT_RESTORED})


@dataclass(frozen=True, slots=True)
class Ask:
    """What the proof goes by besides the chain: the project's rows and queries, and the seed.

    `explain` says whether the smallest rows that show a failing are looked for.
    """

    ledger: str = ""
    own: tuple[Insert, ...] = ()
    keeps: tuple[str, ...] = ()
    seed: int = SEED
    explain: bool = True


def prove(
    database: Database, migration: Migration, ask: Ask, schemas: Schemas | None = None
) -> Proven:
    """Prove one migration on a database that stands where the chain before it ends.

    The database is left as the migration leaves an empty one, or, where it is refused, as it was.
    Raises EngineError where the engine is gone.
    """
    proof = _Proof(database, migration, ask, schemas or Schemas(database, ask.ledger))
    return proof.run()


class _Proof:
    """The proof of one migration, its failings in the order in which they showed."""

    def __init__(
        self, database: Database, migration: Migration, ask: Ask, schemas: Schemas
    ) -> None:
        self._migration, self._ask = migration, ask
        # A way back that says nothing is none: what it does not bring back is no news.
        hollow = migration.down is not None and is_hollow(migration.down.text)
        tried = replace(migration, down=None) if hollow else migration
        self._track = Track(database, tried, schemas)
        self._failings: dict[tuple[Trouble, str], Failing] = {}
        self._open = list[str]()
        self._tried = list[str]()
        self._unfilled: dict[str, str] = {}
        self._unmet = Unmet(tried)

    def run(self) -> Proven:
        """All of it."""
        migration, track = self._migration, self._track
        self._add(self._way_back())
        self._open += unsettled(migration, self._ask.ledger)
        empty = self._course((), Rows.NONE)
        if empty.up is None:
            for kind in _KINDS:
                self._on_rows(kind)
            self._open += self._unmet.said()
        track.to_start()
        track.up()
        return Proven(
            migration.name,
            migration.up.path,
            tuple(self._failings.values()),
            tuple(self._tried),
            tuple(self._unfilled.items()),
            tuple(self._open),
            ended=empty.up is not None,
        )

    def _way_back(self) -> Iterator[Failing]:
        """Whether there is one at all, before it is run."""
        migration = self._migration
        up, down = migration.up, migration.down
        if down is None:
            yield Failing(Trouble.NO_DOWN, migration.name, up.path, up.line, "it has no way back")
        elif is_hollow(down.text) and not is_hollow(up.text):
            says = "its way back holds no statement"
            yield Failing(Trouble.HOLLOW_DOWN, migration.name, down.path, down.line, says)

    def _on_rows(self, kind: Rows) -> None:
        filled = self._filled(kind)
        course = self._course(filled.inserts, kind) if filled.inserts else None
        if course is None or course.after is None:
            return
        self._add(self._kept(filled.inserts, kind))
        if kind is not Rows.ODD:
            self._add(self._repeated(filled.inserts, course.after, kind))
            self._add(self._interrupted(filled.inserts, course.after, kind))
        if course.back is not None and kind is not Rows.ODD:
            self._add(self._again(filled.inserts, course.after, kind))
        if course.back is not None and kind is Rows.TYPED:
            self._add(self._later(filled.inserts, course, kind))

    def _filled(self, kind: Rows) -> Filled:
        """The rows of a kind, written once to see which of them the schema takes."""
        self._track.to_start()
        if kind is Rows.OWN:
            taken = self._track.to_start(self._ask.own)
            refused_ = len(self._ask.own) - len(taken)
            if refused_:
                self._tried.append(f"{refused_} of the project's own rows do not fit here")
            filled = Filled(taken, {})
        else:
            filled = self._made(kind)
            self._track.keep(filled.inserts)
        if filled.inserts:
            tables = len({each.table for each in filled.inserts})
            self._tried.append(f"{kind.value}: {len(filled.inserts)} in {tables} tables")
        if kind is Rows.TYPED:
            concerned = concerned_by(self._migration, self._track.schemas.now())
            unfilled = filled.unfilled.items()
            self._unfilled.update((name, why) for name, why in unfilled if name in concerned)
        return filled

    def _made(self, kind: Rows) -> Filled:
        """Rows made for the schema, or for what the scripts ask of it."""
        database, schema = self._track.database, self._track.schemas.now()
        if kind not in (Rows.ASKED, Rows.TWINS):
            return fill(database, schema, kind, self._ask.seed)
        found = clues(self._migration)
        if not found.ask(kind):
            return Filled((), {})
        near = concerned_by(self._migration, schema)
        return fill_asked(database, schema, kind, found, self._ask.seed, near)

    def _course(self, inserts: Sequence[Insert], kind: Rows) -> Course:
        course = self._track.course(inserts)
        self._unmet.see(course)
        unsaid = inconclusive(course)
        if unsaid and unsaid not in self._open:
            self._open.append(unsaid)
        for failing in failings_of(self._migration, course, kind):
            if failing.trouble in _LOUD and (kind is Rows.ODD or kind.is_twin(failing.says)):
                self._tried.append(f"{kind.value}: it refuses them ({failing.says})")
            elif (failing.trouble, failing.subject) not in self._failings:
                self._add((self._explained(failing, inserts, kind),))
        return course

    def _explained(self, failing: Failing, inserts: Sequence[Insert], kind: Rows) -> Failing:
        """The failing with the smallest rows that show it."""
        if not inserts or not self._ask.explain:
            return failing
        sought = (failing.trouble, failing.subject)

        def shows(some: Sequence[Insert]) -> bool:
            course = self._track.course(some)
            found = failings_of(self._migration, course, kind)
            return any((each.trouble, each.subject) == sought for each in found)

        few = shrunk(inserts, shows)
        course = self._track.course(few)
        now = failings_of(self._migration, course, kind)
        line = line_of(self._track, few, failing)
        smallest = next((each for each in now if (each.trouble, each.subject) == sought), failing)
        return replace(smallest, line=line, example=counterexample(few, course, smallest))

    def _kept(self, inserts: Sequence[Insert], kind: Rows) -> Iterator[Failing]:
        """The queries whose answer must not change."""
        if not self._ask.keeps:
            return
        track, up = self._track, self._migration.up
        track.to_start(inserts)
        before = self._answers()
        track.up()
        after = self._answers()
        for query, was in before.items():
            now = after[query]
            if isinstance(was, tuple) and now != was:
                says = f"`{query}` gave {_told(was)}, and gives {_told(now)}"
                name = self._migration.name
                failing = Failing(Trouble.KEEPS_BROKEN, name, up.path, up.line, says, query, kind)
                known = (failing.trouble, query) in self._failings or not self._ask.explain
                line = up.line if known else line_of(track, inserts, failing)
                yield replace(failing, line=line)

    def _answers(self) -> Mapping[str, tuple[Row, ...] | Refusal]:
        return {query: self._track.database.query(query) for query in self._ask.keeps}

    def _repeated(
        self, inserts: Sequence[Insert], after: Standing, kind: Rows
    ) -> Iterator[Failing]:
        """Run a second time: it may fail loudly, but not change anything without a word."""
        track, migration = self._track, self._migration
        track.to_upped(inserts)
        refusal = track.up()
        if refusal is not None:
            yield from self._refused(Trouble.REPEAT_FAILS, migration.up, refusal, kind)
            return
        for says in _changes(after, track.look()):
            yield self._failing(Trouble.REPEAT_CHANGES, f"a second run changes it: {says}", kind)
            return

    def _interrupted(
        self, inserts: Sequence[Insert], after: Standing, kind: Rows
    ) -> Iterator[Failing]:
        """Where its runner uses no transaction: stop after each statement, and run it again."""
        track, migration = self._track, self._migration
        if migration.atomic:
            return
        for count in range(1, track.database.count(migration.up)):
            track.to_start(inserts)
            if track.database.apply_until(migration.up, count) is not None:
                continue
            refusal = track.up()
            says = refusal.says if refusal else next(iter(_changes(after, track.look())), "")
            if says:
                told = f"interrupted after statement {count}, it cannot be resumed: {says}"
                yield self._failing(Trouble.NOT_RESUMABLE, told, kind)
                return

    def _again(self, inserts: Sequence[Insert], after: Standing, kind: Rows) -> Iterator[Failing]:
        """Up, down, up: the second time must come out as the first did."""
        track = self._track
        if not _UNDONE.isdisjoint(each.trouble for each in self._failings.values()):
            return  # what down left behind is said already
        track.to_upped(inserts)
        track.down()
        refusal = track.up()
        if refusal is not None:
            yield from self._refused(Trouble.NOT_AGAIN, self._migration.up, refusal, kind)
            return
        for says in _changes(after, track.look()):
            yield self._failing(Trouble.NOT_AGAIN, f"after up, down and up, {says}", kind)
            return

    def _later(self, inserts: Sequence[Insert], course: Course, kind: Rows) -> Iterator[Failing]:
        """Down after the new schema was written to: it must still apply and keep the old rows."""
        track, migration = self._track, self._migration
        if migration.down is None or course.after is None:
            return
        track.to_upped(inserts)
        fill(track.database, written_to(course), Rows.TYPED, self._ask.seed + 1, later=True)
        wrote = track.look()
        refusal = track.down()
        if refusal is not None:
            yield from self._refused(Trouble.DOWN_FAILS_LATER, migration.down, refusal, kind)
        elif course.back is not None:
            yield from later_losses(migration, migration.down, course, wrote, track.look())

    def _refused(
        self, trouble: Trouble, script: Script, refusal: Refusal, kind: Rows
    ) -> Iterator[Failing]:
        """A refusal as a failing; one that says something of the engine alone stays open."""
        if refusal.is_inconclusive:
            self._open.append(f"{trouble.value}: not judged here: {refusal.says}")
        else:
            yield refused(trouble, self._migration, script, refusal, kind)

    def _failing(self, trouble: Trouble, says: str, kind: Rows) -> Failing:
        script = self._migration.up
        return Failing(trouble, self._migration.name, script.path, script.line, says, rows=kind)

    def _add(self, failings: Iterator[Failing] | tuple[Failing, ...]) -> None:
        for failing in failings:
            self._failings.setdefault((failing.trouble, failing.subject), failing)


def _changes(was: Standing, now: Standing) -> Iterator[str]:
    """How two states differ, in words."""
    for difference in differences(was.schema, now.schema):
        if difference.matters:
            yield str(difference)
    for _, says, _ in unlike(was.contents, now.contents):
        yield says


def _told(answer: tuple[Row, ...] | Refusal) -> str:
    if not isinstance(answer, tuple):
        return f"nothing any more ({answer.says})"
    if len(answer) == 1 and len(answer[0]) == 1:
        return str(answer[0][0])
    return f"{len(answer):,} rows"
