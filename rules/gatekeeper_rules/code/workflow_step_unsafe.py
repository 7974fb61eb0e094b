"""The rule workflow-step-unsafe: a Rule of Workflows is broken."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from gatekeeper import Case, Observation, Rule, option
from gatekeeper.value import dataclass
from gatekeeper.watch import Watch
from gatekeeper_rules.wordings import WORDINGS


class Advice(Enum):
    """What becomes of what only a reader can judge."""

    NOTED = "noted"
    JUDGED = "judged"


@dataclass(frozen=True, slots=True)
class Options:
    """Whether advice breaks a clause."""

    advice: Advice = option(
        Advice.NOTED, says="whether what only a reader can judge is a note or a finding"
    )


def check(case: Case[Options]) -> Iterator[Observation]:
    """What of the Workflows of the head breaks a rule."""
    judged = case.options.advice is Advice.JUDGED
    if case.focus is not None:
        from gatekeeper_rules.code import _workflow_safety_preview as preview

        return preview.observations(case.change.head, case.focus, judged=judged)
    from gatekeeper_rules.code._workflow_safety import observations

    return observations(case.change.head, judged=judged)


def concerns(case: Case[Options]) -> bool:
    """Whether a changed file can matter by itself."""
    from gatekeeper_rules.code._workflow_concerns import can_concern

    return can_concern(case.change)


def watch(case: Case[Options]) -> Watch:
    """What of an edited file can matter by itself."""
    from gatekeeper_rules.code._workflow_concerns import watched

    del case
    return watched()


RULE = Rule(
    name="workflow-step-unsafe",
    summary="a Rule of Workflows is broken",
    options=Options,
    check=check,
    wordings=WORDINGS["workflow-step-unsafe"],
    concerns=concerns,
    watch=watch,
)
