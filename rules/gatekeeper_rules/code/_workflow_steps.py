"""The steps that a Workflow's code makes, and what it makes them of."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from gatekeeper.source.code_values import Sort, Value
from gatekeeper.value import dataclass, replace
from gatekeeper_rules.code._workflow_code import Function
from gatekeeper_rules.code._workflow_liveness import Liveness
from gatekeeper_rules.code._workflow_regions import FUNCTIONS, Region, own_nodes

DO = "do"
WAITING = frozenset({"sleep", "sleep_until", "wait_for_event"})
"""The methods of `step` that take no function (workers-runtime-sdk 1.9)."""

Callback = Function | ast.Lambda


@dataclass(frozen=True, eq=False)
class Step:
    """A call of a method of `step`.

    `made` is what is a step once it is called: the function that is decorated, or the call that
    takes a function; None where there is none. `handle` is the name it goes by. `callback` is
    what it does, None where that cannot be seen.
    """

    region: Region
    method: str
    call: ast.Call
    made: ast.AST | None = None
    handle: str = ""
    callback: Callback | None = None

    @property
    def line(self) -> int:
        """Where it is made."""
        return self.call.lineno

    @property
    def is_live(self) -> bool:
        """Whether the code that makes it is reached."""
        return (self.made or self.call) not in self.region.dead

    @property
    def name(self) -> ast.expr | None:
        """The expression that names it; None where the function's own name does."""
        given = [each.value for each in self.call.keywords if each.arg == "name"]
        return next(iter((*given, *self.call.args)), None)

    @property
    def said(self) -> str | None:
        """Its name, where that is constant or the function's own."""
        match self.name:
            case None:
                return self.handle or None
            case ast.Constant(value=str(text)):
                return text
            case _:
                return None

    @property
    def shown(self) -> str:
        """What a reader calls it."""
        return self.said or self.handle or f"step.{self.method}"

    def option(self, name: str) -> ast.expr | None:
        """What is given under a keyword."""
        return next((each.value for each in self.call.keywords if each.arg == name), None)


def steps_of(region: Region) -> Iterator[Step]:
    """The steps that a region makes, in order."""
    named = region.makers
    used = set(named.values())
    for node in region.nodes:
        if isinstance(node, FUNCTIONS):
            yield from _decorated(region, node, named)
        elif isinstance(node, ast.Call) and node not in used:
            yield from _by_call(region, node, named)


def _by_call(region: Region, node: ast.Call, named: dict[str, ast.Call]) -> Iterator[Step]:
    function = node.func
    if isinstance(function, ast.Name) and function.id in named:
        yield _wrapped(region, named[function.id], node)
    elif isinstance(function, ast.Attribute) and region.is_step(function.value):
        yield from _called(region, node, function.attr)


def _decorated(region: Region, node: Function, named: dict[str, ast.Call]) -> Iterator[Step]:
    for each in node.decorator_list:
        call = named.get(each.id) if isinstance(each, ast.Name) else each
        if isinstance(call, ast.Call) and _is_do(region, call):
            yield Step(region, DO, call, node, node.name, node)


def _is_do(region: Region, call: ast.Call) -> bool:
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and function.attr == DO
        and region.is_step(function.value)
    )


def _called(region: Region, call: ast.Call, method: str) -> Iterator[Step]:
    above = region.parents.get(call)
    if isinstance(above, FUNCTIONS) and call in above.decorator_list:
        return
    if method == DO and isinstance(above, ast.Call) and above.func is call:
        yield _wrapped(region, call, above)
    else:
        yield Step(region, method, call)


def _wrapped(region: Region, call: ast.Call, made: ast.Call) -> Step:
    """`step.do("name")(function)`."""
    given = made.args[0] if made.args else None
    held = region.parents.get(made)
    handle = ""
    if isinstance(held, ast.Assign) and isinstance(held.targets[0], ast.Name):
        handle = held.targets[0].id
    return Step(region, DO, call, made, handle, _function(region, given))


def _function(region: Region, node: ast.expr | None) -> Callback | None:
    if isinstance(node, ast.Lambda):
        return node
    if node is None:
        return None
    if isinstance(node, ast.Attribute) and region.is_receiver(node.value):
        held = region.called(ast.Call(func=node, args=[], keywords=[]))
        return held[0][1] if held else None
    found = region.code.values(region.path, region.scope, node)
    functions = [region.code.function(each) for each in found if each.sort is Sort.FUNCTION]
    return functions[0] if len(functions) == 1 else None


def body_of(callback: Callback) -> list[ast.AST]:
    """The nodes of what a step does, those of functions inside it too."""
    if isinstance(callback, ast.Lambda):
        return list(ast.walk(callback.body))
    return [each for statement in callback.body for each in ast.walk(statement)]


# -- whether it does anything

_IDLE_CALLS = frozenset({"asyncio.sleep", "builtins.print", "builtins.str", "builtins.dict"})
_IDLE_OWNERS = ("logging.", "builtins.")


def is_idle(step: Step) -> bool:
    """Whether what a step does is nothing, a constant, or talk."""
    return step.callback is not None and _does_nothing(step.region, step.callback, 0)


def _does_nothing(region: Region, callback: Callback, depth: int) -> bool:
    if isinstance(callback, ast.Lambda):
        live: list[ast.AST] = list(ast.walk(callback.body))
    else:
        dead = Liveness(callback.body, {}).dead
        live = [each for each in own_nodes(callback) if each not in dead]
    calls = [each for each in live if isinstance(each, ast.Call)]
    if any(isinstance(each, ast.Raise) for each in live):
        return False
    return all(_is_idle_call(region, callback, each, depth) for each in calls)


def _is_idle_call(region: Region, callback: Callback, call: ast.Call, depth: int) -> bool:
    path, scope = region.path, region.scope
    if not isinstance(callback, ast.Lambda):
        scope = region.code.scope_of(path, callback)
    found = region.code.values(path, scope, call.func)
    return bool(found) and all(_is_idle_value(region, each, depth) for each in found)


def _is_idle_value(region: Region, value: Value, depth: int) -> bool:
    if value.sort is Sort.EXTERNAL:
        return value.text in _IDLE_CALLS or value.text.startswith(_IDLE_OWNERS)
    held = region.code.function(value) if depth == 0 else None
    return held is not None and _does_nothing(replace(region, path=value.text), held, depth + 1)
