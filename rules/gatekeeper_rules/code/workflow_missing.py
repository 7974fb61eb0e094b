"""The rule workflow-missing: orchestration without a Workflow that is really in use."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Case, ModuleName, Observation, Patterns, Rule, Stricter, option
from gatekeeper.value import dataclass
from gatekeeper.watch import Watch
from gatekeeper_rules.wordings import WORDINGS


@dataclass(frozen=True, slots=True)
class Options:
    """Where a Workflow must stand."""

    modules: tuple[ModuleName, ...] = option(
        (), stricter=Stricter.MORE, says="where the orchestration is"
    )


def check(case: Case[Options]) -> Iterator[Observation]:
    """What is missing at the head for the orchestration to be a Workflow's."""
    if case.focus is not None:
        from gatekeeper_rules.code import _workflow_preview as preview

        return preview.observations(case.change.head, _patterns(case), case.focus)
    from gatekeeper_rules.code._workflow_presence import observations

    return observations(case.change.head, case.modules(case.options.modules))


def concerns(case: Case[Options]) -> bool:
    """Whether a changed file can matter by itself."""
    from gatekeeper_rules.code._workflow_concerns import can_concern

    return can_concern(case.change, _patterns(case))


def watch(case: Case[Options]) -> Watch:
    """What of an edited file can matter by itself."""
    from gatekeeper_rules.code._workflow_concerns import watched

    return watched(_patterns(case))


def _patterns(case: Case[Options]) -> tuple[Patterns, ...]:
    return tuple(patterns for _, patterns in case.modules(case.options.modules))


RULE = Rule(
    name="workflow-missing",
    summary="orchestration without a bound, exported Workflow entrypoint that runs steps",
    options=Options,
    check=check,
    goal=True,
    wordings=WORDINGS["workflow-missing"],
    concerns=concerns,
    watch=watch,
)
