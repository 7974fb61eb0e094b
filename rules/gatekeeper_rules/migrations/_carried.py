"""From what running data migrations shows to findings: whose each trouble is, how it is mended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from gatekeeper import (
    Case,
    Difference,
    Doubt,
    Evidence,
    Examined,
    Finding,
    Need,
    Note,
    Observation,
    Side,
    Table,
    Trail,
    Which,
)
from gatekeeper.migrations.carried import (
    DATA_PROOFS,
    DataFailing,
    DataProof,
    DataProofs,
    DataTrouble,
)

O = TypeVar("O")

NEEDS = (Need(DATA_PROOFS, Which.HEAD),)

MENDS = {
    DataTrouble.FORWARD_FAILS: "Mend it; run it on the fixture and an empty, migrated database.",
    DataTrouble.LEAVES_UNSOUND: (
        "Turn foreign keys on (PRAGMA foreign_keys = ON) and give every row its parent, or let the "
        "schema take it without one: D1 refuses such rows."
    ),
    DataTrouble.VALUES_LOST: "Carry it, into a column of its own or into one that holds JSON.",
    DataTrouble.DROPPED_SILENTLY: (
        "Look for each record after it was written, name what did not arrive on standard error, "
        "and end with an exit status other than 0."
    ),
    DataTrouble.FAILS_SILENTLY: "Let errors of the database end the command, with a status not 0.",
    DataTrouble.DAMAGED: "Write in one transaction, add rows, and delete none that were there.",
    DataTrouble.KEEPS_BROKEN: "Leave the schema that migrations have made as it is.",
    DataTrouble.NO_REVERSE: (
        "Write the way back, a command that reads {{db}} and writes {{out}}, and name it as "
        "`reverse` of `data-migrations: {migration}`."
    ),
    DataTrouble.REVERSE_FAILS: "Mend it; run it on the database that forward has made.",
    DataTrouble.NOT_BROUGHT_BACK: "Write out all that the file held, in its types and its order.",
    DataTrouble.NOT_READ_BACK: (
        "Read all that is written out from the tables it was carried to, where it can have been "
        "written to since; a copy that was put aside is old by then."
    ),
    DataTrouble.NOT_AGAIN: "What the way back writes must be what forward reads.",
    DataTrouble.REPEAT_FAILS: "Let what is there already be: INSERT … ON CONFLICT DO NOTHING.",
    DataTrouble.REPEAT_CHANGES: "Give each row a key of the dump's own; leave it if it is there.",
    DataTrouble.NOT_RESUMABLE: (
        "Write in one transaction, or go on row by row with what is missing; an earlier run must "
        "not stand in the way."
    ),
}
"""How each trouble is mended; `{migration}` stands for its name."""


def carried(case: Case[O], troubles: Iterable[DataTrouble]) -> Iterator[Observation]:
    """What a rule says of all data migrations: its findings, and doubts for what stayed open."""
    mine = frozenset(troubles)
    proofs = case.measured(DATA_PROOFS, Which.HEAD, DataProofs).proofs
    if proofs:
        yield Examined("data migrations", len(proofs))
    for proof in proofs:
        for failing in proof.failings:
            if failing.trouble in mine:
                yield finding_of(failing)
        for says in proof.open:
            yield Doubt(f"the data migration {proof.migration}: {says}", *proof.place)
        yield Note(_told(proof))


def _told(proof: DataProof) -> str:
    tried = "; ".join(proof.tried) or "nothing was tried"
    return (
        f"data migration {proof.migration}: {tried} ({proof.runs} runs, {proof.engine}, "
        f"seed {proof.seed})"
    )


def finding_of(failing: DataFailing) -> Finding:
    """A failing as a finding, with the commands that show it and the rows concerned."""
    trouble = failing.trouble
    message = f"{failing.migration}: {trouble.value}: {failing.says}."
    return Finding(
        message.replace("..", "."),
        Side.HEAD,
        failing.path,
        tuple(_evidence(failing)),
        MENDS[trouble].format(migration=failing.migration),
        line=failing.line,
        symbol=failing.migration,
        quoted=f"{trouble.name} {failing.subject}",
    )


def _evidence(failing: DataFailing) -> Iterator[Evidence]:
    yield Difference(failing.trouble.value, None, failing.says)
    if failing.steps:
        yield Trail(failing.steps)
    for stand in failing.stands:
        yield Table(f"{stand.table}, what {stand.when}", stand.columns, stand.rows)
