"""A whole chain on one engine: applied from empty, and its changed migrations proven."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from gatekeeper.migrations.engine import Database, Engine
from gatekeeper.migrations.filling import SEED
from gatekeeper.migrations.migration import Chain
from gatekeeper.migrations.plains import Plains
from gatekeeper.migrations.proof import Ask, prove
from gatekeeper.migrations.proofs import ChainProof
from gatekeeper.migrations.proven import Failing, Proven, Rows, Trouble
from gatekeeper.migrations.rows import own
from gatekeeper.migrations.schema import Schemas
from gatekeeper.migrations.shortcomings import refused
from gatekeeper.value import dataclass, replace


@dataclass(frozen=True, slots=True)
class Charge:
    """What is to be tried: a chain, the names of its changed migrations, and what must be kept.

    `rows` are the project's own rows, one script each.
    """

    chain: Chain
    changed: tuple[str, ...]
    keeps: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    seed: int = SEED
    explain: bool = True


def tried(charge: Charge, engine: Engine) -> ChainProof:
    """Apply the chain and prove what has changed; raises EngineError where the engine is gone."""
    chain = charge.chain
    proof = ChainProof(
        chain.runner,
        chain.dialect,
        chain.folder,
        chain.source,
        len(chain.migrations),
        faults=chain.faults,
        engines=(f"{engine.name} {engine.version}",),
        seed=charge.seed,
    )
    with engine.open() as database:
        schemas = Schemas(database, chain.ledger)
        proven = tuple(_proven(charge, database, schemas))
        schema = schemas.now()
    stopped = tuple(
        f"{each.path}: the chain ends here, and what comes after it was not run"
        for each in proven
        if each.ended
    )
    return replace(
        proof,
        proven=proven,
        stopped=stopped,
        tables=tuple(schema.tables),
        views=tuple(schema.views),
    )


def _proven(charge: Charge, database: Database, schemas: Schemas) -> Iterator[Proven]:
    """Each changed migration, and the first that the chain cannot pass."""
    rows = tuple(row for script in charge.rows for row in own(script))
    ask = Ask(charge.chain.ledger, rows, charge.keeps, charge.seed, charge.explain)
    plains = Plains(charge.seed)
    changed: Collection[str] = frozenset(charge.changed)
    for migration in charge.chain.migrations:
        if migration.name in changed:
            proven = prove(database, migration, ask, schemas, plains)
            yield proven
            if proven.ended:
                return
            continue
        refusal = database.apply(migration.up, atomic=migration.atomic)
        if refusal is not None and refusal.is_inconclusive:
            says = f"it could not be judged here: {refusal.reason.value}: {refusal.says}"
            yield Proven(migration.name, migration.up.path, open=(says,), ended=True)
            return
        if refusal is not None:
            failing: Failing = refused(
                Trouble.FAILS_ON_EMPTY, migration, migration.up, refusal, Rows.NONE
            )
            yield Proven(migration.name, migration.up.path, (failing,), ended=True)
            return
