"""The rule suppression-added: a new way to hide a warning."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Case, NoOptions, Observation, Rule
from gatekeeper_rules.wordings import WORDINGS


def check(case: Case[NoOptions]) -> Iterator[Observation]:
    """One finding for each suppression that the head has and the base has not."""
    from gatekeeper_rules.suite._suppressed import observations

    return observations(case.change)


def concerns(case: Case[NoOptions]) -> bool:
    """Whether a file that differs could hide anything, or could have been in a tool's way."""
    from gatekeeper_rules.suite._suppressed import can_matter

    return any(can_matter(case.change, path) for path in case.change.files)


RULE = Rule(
    name="suppression-added",
    summary="a new way to hide a warning",
    options=NoOptions,
    check=check,
    wordings=WORDINGS["suppression-added"],
    concerns=concerns,
)
