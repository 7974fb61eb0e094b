"""Whether the `run` of a Python Workflow gets to a step that does something."""

from __future__ import annotations

from gatekeeper import Doubt, Finding
from gatekeeper_rules.code._workflow_classes import Klass
from gatekeeper_rules.code._workflow_code import Code
from gatekeeper_rules.code._workflow_escapes import escapes
from gatekeeper_rules.code._workflow_fates import Fate, Fates
from gatekeeper_rules.code._workflow_following import region_of, regions_of
from gatekeeper_rules.code._workflow_regions import Region, too_large
from gatekeeper_rules.code._workflow_replaced import replaced
from gatekeeper_rules.code._workflow_steps import DO, Step, is_idle
from gatekeeper_rules.code._workflow_told import fault, finding_in

Said = Finding | Doubt


def lacking_steps(code: Code, klass: Klass) -> tuple[Said, ...]:
    """Why `run` gets to no step that does something; nothing where it does."""
    return tuple(dict.fromkeys(replaced(code, klass))) or _lacking(code, klass)


def _lacking(code: Code, klass: Klass) -> tuple[Said, ...]:
    run = region_of(code, klass)
    if run is None:
        return (_runless(code, klass),)
    regions = regions_of(run)
    beyond = tuple(too_large(regions))
    if beyond:
        return beyond
    fates = Fates(regions)
    working = [
        each
        for each in fates.steps
        if each.method == DO and fates.of(each) is Fate.AWAITED and not is_idle(each)
    ]
    if working:
        return ()
    doubts = (*escapes(regions), *_unsure(fates))
    return doubts or (_stepless(run, klass, fates),)


def _runless(code: Code, klass: Klass) -> Finding:
    fix = "Give it `async def run(self, event, step)` with at least one step."
    message = f"the Workflow `{klass.name}` has no `run`"
    return finding_in(code, klass.path, klass.node.lineno, message, fix, symbol=klass.name)


def _unsure(fates: Fates) -> tuple[Doubt, ...]:
    return tuple(
        Doubt(
            f"whether the step `{each.shown}` is awaited cannot be told",
            each.region.path,
            each.line,
        )
        for each in fates.steps
        if each.method == DO and fates.of(each) is Fate.UNKNOWN and not is_idle(each)
    )


def _stepless(run: Region, klass: Klass, fates: Fates) -> Finding:
    steps = [each for each in fates.steps if each.method == DO]
    awaited = [each for each in steps if fates.of(each) is Fate.AWAITED]
    fix = "Decorate functions that do the work with `@step.do(…)`, and await each in `run`."
    message = f"`run` of the Workflow `{klass.name}` {_why(steps, awaited, fates)}"
    return fault(run, run.function, message, fix)


def _why(steps: list[Step], awaited: list[Step], fates: Fates) -> str:
    if not steps:
        return "takes no step"
    if awaited:
        return "takes no step that does anything"
    if all(fates.of(each) is Fate.DEAD for each in steps):
        return "never gets to its steps"
    return "awaits none of its steps"
