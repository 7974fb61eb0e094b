"""The proof of one migration: run on rows, undone, run again, repeated and interrupted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gatekeeper.migrations.course import Course, Standing, Track
from gatekeeper.migrations.culprit import line_of
from gatekeeper.migrations.engine import Database
from gatekeeper.migrations.filling import SEED
from gatekeeper.migrations.keeping import broken_keeps
from gatekeeper.migrations.lexemes import is_hollow
from gatekeeper.migrations.migration import Migration
from gatekeeper.migrations.plains import Plains
from gatekeeper.migrations.proven import Failing, Proven, Rows, Trouble
from gatekeeper.migrations.reruns import Reruns
from gatekeeper.migrations.rows import Insert
from gatekeeper.migrations.schema import Schemas
from gatekeeper.migrations.shortcomings import failings_of, inconclusive
from gatekeeper.migrations.shrink import counterexample, shrunk
from gatekeeper.migrations.supply import Supply
from gatekeeper.migrations.unmet import Unmet
from gatekeeper.migrations.unsettled import unsettled
from gatekeeper.value import dataclass, replace

# What rows that the schema's own engine would not have let in may meet with: a loud refusal.
_LOUD = (Trouble.FAILS_ON_ROWS, Trouble.DOWN_FAILS)

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
    database: Database,
    migration: Migration,
    ask: Ask,
    schemas: Schemas | None = None,
    plains: Plains | None = None,
) -> Proven:
    """Prove one migration on a database that stands where the chain before it ends.

    Who proves several hands on what is known of schemas and rows. The database is left as the
    migration leaves an empty one, or, where it is refused, as it was. Raises EngineError where
    the engine is gone.
    """
    schemas = schemas or Schemas(database, ask.ledger)
    return _Proof(database, migration, ask, schemas, plains or Plains(ask.seed)).run()


class _Proof:
    """The proof of one migration, its failings in the order in which they showed."""

    def __init__(
        self,
        database: Database,
        migration: Migration,
        ask: Ask,
        schemas: Schemas,
        plains: Plains,
    ) -> None:
        self._migration, self._ask = migration, ask
        # A way back that says nothing is none: what it does not bring back is no news.
        hollow = migration.down is not None and is_hollow(migration.down.text)
        tried = replace(migration, down=None) if hollow else migration
        self._track = Track(database, tried, schemas)
        self._supply, self._plains = Supply(self._track, tried, ask.own, plains), plains
        self._failings: dict[tuple[Trouble, str], Failing] = {}
        self._open = list[str]()
        self._unmet = Unmet(tried)

    def run(self) -> Proven:
        """All of it."""
        migration, track = self._migration, self._track
        self._add(self._way_back())
        self._open += unsettled(migration, self._ask.ledger)
        empty = self._course((), Rows.NONE)
        if empty.up is None:
            self._on_all_rows(empty)
            self._open += self._unmet.said()
        track.to_start()
        track.up()
        return Proven(
            migration.name,
            migration.up.path,
            tuple(self._failings.values()),
            tuple(self._supply.tried),
            tuple(self._supply.unfilled.items()),
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

    def _on_all_rows(self, empty: Course) -> None:
        """Every kind of rows; in all tables where the project's own queries may look at any."""
        self._track.learn(empty)
        if not self._ask.keeps:
            self._supply.narrow(empty.before.schema)
        self._on_rows(Rows.TYPED, empty.before)
        since = None if self._ask.keeps else empty.before
        for kind in (Rows.EDGE, Rows.ODD, Rows.ASKED, Rows.TWINS):
            self._on_rows(kind, empty.before, since)
        if self._ask.own:
            self._on_rows(Rows.OWN, empty.before)

    def _on_rows(self, kind: Rows, start: Standing, since: Standing | None = None) -> None:
        """Rows of a kind, in the tables near where `since` says how all others stand."""
        inserts = self._supply.rows(kind, start.schema).inserts
        if not inserts:
            return
        course = self._course(inserts, kind, since)
        if course.after is None:
            return
        if kind is not Rows.ODD:
            reruns = Reruns(self._track, inserts, course, course.after, kind)
            # What down left behind is said already.
            is_undone = _UNDONE.isdisjoint(each.trouble for each in self._failings.values())
            if course.back is not None and is_undone:
                self._add(reruns.again())
            self._add(reruns.repeated())
            self._add(reruns.interrupted())
            if course.back is not None and kind is Rows.TYPED:
                self._add(reruns.later(self._plains.next))
        self._add(self._kept(inserts, kind))

    def _course(
        self, inserts: Sequence[Insert], kind: Rows, since: Standing | None = None
    ) -> Course:
        course = self._track.course(inserts, since, returning=kind not in (Rows.NONE, Rows.ODD))
        self._unmet.see(course)
        unsaid = inconclusive(course)
        if unsaid and unsaid not in self._open:
            self._open.append(unsaid)
        for failing in failings_of(self._migration, course, kind):
            if failing.trouble in _LOUD and (kind is Rows.ODD or kind.is_twin(failing.says)):
                self._supply.tried.append(f"{kind.value}: it refuses them ({failing.says})")
            elif (failing.trouble, failing.subject) not in self._failings:
                self._add((self._explained(failing, inserts, kind, since),))
        return course

    def _explained(
        self, failing: Failing, inserts: Sequence[Insert], kind: Rows, since: Standing | None
    ) -> Failing:
        """The failing with the smallest rows that show it."""
        if not inserts or not self._ask.explain:
            return failing
        sought = (failing.trouble, failing.subject)

        def shows(some: Sequence[Insert]) -> bool:
            course = self._track.course(some, since)
            found = failings_of(self._migration, course, kind)
            return any((each.trouble, each.subject) == sought for each in found)

        few = shrunk(inserts, shows)
        course = self._track.course(few)
        now = failings_of(self._migration, course, kind)
        line = line_of(self._track, few, failing)
        smallest = next((each for each in now if (each.trouble, each.subject) == sought), failing)
        return replace(smallest, line=line, example=counterexample(few, course, smallest))

    def _kept(self, inserts: Sequence[Insert], kind: Rows) -> Iterator[Failing]:
        """The queries whose answer must not change, each with the line that changes it."""
        for failing in broken_keeps(self._track, self._ask.keeps, inserts, kind):
            known = (failing.trouble, failing.subject) in self._failings or not self._ask.explain
            line = failing.line if known else line_of(self._track, inserts, failing)
            yield replace(failing, line=line)

    def _add(self, found: Iterable[Failing | str]) -> None:
        """Failings, each once, and what stays open."""
        for each in found:
            if isinstance(each, str):
                self._open.append(each)
            else:
                self._failings.setdefault((each.trouble, each.subject), each)
