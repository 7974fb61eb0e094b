"""The rules that are planned and not in this version: they can be bound, and rule UNPROVEN."""

from __future__ import annotations

from typing import Any, TypeVar

from gatekeeper import NoOptions, Rule
from gatekeeper_rules import planned_options as options
from gatekeeper_rules.wordings import WORDINGS

O = TypeVar("O")


def _planned(
    name: str,
    summary: str,
    options: type[O],
    *,
    goal: bool = False,
    runs: bool = False,
) -> Rule[O]:
    return Rule(
        name=name,
        summary=summary,
        options=options,
        check=None,
        goal=goal,
        runs=runs,
        wordings=WORDINGS[name],
    )


PLANNED: tuple[Rule[Any], ...] = (
    _planned(
        "api-changed",
        "a user-facing route, operation or symbol removed, altered, or added where forbidden",
        options.ApiChanged,
    ),
    _planned(
        "gate-tampered",
        "the change loosens what judges it: lint, type, test, coverage, CI or hook settings",
        NoOptions,
    ),
    _planned(
        "critical-path-untested",
        "a named critical path or edge case without a passing test that exercises it",
        options.CriticalPathUntested,
        goal=True,
        runs=True,
    ),
    _planned(
        "dependent-untested",
        "a module that depends on what changed, without a passing test that exercises it",
        options.DependentUntested,
        goal=True,
        runs=True,
    ),
)
