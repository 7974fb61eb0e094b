"""The rule migration-unrepeatable: repeating a migration, or going on with one, does harm."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from gatekeeper import Case, Observation, Rule, option
from gatekeeper.migrations.carried import DataTrouble
from gatekeeper.migrations.proven import Trouble
from gatekeeper.value import dataclass
from gatekeeper_rules.migrations._blame import NEEDS, observed
from gatekeeper_rules.migrations._carried import NEEDS as CODE_NEEDS
from gatekeeper_rules.migrations._carried import carried
from gatekeeper_rules.wordings import WORDINGS

CODE_TROUBLES = (
    DataTrouble.REPEAT_FAILS,
    DataTrouble.REPEAT_CHANGES,
    DataTrouble.NOT_RESUMABLE,
)
TROUBLES = (Trouble.REPEAT_CHANGES, Trouble.NOT_RESUMABLE)


class Repeat(Enum):
    """How a migration is repeated: as its runner does it, or applied twice by hand."""

    RUNNER = "runner"
    RAW = "raw"


@dataclass(frozen=True, slots=True)
class Options:
    """How migrations are repeated."""

    repeat: Repeat = option(
        Repeat.RUNNER, says="raw: applying it twice by hand must succeed and change nothing"
    )


def check(case: Case[Options]) -> Iterator[Observation]:
    """A second run may fail loudly, except where `raw` is asked for; it may change nothing.

    A data migration has no ledger: there a second run must succeed.
    """
    raw = case.options.repeat is Repeat.RAW
    yield from observed(case, (*TROUBLES, Trouble.REPEAT_FAILS) if raw else TROUBLES)
    yield from carried(case, CODE_TROUBLES)


RULE = Rule(
    name="migration-unrepeatable",
    summary="repeating it changes data silently, or an interruption cannot be resumed",
    options=Options,
    check=check,
    runs=True,
    needs=lambda _: (*NEEDS, *CODE_NEEDS),
    wordings=WORDINGS["migration-unrepeatable"],
)
