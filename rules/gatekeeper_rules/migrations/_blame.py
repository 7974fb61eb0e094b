"""From what a proof shows to findings: which troubles are a rule's, and how each is mended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from gatekeeper import (
    Case,
    Difference,
    Doubt,
    Evidence,
    Examined,
    Excerpt,
    Finding,
    Need,
    NoSubject,
    Note,
    Observation,
    Side,
    Snapshot,
    Table,
    Trail,
    Which,
)
from gatekeeper.migrations.migration import Fault, FaultKind
from gatekeeper.migrations.proofs import PROOFS, ChainProof, Proofs
from gatekeeper.migrations.proven import Counterexample, Failing, Proven, Trouble
from gatekeeper.value import dataclass

O = TypeVar("O")

NEEDS = (Need(PROOFS, Which.HEAD),)

_WIDEST = 200
"""Characters of a line that are quoted."""

_FEW = 3
"""Migrations of which each is told what it was tried on."""

MENDS = {
    Trouble.FAILS_ON_EMPTY: "Mend the statement; run the whole chain on an empty database.",
    Trouble.FAILS_ON_ROWS: (
        "Give new NOT NULL columns a default, clear up or convert the rows first, or copy them "
        "with COALESCE; then try it on the rows shown."
    ),
    Trouble.DANGLING: "Rebuild the children as well, or keep the parents' keys.",
    Trouble.CORRUPT: "Do not write to the schema by hand; let rows satisfy their constraints.",
    Trouble.TABLE_LOST: "Copy the rows to where they belong before the table is dropped.",
    Trouble.COLUMN_LOST: "Keep the column, or copy its values, by key, before it is dropped.",
    Trouble.ROWS_LOST: (
        "Copy every row, keys included. D1 enforces foreign keys inside of a migration: dropping a "
        "parent deletes or empties its children, so copy these aside first."
    ),
    Trouble.VALUES_CHANGED: "Keep the values as they are, or keep the old ones beside the new.",
    Trouble.KEYS_CHANGED: "Copy the key with the row: others may know it by its key.",
    Trouble.IDS_GIVEN_AGAIN: "Carry sqlite_sequence over: UPDATE sqlite_sequence SET seq = …",
    Trouble.KEEPS_BROKEN: "Make the query answer as before; the contract says that it must.",
    Trouble.NO_DOWN: "Write the way back: `gatekeeper rollback {migration} --write` proposes one.",
    Trouble.HOLLOW_DOWN: "Say what undoes it: `gatekeeper rollback {migration} --write`.",
    Trouble.DOWN_FAILS: "Mend it, or have one written: `gatekeeper rollback {migration} --write`.",
    Trouble.DOWN_FAILS_LATER: "The way back must also take rows that were written after up.",
    Trouble.DOWN_LOSES_LATER: (
        "Bring back what up took without touching other rows; a whole copy is too old by then."
    ),
    Trouble.SCHEMA_NOT_RESTORED: "Restore what is named; see `gatekeeper rollback {migration}`.",
    Trouble.ROWS_NOT_RESTORED: "Keep what up removes in a backup table that down reads from.",
    Trouble.NOT_AGAIN: "Down must leave nothing that stands in the way of up.",
    Trouble.REPEAT_CHANGES: "Guard it: INSERT … WHERE NOT EXISTS, or a key that refuses twins.",
    Trouble.REPEAT_FAILS: "Guard each statement with IF NOT EXISTS, or a check of what is there.",
    Trouble.NOT_RESUMABLE: "Let the runner use a transaction, or guard each statement.",
}
"""How each trouble is mended; `{migration}` stands for its name."""

NOT_AS_RUN = (
    FaultKind.UNREADABLE,
    FaultKind.REFUSED_TEXT,
    FaultKind.MANGLED_TEXT,
    FaultKind.DOWN_RUNS_FORWARD,
    FaultKind.UNSETTLED,
)
"""Faults after which a proof is of something else than happens: open where they are no finding."""


@dataclass(frozen=True, slots=True)
class _Charge:
    """What a rule is after, and where the files are that it quotes."""

    troubles: frozenset[Trouble]
    faults: frozenset[FaultKind]
    spared: frozenset[Failing]
    head: Snapshot


def observed(
    case: Case[O],
    troubles: Iterable[Trouble],
    faults: Iterable[FaultKind] = (),
    spared: Iterable[Failing] = (),
) -> Iterator[Observation]:
    """What a rule says of all chains: findings for its troubles, doubts for what stayed open."""
    proofs = case.measured(PROOFS, Which.HEAD, Proofs)
    charge = _Charge(frozenset(troubles), frozenset(faults), frozenset(spared), case.change.head)
    for each in proofs.unplaced:
        yield Doubt(each.says.removesuffix("."), each.path)
    if not (proofs.chains or proofs.unplaced or case.standing.agreed.data_migrations):
        yield NoSubject("there is no migration")
    for chain in proofs.chains:
        yield from _of_chain(chain, charge)


def _of_chain(chain: ChainProof, charge: _Charge) -> Iterator[Observation]:
    yield Examined("migrations", chain.count)
    for engine in chain.engines:
        yield Note(f"{chain.folder}: run on {engine}, rows from seed {chain.seed}")
    for fault in chain.faults:
        if fault.kind in charge.faults:
            yield _text_finding(fault)
        elif fault.kind in NOT_AS_RUN:
            yield Doubt(f"what was run is not what its runner runs: {fault.says}", fault.path)
    for stopped in chain.stopped:
        yield Doubt(stopped, chain.folder)
    yield from _tried(chain)
    for proven in chain.proven:
        yield from _of_migration(proven, charge)


def _of_migration(proven: Proven, charge: _Charge) -> Iterator[Observation]:
    for failing in proven.failings:
        if failing.trouble in charge.troubles and failing not in charge.spared:
            yield finding_of(failing, charge.head)
    for table, why in proven.unfilled:
        says = f"the table {table} could not be filled with rows ({why}), so nothing is shown of it"
        yield Doubt(says, proven.path)
    for says in proven.open:
        yield Doubt(says, proven.path)


def _tried(chain: ChainProof) -> Iterator[Note]:
    """On which rows the migrations were tried: each of a few, or the last of many."""
    if len(chain.proven) > _FEW:
        yield Note(f"{chain.folder}: {len(chain.proven)} migrations proven; of the last one:")
    for proven in chain.proven if len(chain.proven) <= _FEW else chain.proven[-1:]:
        if proven.tried:
            yield Note(f"{proven.migration}: {'; '.join(proven.tried)}")


def finding_of(failing: Failing, head: Snapshot) -> Finding:
    """A failing as a finding, its counterexample as tables."""
    trouble = failing.trouble
    message = f"{trouble.value[0].upper()}{trouble.value[1:]}: {failing.says}."
    return Finding(
        message.replace("..", "."),
        Side.HEAD,
        failing.path,
        tuple(_evidence(failing, head)),
        MENDS[trouble].format(migration=failing.migration),
        line=failing.line,
        symbol=failing.migration,
        quoted=f"{trouble.name} {failing.subject}",
    )


def _evidence(failing: Failing, head: Snapshot) -> Iterator[Evidence]:
    text = head.read(failing.path) if failing.path in head else b""
    lines = text.decode("utf-8", "replace").splitlines()[failing.line - 1 : failing.line]
    if any(line.strip() for line in lines):
        yield Excerpt(failing.line, lines[0][:_WIDEST])
    else:
        yield Difference("what was seen", None, failing.says)
    if failing.note:
        yield Trail((failing.note,))
    if failing.example is not None:
        yield from _tables(failing.example)


def _tables(example: Counterexample) -> Iterator[Evidence]:
    if example.inserts:
        yield Trail(example.inserts)
    for stand in example.stands:
        yield Table(f"{stand.table}, {stand.when}", stand.columns, stand.rows)


def _text_finding(fault: Fault) -> Finding:
    return Finding(
        fault.says,
        Side.HEAD,
        fault.path,
        (Difference("what its runner makes of it", None, fault.kind.value),),
        fault.mend or "Write it as its runner reads it.",
        line=fault.line,
        quoted=fault.kind.name,
    )
