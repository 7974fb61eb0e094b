"""Calls of Python's `step` that the platform refuses, by the signature that it has.

Written after workers-runtime-sdk 1.9.5 (`workers/workflows.py`) and workerd's compatibility flags.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property

from gatekeeper import Finding
from gatekeeper.value import dataclass
from gatekeeper_rules.code._workflow_code import Function
from gatekeeper_rules.code._workflow_regions import FUNCTIONS, Region, own_nodes
from gatekeeper_rules.code._workflow_steps import DO, WAITING, Step
from gatekeeper_rules.code._workflow_told import fault, finding_in, shown

_CONTEXT = "ctx"
_KNOWN = frozenset({"concurrent", "config", "depends", "name"})
_SINCE = "from compatibility date 2026-02-25 on"
_FIX = 'Write `@step.do("name")` over the function, and await the function.'
_OTHER_NAMES = {"sleepUntil": "sleep_until", "waitForEvent": "wait_for_event"}


@dataclass(frozen=True, eq=False)
class Signatures:
    """The steps of a Workflow; `modes` says for each environment whether names are implicit.

    Where no configuration says it, `modes` is empty, and only what neither allows is a fault.
    """

    steps: tuple[Step, ...]
    modes: frozenset[bool]

    @cached_property
    def _names(self) -> Counter[str | None]:
        """How many steps have each name; None for those whose name only running tells."""
        return Counter(each.said for each in self.steps if each.method == DO)

    def findings(self) -> Iterator[Finding]:
        """What of the steps the platform refuses."""
        for step in self.steps:
            yield from self._of(step)

    def _of(self, step: Step) -> Iterator[Finding]:
        region = step.region
        if step.method != DO:
            yield from _of_waiting(step)
            return
        for each in step.call.keywords:
            if each.arg is not None and each.arg not in _KNOWN:
                message = f"`step.do` has no parameter `{each.arg}`"
                yield fault(region, step.call, message, "Put settings into `config`.")
        if step.made is None:
            message = "`step.do` makes a decorator in Python, and is not given the function itself"
            yield fault(region, step.call, message, _FIX)
            return
        wrong = [tuple(self._wrong(step, implicit=mode)) for mode in self.modes or (True, False)]
        found = wrong if self.modes else ([wrong[0]] if all(wrong) else [])
        yield from dict.fromkeys(each for group in found for each in group)
        yield from _results(step)
        yield from _arguments(step)

    def _wrong(self, step: Step, *, implicit: bool) -> Iterator[Finding]:
        return self._implicit(step) if implicit else _legacy(step)

    def _implicit(self, step: Step) -> Iterator[Finding]:
        if step.option("depends") is not None:
            message = f"`depends` is refused {_SINCE}: parameters name the steps that are needed"
            yield fault(step.region, step.call, message, "Name each parameter after a step.")
        elif len(step.call.args) > 1:
            message = f"`step.do` takes nothing but the name by its place {_SINCE}"
            yield fault(step.region, step.call, message, "Give the rest by keywords.")
        else:
            for parameter in [] if None in self._names else _parameters(step):
                if self._names[parameter] <= (parameter == step.said):
                    yield self._unknown(step, parameter)

    def _unknown(self, step: Step, parameter: str) -> Finding:
        other = next((each for each in self.steps if each.handle == parameter), None)
        hint = f': its step is called "{other.said}"' if other is not None else ""
        message = f"the parameter `{parameter}` of the step `{step.shown}` names no step{hint}"
        fix = "Name it after a step (the name of the step, not of its function), or `ctx`."
        return _at_function(step, message, fix)


def _parameters(step: Step) -> list[str]:
    """The parameters of what a step does that are results of other steps."""
    callback = step.callback
    if not isinstance(callback, FUNCTIONS):
        return []
    given = callback.args
    every = (*given.posonlyargs, *given.args, given.vararg, *given.kwonlyargs, given.kwarg)
    return [each.arg for each in every if each and each.arg != _CONTEXT and not _is_bound(step)]


def _is_bound(step: Step) -> bool:
    """Whether the function is a method, whose first parameter is filled."""
    return step.made is not step.callback


def _legacy(step: Step) -> Iterator[Finding]:
    parameters = _parameters(step)
    depends = step.option("depends")
    if len(step.call.args) > 1:
        depends = step.call.args[1]
    if step.name is None:
        message = f"`step.do` must be given a name before {_SINCE.removeprefix('from ')}"
        message = message.removesuffix(" on")
        yield fault(step.region, step.call, message, "Give it a name.")
    elif depends is None and parameters:
        message = (
            f"the step `{step.shown}` has parameters and no `depends`, as the compatibility "
            "date demands"
        )
        yield _at_function(step, message, "List the steps that it needs in `depends`.")
    elif isinstance(depends, ast.List | ast.Tuple) and len(depends.elts) != len(parameters):
        listed = len(depends.elts)
        message = (
            f"the step `{step.shown}` has {len(parameters)} parameters and {listed} in `depends`"
        )
        yield _at_function(step, message, "Give each step in `depends` a parameter.")


def _at_function(step: Step, message: str, fix: str) -> Finding:
    node = step.made if isinstance(step.made, FUNCTIONS) else step.call
    return fault(step.region, node, message, fix)


# -- other methods


def _of_waiting(step: Step) -> Iterator[Finding]:
    region, call = step.region, step.call
    if step.method not in WAITING:
        other = _OTHER_NAMES.get(step.method)
        fix = f"Call `{other}`." if other else "Use `do`, `sleep`, `sleep_until`, `wait_for_event`."
        yield fault(region, call, f"Python's `step` has no `{step.method}`", fix)
    elif step.method == "wait_for_event":
        named = [each.arg for each in call.keywords if each.arg not in (None, "timeout")]
        if named:
            message = f"`wait_for_event` takes name and type by their places, not `{named[0]}`"
            yield fault(
                region, call, message, "Write `step.wait_for_event(name, type, timeout=…)`."
            )


def uncalled(regions: Iterable[Region]) -> Iterator[Finding]:
    """Where `step.do` itself decorates a function, so that the function is taken for its name."""
    for region in regions:
        for node in region.alive:
            for each in node.decorator_list if isinstance(node, FUNCTIONS) else ():
                if isinstance(each, ast.Attribute) and region.is_step(each.value):
                    yield fault(region, each, "`@step.do` is not called", "Write `@step.do()`.")


# -- what goes into a step, and out


def _arguments(step: Step) -> Iterator[Finding]:
    region = step.region
    calls = region.calls.get(step.handle, ()) if step.handle else ()
    above = region.parents.get(step.made) if step.made is not None else None
    if isinstance(above, ast.Call) and above.func is step.made:
        calls = (above,)
    for node in calls:
        if node.args or node.keywords:
            message = f"the step `{step.shown}` takes no arguments"
            fix = "Let it take what it needs from around it, or from other steps by its parameters."
            yield fault(region, node, message, fix)


def _results(step: Step) -> Iterator[Finding]:
    callback = step.callback
    if not isinstance(callback, FUNCTIONS):
        return
    for node in own_nodes(callback):
        if isinstance(node, ast.Return) and node.value is not None:
            what = _refused(step.region, callback, node.value)
            if what:
                message = f"the step `{step.shown}` gives back {what}, which cannot leave a step"
                yield _in(step, callback, node, message)


def _in(step: Step, callback: Function, node: ast.Return, message: str) -> Finding:
    fix = "Give back a list, a dictionary, a text or a number."
    code = step.region.code
    for path in (step.region.path, *code.paths):
        if code.module(path).blocks.get((callback.lineno, callback.col_offset + 1)) is callback:
            return finding_in(code, path, node.lineno, message, fix, quoted=shown(node))
    return fault(step.region, step.call, message, fix)


def _refused(region: Region, callback: Function, value: ast.expr) -> str:
    if isinstance(value, ast.Tuple):
        return "a tuple"
    if isinstance(value, ast.Lambda):
        return "a function"
    if isinstance(value, ast.Call) and isinstance(callback, ast.AsyncFunctionDef):
        called = [function for _, function in region.called(value)]
        if called and all(isinstance(each, ast.AsyncFunctionDef) for each in called):
            return "something that is not awaited"
    return ""
