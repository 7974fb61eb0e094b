"""The reading of the migration rules: every chain of the head, its changed migrations proven."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from gatekeeper.errors import Unreadable
from gatekeeper.migrations.confirming import confirmed
from gatekeeper.migrations.engine import EngineError
from gatekeeper.migrations.engines import workerd
from gatekeeper.migrations.history import chains
from gatekeeper.migrations.migration import Chain, Dialect, FaultKind
from gatekeeper.migrations.proofs import ChainProof, Proofs
from gatekeeper.migrations.trial import Charge, tried
from gatekeeper.plain_data import made, plain
from gatekeeper.rule import Measured, Missing, Reading
from gatekeeper.snapshot import Snapshot
from gatekeeper.terms import MigrationPlan
from gatekeeper.tools import Ended, Limits, ToolError, run
from gatekeeper.value import dataclass, field, replace

LIMITS = Limits(seconds=300, output=64_000_000, memory=2_000_000_000)
"""What the proof of one chain may use."""

_COMMAND = (sys.executable, "-I", "-m", "gatekeeper.migrations.trial_child")


@dataclass(frozen=True, slots=True)
class Means:
    """Where the platform's own engine is looked for; the repository's is never taken."""

    environ: Mapping[str, str] = field(default_factory=dict)
    repository: Path = Path()


def proven(
    base: Snapshot, head: Snapshot, plan: MigrationPlan | None, means: Means | None = None
) -> Reading:
    """The reading: the proofs of the head's migrations, or why they are missing.

    Without `means`, what runs is the engine in process alone.
    """
    try:
        proofs = proofs_of(base, head, plan, means)
    except (EngineError, ToolError, Unreadable, ValueError) as error:
        return Missing(str(error))
    engines = dict.fromkeys(each for chain in proofs.chains for each in chain.engines)
    return Measured(proofs, head.tree or head.label, f"run on {', '.join(engines) or 'nothing'}")


def proofs_of(
    base: Snapshot, head: Snapshot, plan: MigrationPlan | None, means: Means | None = None
) -> Proofs:
    """Prove what the change adds; raises EngineError, ToolError and Unreadable."""
    before = {chain_key(chain): chain for chain in chains(base, plan)}
    found = []
    for chain in chains(head, plan):
        known = before.get(chain_key(chain))
        charge = Charge(
            chain,
            tuple(changed(known, chain)),
            () if plan is None else plan.keeps,
            tuple(dict.fromkeys((*own_rows(base, plan), *own_rows(head, plan)))),
        )
        found.append(_confirmed(_tried(charge), charge, means))
    return Proofs(tuple(found))


def chain_key(chain: Chain) -> tuple[str, str]:
    """What makes a chain of the base and one of the head the same."""
    return chain.database, chain.folder


def changed(before: Chain | None, chain: Chain) -> Iterator[str]:
    """The names of migrations that are new, or whose scripts are not those of the base."""
    known = {each.name: each for each in before.migrations} if before else {}
    for migration in chain.migrations:
        old = known.get(migration.name)
        if old is None or (old.up, old.down, old.atomic) != (
            migration.up,
            migration.down,
            migration.atomic,
        ):
            yield migration.name


def own_rows(head: Snapshot, plan: MigrationPlan | None) -> Iterator[str]:
    """The texts of the project's own rows, in the order of their paths; those of the base count."""
    from gatekeeper.patterns import Patterns

    if plan is None or not plan.rows:
        return
    patterns = Patterns(tuple(plan.rows))
    for path in sorted(head):
        if patterns.match(path):
            yield head[path].decode("utf-8", "replace")


def _confirmed(proof: ChainProof, charge: Charge, means: Means | None) -> ChainProof:
    """The proof as D1's own engine has it as well, where that is at hand."""
    if means is None or charge.chain.dialect is not Dialect.D1 or not proof.proven:
        return proof
    engine = workerd(means.environ, means.repository)
    if engine is None:
        return proof
    return confirmed(proof, tried(replace(charge, explain=False), engine))


def _tried(charge: Charge) -> ChainProof:
    chain = charge.chain
    elsewhere = tuple(each.says for each in chain.faults if each.kind is FaultKind.ELSEWHERE)
    if elsewhere:
        return ChainProof(
            chain.runner,
            chain.dialect,
            chain.folder,
            chain.source,
            len(chain.migrations),
            faults=chain.faults,
            stopped=elsewhere,
        )
    given = json.dumps(plain(charge)).encode("ascii")
    outcome = run(_COMMAND, LIMITS, given=given)
    if outcome.ended is not Ended.BY_ITSELF or outcome.status:
        said = outcome.err.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise EngineError(
            f"the proof of {charge.chain.folder} did not come to an end: "
            f"{outcome.says}" + (f" ({said[0]})" if said else "")
        )
    return made(ChainProof, json.loads(outcome.out))
