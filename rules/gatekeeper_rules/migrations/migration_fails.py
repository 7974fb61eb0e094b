"""The rule migration-fails: a migration does not apply."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Case, Finding, NoOptions, Note, Observation, Rule
from gatekeeper.migrations.carried import DataTrouble
from gatekeeper.migrations.migration import FaultKind
from gatekeeper.migrations.proven import Trouble
from gatekeeper_rules.migrations._blame import NEEDS, observed
from gatekeeper_rules.migrations._carried import NEEDS as CODE_NEEDS
from gatekeeper_rules.migrations._carried import carried
from gatekeeper_rules.wordings import WORDINGS

TROUBLES = (Trouble.FAILS_ON_EMPTY, Trouble.FAILS_ON_ROWS, Trouble.CORRUPT)
CODE_TROUBLES = (DataTrouble.FORWARD_FAILS, DataTrouble.LEAVES_UNSOUND)
FAULTS = (FaultKind.UNREADABLE, FaultKind.REFUSED_TEXT, FaultKind.MANGLED_TEXT)


def check(case: Case[NoOptions]) -> Iterator[Observation]:
    """From empty, onto rows that the schema before it allows, under the engine's own rules."""
    chains = list(observed(case, TROUBLES, FAULTS))
    yield from chains
    at_fault = any(isinstance(each, Finding) for each in chains)
    for each in carried(case, CODE_TROUBLES):
        # A schema that must be mended anyway is to blame before a tool that cannot fill it.
        yield Note(each.message) if at_fault and isinstance(each, Finding) else each


RULE = Rule(
    name="migration-fails",
    summary="up does not apply: from empty, onto allowed rows, or under the engine's own rules",
    options=NoOptions,
    check=check,
    runs=True,
    needs=lambda _: (*NEEDS, *CODE_NEEDS),
    wordings=WORDINGS["migration-fails"],
)
