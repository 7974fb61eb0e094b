"""The rule migration-rewritten: an applied migration is not what, or where, it was."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Case, NoOptions, Observation, Rule
from gatekeeper.watch import Watch
from gatekeeper_rules.wordings import WORDINGS


def check(case: Case[NoOptions]) -> Iterator[Observation]:
    """What became of each chain; all migrations of the base count as applied."""
    # Imported when it is asked: most staged changes concern no migration.
    from gatekeeper_rules.migrations._rewritten import observations

    return observations(case.change, case.contract.migrations)


def concerns(case: Case[NoOptions]) -> bool:
    """Whether a changed file can be a migration, or say which files are."""
    from gatekeeper_rules.migrations._concerns import can_concern

    return can_concern(case.change)


def watch(case: Case[NoOptions]) -> Watch | None:
    """The files that can be migrations, or say which files are."""
    from gatekeeper_rules.migrations._concerns import watched

    return watched(case.change.head)


RULE = Rule(
    name="migration-rewritten",
    summary="an applied migration edited, renamed, removed, renumbered; two with one number",
    options=NoOptions,
    check=check,
    wordings=WORDINGS["migration-rewritten"],
    concerns=concerns,
    watch=watch,
)
