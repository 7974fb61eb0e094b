"""Calls of the step of a script that the platform refuses, and results that it cannot keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatekeeper import Finding
from gatekeeper.source.script_chains import bare, given_to, is_function
from gatekeeper.source.script_syntax import walk
from gatekeeper.source.script_targets import targets_of
from gatekeeper_rules.code._script_code import member_name
from gatekeeper_rules.code._script_faults import fault
from gatekeeper_rules.code._script_following import STEP_METHODS, Graph
from gatekeeper_rules.code._script_outside import GLOBAL, Outside
from gatekeeper_rules.code._script_regions import MEMBERS, Region
from gatekeeper_rules.code._script_steps import DO, ScriptStep
from gatekeeper_rules.code._script_told import finding_at
from gatekeeper_rules.code._script_written import objects, returned

_OTHER_NAMES = {"sleep_until": "sleepUntil", "wait_for_event": "waitForEvent"}
_TYPE = "WorkflowStep"
_FIX_METHOD = "Use `do`, `sleep`, `sleepUntil`, `waitForEvent`."
_FIX_RESULT = "Give back an object, an array, a text or a number."
_SYMBOLS = frozenset({f"{GLOBAL}.Symbol()", f"{GLOBAL}.Symbol.for()"})
PLAIN = frozenset({"string", "template_string", "number", "array", "true", "false", "null"})
"""Expressions that are surely no functions."""


def of_calls(graph: Graph) -> Iterator[Finding]:
    """Methods that `step` does not have; nothing where it is said to be no plain one."""
    if _is_plain(graph.regions[0]):
        for region in graph.regions:
            yield from _unknown(region)


def _is_plain(run: Region) -> bool:
    """Whether `run` says no type for its step, or that of the platform."""
    targets = targets_of(run.function)[1:2]
    above = (run.file.lexical.parent(each) for each in targets)
    said_types = [each.of("type") for each in above if each.of("type").type]
    return all(_TYPE in {each.text for each in walk(held)} for held in said_types)


def _unknown(region: Region) -> Iterator[Finding]:
    for node in region.alive:
        function = bare(node.of("function")) if node.type == "call_expression" else node
        if function is node or function.type not in MEMBERS:
            continue
        name = member_name(function)
        if name and name not in STEP_METHODS and region.is_step(function.of("object")):
            other = _OTHER_NAMES.get(name)
            fix = (
                f"Call `{other}`." if other else "Use `do`, `sleep`, `sleepUntil`, `waitForEvent`."
            )
            yield fault(region, node, f"`step` has no `{name}`", fix)


def of_steps(steps: Iterable[ScriptStep], outside: Outside) -> Iterator[Finding]:
    """What steps are not given, and what they give back that cannot leave a step."""
    for step in steps:
        if step.method == DO:
            yield from _without_work(step)
            yield from _results(step, outside)
        elif step.method == "waitForEvent":
            yield from _without_type(step)


def _without_work(step: ScriptStep) -> Iterator[Finding]:
    given = given_to(step.call)
    if any(each.type == "spread_element" for each in given):
        return
    held = [bare(each).type for each in given[1:]]
    if all(kind in (*PLAIN, "object") for kind in held):
        message = f"the step `{step.shown}` is given no function"
        yield fault(step.region, step.call, message, 'Write `step.do("name", async () => …)`.')


def _without_type(step: ScriptStep) -> Iterator[Finding]:
    given = given_to(step.call)
    if any(each.type == "spread_element" for each in given):
        return
    settings = given[1] if len(given) > 1 else None
    held = bare(settings).type if settings is not None else "undefined"
    plain = list(objects(step.region, settings)) if settings is not None else []
    has_spread = settings is not None and any(
        each.type == "spread_element" for each in bare(settings).held
    )
    lacks = bool(plain) and not has_spread and all(each.of("type") is None for each in plain)
    if held in (*PLAIN, "undefined") or lacks:
        message = f"the step `{step.shown}` waits for an event of no type"
        fix = "Write `step.waitForEvent(name, { type, timeout })`."
        yield fault(step.region, step.call, message, fix)


def _results(step: ScriptStep, outside: Outside) -> Iterator[Finding]:
    for closure in step.callbacks:
        file, function = closure.place
        for value in returned(function):
            held = bare(value)
            what = ""
            if is_function(held):
                what = "a function"
            elif outside.names(file, held) & _SYMBOLS:
                what = "a symbol"
            if what:
                message = f"the step `{step.shown}` gives back {what}, which cannot leave a step"
                yield finding_at(file, value, message, _FIX_RESULT)
