"""The reading of the migration rules: every chain of the head, its changed migrations proven."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from gatekeeper.errors import Unreadable
from gatekeeper.migrations.confirming import confirmed
from gatekeeper.migrations.engine import EngineError
from gatekeeper.migrations.engines import workerd
from gatekeeper.migrations.history import chains
from gatekeeper.migrations.migration import Chain, Dialect, FaultKind, Migration
from gatekeeper.migrations.proofs import ChainProof, Proofs
from gatekeeper.migrations.recalling import Shelf, is_settled, key_of
from gatekeeper.migrations.statements import statements
from gatekeeper.migrations.trial import Charge, tried
from gatekeeper.migrations.unplaced import Sides, unplaced
from gatekeeper.migrations.workerd_binary import find_workerd
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
    """Where the platform's own engine is looked for; the repository's is never taken.

    `kept` is where proofs of earlier runs are, None where none may be used, and `ground` what
    they depend on besides: the code and the settings of this process.
    """

    environ: Mapping[str, str] = field(default_factory=dict)
    repository: Path = Path()
    kept: Shelf | None = None
    ground: tuple[object, ...] = ()


def proven(
    base: Snapshot, head: Snapshot, plan: MigrationPlan | None, means: Means | None = None
) -> Reading:
    """The reading: the proofs of the head's migrations, or why they are missing.

    Without `means`, what runs is the engine in process alone.
    """
    try:
        sides = _sides(base, head, plan)
        found = tuple(_proofs(sides, plan, means))
        proofs = Proofs(tuple(proof for proof, _ in found), unplaced(sides, plan))
    except (EngineError, ToolError, Unreadable, ValueError) as error:
        return Missing(str(error))
    engines = dict.fromkeys(each for chain in proofs.chains for each in chain.engines)
    how = f"run on {', '.join(engines) or 'nothing'}"
    if any(was_kept for _, was_kept in found):
        how += "; kept of an earlier run"
    return Measured(proofs, head.tree or head.label, how)


def proofs_of(
    base: Snapshot, head: Snapshot, plan: MigrationPlan | None, means: Means | None = None
) -> Proofs:
    """Prove what the change adds; raises EngineError, ToolError and Unreadable."""
    sides = _sides(base, head, plan)
    found = _proofs(sides, plan, means)
    return Proofs(tuple(proof for proof, _ in found), unplaced(sides, plan))


def _sides(base: Snapshot, head: Snapshot, plan: MigrationPlan | None) -> Sides:
    return Sides(base, head, chains(base, plan), chains(head, plan))


def _proofs(
    sides: Sides, plan: MigrationPlan | None, means: Means | None
) -> Iterator[tuple[ChainProof, bool]]:
    """The proof of each chain, and whether an earlier run gave it."""
    for chain in sides.after:
        charge = Charge(
            chain,
            tuple(changed(_known(sides, chain), chain)),
            () if plan is None else plan.keeps,
            own_rows(sides.base, sides.head, plan),
            seed_of(chain),
        )
        yield _recalled(charge, means or Means())


def _recalled(charge: Charge, means: Means) -> tuple[ChainProof, bool]:
    """The proof of an earlier run where there is one; else it is made now, and kept."""
    if means.kept is None:
        return _confirmed(_tried(charge), charge, means), False
    key = key_of(charge, means.ground, find_workerd(means.environ, means.repository))
    kept = means.kept.recall(key)
    if isinstance(kept, ChainProof):
        return kept, True
    proof = _confirmed(_tried(charge), charge, means)
    if is_settled(proof):
        means.kept.keep(key, proof)
    return proof, False


def seed_of(chain: Chain) -> int:
    """The seed of the rows: of 48 bits, from the text of every script.

    The same scripts are always tried on the same rows, and yet nobody can write values of these
    rows into a script: by that the seed would be another.
    """
    said = sha256()
    for each in chain.migrations:
        for script in (each.up, each.down):
            text = b"" if script is None else script.text.encode("utf-8", "surrogatepass")
            said.update(len(text).to_bytes(8, "big") + text)
    return int.from_bytes(said.digest()[:6], "big")


def chain_key(chain: Chain) -> tuple[str, str]:
    """What makes a chain of the base and one of the head the same."""
    return chain.database, chain.folder


def _known(sides: Sides, chain: Chain) -> Chain | None:
    """The chain as the base has it: in its place, or all of it in one that is there no more."""
    before = {chain_key(each): each for each in sides.before}
    there = {chain_key(each) for each in sides.after}
    moved = (each for key, each in before.items() if key not in there and _goes_on(each, chain))
    return before.get(chain_key(chain)) or next(moved, None)


def _goes_on(before: Chain, chain: Chain) -> bool:
    """Whether a chain begins with all of another one, word for word and under the same rules."""
    said = [_said(each) for each in before.migrations]
    same_rules = (before.runner, before.dialect) == (chain.runner, chain.dialect)
    return (
        same_rules
        and bool(said)
        and said == [_said(each) for each in chain.migrations][: len(said)]
    )


def changed(before: Chain | None, chain: Chain) -> Iterator[str]:
    """The names of migrations that are new, or whose scripts say something else than the base's."""
    known = {_said(each) for each in before.migrations} if before else set()
    yield from (each.name for each in chain.migrations if _said(each) not in known)


def _said(migration: Migration) -> tuple[str, str, str | None, bool]:
    down = None if migration.down is None else migration.down.text
    return migration.name, migration.up.text, down, migration.atomic


def own_rows(base: Snapshot, head: Snapshot, plan: MigrationPlan | None) -> tuple[str, ...]:
    """The texts of the project's own rows: those of the base, and the rows that the head adds.

    Of a text that only the head has, nothing but INSERT counts: the change may add rows to be
    tried on, and take none away.
    """
    agreed = tuple(_texts_of_rows(base, plan))
    added = (each for each in _texts_of_rows(head, plan) if each not in agreed)
    return (*agreed, *map(_only_inserts, added))


def _texts_of_rows(snapshot: Snapshot, plan: MigrationPlan | None) -> Iterator[str]:
    from gatekeeper.patterns import Patterns

    if plan is None or not plan.rows:
        return
    patterns = Patterns(tuple(plan.rows))
    for path in sorted(snapshot):
        if patterns.match(path):
            yield snapshot[path].decode("utf-8", "replace")


def _only_inserts(text: str) -> str:
    held = (each for each in statements(text) if each.words[:1] == ("INSERT",))
    kept = [each.text for each in held if "REPLACE" not in each.words]
    return "\n".join(kept)


def _confirmed(proof: ChainProof, charge: Charge, means: Means) -> ChainProof:
    """The proof as D1's own engine has it as well, where that is at hand."""
    if charge.chain.dialect is not Dialect.D1 or not proof.proven:
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
