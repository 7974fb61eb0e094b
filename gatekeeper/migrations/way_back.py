"""Ways back for the migrations of a tree: which are missing, and what each would be written as."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import ExitStack

from gatekeeper.migrations.engine import Database, Engine
from gatekeeper.migrations.engines import in_process
from gatekeeper.migrations.filling import SEED
from gatekeeper.migrations.lexemes import is_hollow
from gatekeeper.migrations.migration import Chain, Migration, Runner
from gatekeeper.migrations.proof import Ask
from gatekeeper.migrations.rollback import Rollback, confirmed, rollback
from gatekeeper.value import dataclass

_BESIDE = (Runner.WRANGLER, Runner.DRIZZLE, Runner.PAIRS)


@dataclass(frozen=True, slots=True)
class WayBack:
    """A way back that was looked for: what was found, where it belongs, and what proved it.

    `path` is empty where the runner keeps it in the file of the way up, or where we do not know.
    """

    migration: Migration
    found: Rollback
    path: str
    engine: str

    @property
    def text(self) -> str:
        """The file: what was proven, on what, then the statements."""
        proven = self.found.proven
        tried = "; ".join(proven.tried) if proven else ""
        head = (
            f"-- The way back of {self.migration.name}, written by gatekeeper.",
            f"-- Proven on {self.engine}: up, down and up again, rows from seed {SEED}.",
            f"-- {tried or 'No table had rows to try it on.'}",
            *(f"-- Not shown: {each}" for each in (proven.open if proven else ())),
        )
        return "\n".join((*head, "", self.found.down))


def ways_back(
    chain: Chain, wanted: str, down: str, second: Engine | None = None
) -> Iterator[WayBack]:
    """A way back for the named migration, or for each that has none; `down` is their folder.

    On D1 the `second` engine, if any, has to prove it as well. A chain that does not apply ends
    it: the last has nothing found, and the reason. Raises EngineError where an engine is gone.
    """
    engines: list[Engine] = [in_process(chain.dialect)]
    if second is not None and second.dialect is chain.dialect:
        engines.append(second)
    names = " and ".join(f"{each.name} {each.version}" for each in engines)
    with ExitStack() as opened:
        databases = [opened.enter_context(each.open()) for each in engines]
        for migration in chain.migrations:
            if _is_asked(migration, wanted):
                ask = Ask(chain.ledger)
                found = rollback(databases[0], migration, ask)
                for engine, database in zip(engines[1:], databases[1:], strict=True):
                    found = confirmed(database, engine.name, migration, found, ask)
                yield WayBack(migration, found, _path(chain, migration, down), names)
            if not all(_applied(database, migration) for database in databases):
                return


def _is_asked(migration: Migration, wanted: str) -> bool:
    if wanted:
        return is_named(migration, wanted)
    return migration.down is None or is_hollow(migration.down.text)


def is_named(migration: Migration, wanted: str) -> bool:
    """Whether a user means this migration: by its name, its path, or its number."""
    stem = migration.name.removesuffix(".sql")
    number = "" if migration.number is None else str(migration.number)
    return wanted in (migration.name, stem, migration.up.path, number, stem.partition("_")[0])


def _applied(database: Database, migration: Migration) -> bool:
    return database.apply(migration.up, atomic=migration.atomic) is None


def _path(chain: Chain, migration: Migration, down: str) -> str:
    if migration.down is not None:
        return migration.down.path
    name = posixpath.basename(migration.up.path)
    if chain.runner in _BESIDE:
        return posixpath.join(down or posixpath.join(chain.folder, "down"), name)
    if chain.runner is Runner.GOLANG_MIGRATE:
        return migration.up.path.removesuffix(".up.sql") + ".down.sql"
    if chain.runner in (Runner.PRISMA, Runner.DIESEL):
        return posixpath.join(posixpath.dirname(migration.up.path), "down.sql")
    return ""
