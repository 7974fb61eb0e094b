"""The reading of the migration rules: every data migration of the contract, run and proven."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from gatekeeper.carrying.bench import Bench, Fixture
from gatekeeper.carrying.document import parsed
from gatekeeper.carrying.minutes import Blame, Minutes
from gatekeeper.carrying.trial import tried
from gatekeeper.errors import GitError, Unreadable
from gatekeeper.git import printable
from gatekeeper.migrations.carried import DataProof, DataProofs
from gatekeeper.migrations.engine import EngineError
from gatekeeper.migrations.filling import SEED
from gatekeeper.migrations.history import chains
from gatekeeper.migrations.image import Image, image_of
from gatekeeper.patterns import Patterns
from gatekeeper.reading.compiled import without_compiled
from gatekeeper.reading.progress import shown
from gatekeeper.reading.room import Room
from gatekeeper.reading.rooms import Rooms
from gatekeeper.reading.suite import Lodging, is_node
from gatekeeper.reading.taking import lender_of
from gatekeeper.reading.unusable import Unusable
from gatekeeper.rule import Measured, Missing, Reading
from gatekeeper.snapshot import Snapshot
from gatekeeper.strays import Outlived
from gatekeeper.terms import Contract, DataMigrationPlan, ReadingPlan
from gatekeeper.tools import ToolError
from gatekeeper.value import dataclass

_PROBLEMS = (EngineError, ToolError, Unusable, Outlived, GitError, Unreadable, OSError)


@dataclass(frozen=True, slots=True)
class Means:
    """What the commands get to see: the caller's environment, less what readings leave out."""

    environ: Mapping[str, str]
    repository: Path | None = None


def carried(base: Snapshot, head: Snapshot, contract: Contract, means: Means) -> Reading:
    """The reading: each data migration of the contract run on the head, or why it is missing.

    What could not be tried of one is open in its proof, so that no rule takes it for proven.
    """
    if not contract.data_migrations:
        return Measured(DataProofs(), head.tree or head.label, "the contract names none")
    rooms = Rooms(means.environ, means.repository)
    try:
        prover = _Prover(without_compiled(base), without_compiled(head), contract, rooms)
        with shown("the data migrations", means.environ):
            proofs = tuple(prover.proof(name) for name in contract.data_migrations)
    except _PROBLEMS as error:
        return Missing(rooms.plainly(str(error)))
    finally:
        rooms.close()
    runs = sum(each.runs for each in proofs)
    return Measured(DataProofs(proofs), head.tree or head.label, f"{runs} runs")


class _Prover:
    """Proves the data migrations of one contract, each in the same rooms."""

    def __init__(self, base: Snapshot, head: Snapshot, contract: Contract, rooms: Rooms) -> None:
        self._base, self._head, self._contract, self._rooms = base, head, contract, rooms
        self._image = _image(head, contract)
        # The tools are in the tree: what is drawn from its id cannot be written into them.
        self._seed = int(head.tree[:8], 16) if head.tree else SEED

    def proof(self, name: str) -> DataProof:
        """Run one; raises Unusable where no room can be made for it."""
        contract, plan = self._contract, self._contract.data_migrations[name]
        place = contract.places.get(f"data-migrations/{name}")
        entry = (contract.binding_path, place.line if place else 1)
        blame = Blame(self._tool(plan.forward), self._tool(plan.reverse), entry)
        minutes = Minutes(name, blame)
        fixtures = tuple(self._fixtures(plan, minutes))
        bench = self._bench(plan, fixtures)
        for command, words in ((plan.forward, ("{in}", "{db}")), (plan.reverse, ("{db}", "{out}"))):
            minutes.open += [
                f"`{printable(command)}` does not name {word}, so that it cannot be run on files"
                for word in words
                if command and word not in command
            ]
        if not minutes.open:
            keeps = contract.migrations.keeps if contract.migrations else ()
            tried(bench, fixtures, keeps, minutes, seed=self._seed)
        return DataProof(
            name,
            plan.classes,
            entry,
            minutes.failings,
            tuple(each.name for each in fixtures),
            minutes.told,
            tuple(minutes.open),
            bench.runs,
            self._seed,
            self._image.engine,
        )

    def _tool(self, command: str) -> str:
        """The first word of a command that is a file of the head; empty where none is."""
        try:
            words = shlex.split(command)
        except ValueError:
            return ""
        return next((word for word in words if word in self._head.entries), "")

    def _fixtures(self, plan: DataMigrationPlan, minutes: Minutes) -> Iterator[Fixture]:
        """The files that the patterns name: those of the head, and where they differ the base's."""
        for glob in plan.fixtures:
            patterns, found = Patterns((glob,)), False
            for path in sorted({*self._base, *self._head}):
                if patterns.match(path):
                    found = True
                    yield from self._versions(path)
            if not found:
                minutes.open.append(f"there is no fixture {printable(glob)}")

    def _versions(self, path: str) -> Iterator[Fixture]:
        new = self._head.get(path)
        old = self._base.get(path)
        if new is not None:
            yield _fixture(path, new)
        if old is not None and old != new:
            yield _fixture(f"{path} (as the base has it)", old)

    def _bench(self, plan: DataMigrationPlan, fixtures: Sequence[Fixture]) -> Bench:
        """In a bare environment; where forward fails there, in the one that readings set up."""
        reading = ReadingPlan(plan.forward)
        lender = lender_of(reading, self._contract.readings)
        bench = Bench(plan, self._image.bytes, lambda: self._room(reading, reading))
        first = next((each for each in fixtures if each.content.strip()), None)
        if (
            not lender.setup
            or first is None
            or bench.forward(bench.place(first), first.content).well
        ):
            return bench
        return Bench(plan, self._image.bytes, lambda: self._room(reading, lender))

    def _room(self, plan: ReadingPlan, lender: ReadingPlan) -> Room:
        lodging = Lodging(
            tree=self._head,
            base=self._base,
            setup=lender.setup,
            cwd=lender.cwd,
            env=tuple(sorted(lender.env.items())),
            node=is_node(plan),
            minutes=lender.minutes,
        )
        return self._rooms.room(lodging, plan, self._head)


def _fixture(name: str, content: bytes) -> Fixture:
    try:
        return Fixture(name, content, parsed(content))
    except ValueError:
        return Fixture(name, content)


def _image(head: Snapshot, contract: Contract) -> Image:
    """The database that forward finds: the schema of the first chain that has a migration."""
    for chain in chains(head, contract.migrations):
        if chain.migrations:
            return image_of(chain)
    return Image("", "SQLite, without a schema: the project has no migrations in SQL")
