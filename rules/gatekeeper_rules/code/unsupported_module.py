"""The rule unsupported-module: a module, an export or a key that the platform does not have."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Case, NoOptions, Observation, Rule
from gatekeeper.watch import Watch
from gatekeeper_rules.wordings import WORDINGS


def check(case: Case[NoOptions]) -> Iterator[Observation]:
    """What of the head's Workers the platform does not have."""
    from gatekeeper_rules.code._unsupported import observations

    return observations(case.change.head, case.focus)


def concerns(case: Case[NoOptions]) -> bool:
    """Whether a changed file can matter by itself."""
    from gatekeeper_rules.code._unsupported_concerns import can_concern

    return can_concern(case.change)


def watch(case: Case[NoOptions]) -> Watch:
    """What of an edited file can matter by itself."""
    from gatekeeper_rules.code._unsupported_concerns import watched

    return watched(case.change)


RULE = Rule(
    name="unsupported-module",
    summary="a module, an export or a configuration key that the platform does not have",
    options=NoOptions,
    check=check,
    wordings=WORDINGS["unsupported-module"],
    concerns=concerns,
    watch=watch,
)
