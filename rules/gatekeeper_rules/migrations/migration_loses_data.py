"""The rule migration-loses-data: a migration loses or alters rows."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Case, NoOptions, Observation, Rule
from gatekeeper.migrations.proven import Trouble
from gatekeeper_rules.migrations._blame import NEEDS, observed
from gatekeeper_rules.migrations._carried import NEEDS as CODE_NEEDS
from gatekeeper_rules.migrations._carried import carried
from gatekeeper_rules.wordings import WORDINGS

TROUBLES = (
    Trouble.TABLE_LOST,
    Trouble.COLUMN_LOST,
    Trouble.ROWS_LOST,
    Trouble.VALUES_CHANGED,
    Trouble.KEYS_CHANGED,
    Trouble.DANGLING,
    Trouble.IDS_GIVEN_AGAIN,
    Trouble.KEEPS_BROKEN,
)


def check(case: Case[NoOptions]) -> Iterator[Observation]:
    """Every row by its key, every value bit for bit, before and after."""
    # Every run loads every rule: what reads wrangler's and Terraform's files waits for its case.
    from gatekeeper_rules.migrations._retired import LOSSES, retired
    from gatekeeper_rules.migrations._retired_by_terraform import retired_by_terraform

    yield from retired(case)
    yield from retired_by_terraform(case)
    yield from observed(case, TROUBLES)
    yield from carried(case, LOSSES)


RULE = Rule(
    name="migration-loses-data",
    summary="up loses or alters rows, or a class is deleted whose data nothing carries",
    options=NoOptions,
    check=check,
    runs=True,
    needs=lambda _: (*NEEDS, *CODE_NEEDS),
    wordings=WORDINGS["migration-loses-data"],
)
