"""The rule migration-irreversible: up and then down does not bring back what was there."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from gatekeeper import Case, Note, Observation, Rule, Which, option
from gatekeeper.migrations.carried import DataTrouble
from gatekeeper.migrations.migration import FaultKind
from gatekeeper.migrations.proofs import PROOFS, Proofs
from gatekeeper.migrations.proven import Failing, Trouble
from gatekeeper.value import dataclass
from gatekeeper_rules.migrations._blame import NEEDS, observed
from gatekeeper_rules.migrations._carried import NEEDS as CODE_NEEDS
from gatekeeper_rules.migrations._carried import carried
from gatekeeper_rules.migrations._rollback_plans import covering
from gatekeeper_rules.wordings import WORDINGS

TROUBLES = (
    Trouble.NO_DOWN,
    Trouble.HOLLOW_DOWN,
    Trouble.DOWN_FAILS,
    Trouble.DOWN_FAILS_LATER,
    Trouble.DOWN_LOSES_LATER,
    Trouble.SCHEMA_NOT_RESTORED,
    Trouble.ROWS_NOT_RESTORED,
    Trouble.NOT_AGAIN,
)
CODE_TROUBLES = (
    DataTrouble.NO_REVERSE,
    DataTrouble.REVERSE_FAILS,
    DataTrouble.NOT_BROUGHT_BACK,
    DataTrouble.NOT_READ_BACK,
    DataTrouble.NOT_AGAIN,
)
FAULTS = (FaultKind.DOWN_RUNS_FORWARD, FaultKind.UNPAIRED)


class RollbackPlan(Enum):
    """Whether a rollback plan that names the measured loss stands in for a way down."""

    REFUSED = "refused"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Options:
    """What may stand in for a way down."""

    plan: RollbackPlan = option(
        RollbackPlan.REFUSED, says="whether a rollback plan that names the measured loss will do"
    )


def check(case: Case[Options]) -> Iterator[Observation]:
    """Schema by structure and every row, after up and down; a plan may stand in for a loss."""
    spared = list[Failing]()
    if case.options.plan is RollbackPlan.ACCEPTED:
        for chain in case.measured(PROOFS, Which.HEAD, Proofs).chains:
            for proven in chain.proven:
                mine = [each for each in proven.failings if each.trouble in TROUBLES]
                plan = covering(case.change.head, chain, proven) if mine else None
                if plan is not None:
                    spared += mine
                    yield Note(f"{proven.migration}: kept by the rollback plan {plan}")
    yield from observed(case, TROUBLES, FAULTS, spared)
    yield from carried(case, CODE_TROUBLES)


RULE = Rule(
    name="migration-irreversible",
    summary="no declared way down, or up then down does not restore schema and every row",
    options=Options,
    check=check,
    runs=True,
    needs=lambda _: (*NEEDS, *CODE_NEEDS),
    wordings=WORDINGS["migration-irreversible"],
)
