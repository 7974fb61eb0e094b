"""What of a Workflow looks as if it broke a rule that only a reader can judge."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gatekeeper import Finding
from gatekeeper_rules.code._workflow_code import Code
from gatekeeper_rules.code._workflow_creation import Call
from gatekeeper_rules.code._workflow_limits import identity
from gatekeeper_rules.code._workflow_steps import DO, Callback, Step, body_of
from gatekeeper_rules.code._workflow_told import finding_in, shown

_WRITES = re.compile(r"\s*INSERT\s+(?!OR\s+(?:IGNORE|REPLACE)\b)", re.IGNORECASE)
_SETTLES = re.compile(r"\bON\s+CONFLICT\b", re.IGNORECASE)
_READS = re.compile(r"\s*(?:SELECT|WITH)\b", re.IGNORECASE)
_UNSAFE = frozenset({"POST", "PATCH"})
_READING = frozenset({"first", "get", "head", "list", "status"})
_BODIES = frozenset({"array_buffer", "arrayBuffer", "blob", "buffer", "bytes", "text"})
_PERSONS = re.compile(
    r"(?:^|_)(?:user|customer|account|member|tenant|email)(?:_?id)?$", re.IGNORECASE
)
_MANY, _FEW = 4, 2


class Place(NamedTuple):
    """A step with what it does, ready to be looked at."""

    step: Step
    callback: Callback
    calls: tuple[ast.Call, ...]


def on_steps(steps: Iterable[Step]) -> Iterator[Finding]:
    """Advice on what steps do, and on their names."""
    every = tuple(steps)
    made = [each for each in every if each.method == DO and each.is_live]
    for step in made:
        if step.callback is not None:
            nodes = body_of(step.callback)
            calls = tuple(each for each in nodes if isinstance(each, ast.Call))
            place = Place(step, step.callback, tuple(sorted(calls, key=_place)))
            yield from _blind(place)
            yield from _coarse(place, len(made))
            yield from _large(place)
            yield from _nested(place)
    yield from _twice(made)


def _place(node: ast.expr) -> tuple[int, int]:
    return node.end_lineno or node.lineno, node.end_col_offset or node.col_offset


def _advise(place: Place, node: ast.expr | ast.stmt, message: str, fix: str) -> Iterator[Finding]:
    region = place.step.region
    if node.lineno <= len(region.code.module(region.path).lines):
        yield finding_in(region.code, region.path, node.lineno, message, fix, quoted=shown(node))


# -- 1: idempotent


def _blind(place: Place) -> Iterator[Finding]:
    """Writing calls of a step, none of which it knows to be done already."""
    text = ast.unparse(place.callback).lower()
    if "idempoten" in text:
        return
    for number, call in enumerate(place.calls):
        what = _writes(place.callback, call)
        looked = any(_reads(place.callback, each) for each in place.calls[:number])
        if what and not looked:
            fix = "Look first whether it is done, or give the call a key that makes it idempotent."
            yield from _advise(place, call, f"{what} when the step is tried again", fix)
            return


def _writes(callback: Callback, call: ast.Call) -> str:
    function = call.func
    method = function.attr if isinstance(function, ast.Attribute) else ""
    if method in ("post", "patch") or _verb(call) in _UNSAFE:
        return f"`{shown(call)}` may be sent twice"
    if method == "prepare" and any(
        _WRITES.match(each) and not _SETTLES.search(each) for each in _texts(callback, call)
    ):
        return "the row may be inserted twice"
    if method == "create" and "env" in ast.unparse(function).split("."):
        nameless = not call.args or identity(call.args[0]) is None
        return "another instance may be created" if nameless else ""
    return ""


def _verb(call: ast.Call) -> str:
    held = [each.value for each in call.keywords if each.arg == "method"]
    for each in (*call.args[1:], *held):
        if isinstance(each, ast.Dict):
            held += [
                value
                for key, value in zip(each.keys, each.values, strict=True)
                if isinstance(key, ast.Constant) and key.value == "method"
            ]
    said = [each.value for each in held if isinstance(each, ast.Constant)]
    return next((each.upper() for each in said if isinstance(each, str)), "")


def _texts(callback: Callback, call: ast.Call) -> Iterator[str]:
    """The strings that the first argument can be."""
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Constant) and isinstance(first.value, str):
        yield first.value
    if isinstance(first, ast.Name):
        for node in body_of(callback):
            match node:
                case ast.Assign(
                    targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))
                ) if name == first.id:
                    yield text


def _reads(callback: Callback, call: ast.Call) -> bool:
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if method in _READING:
        return True
    if method == "prepare":
        return any(_READS.match(each) for each in _texts(callback, call))
    named = isinstance(call.func, ast.Name) and call.func.id in ("fetch", "pyfetch")
    return named and _verb(call) in ("", "GET", "HEAD")


# -- 2: granular


def _coarse(place: Place, steps: int) -> Iterator[Finding]:
    services = {name for call in place.calls for name in _service(call)}
    awaited = sum(isinstance(each, ast.Await) for each in body_of(place.callback))
    name = place.step.shown
    fix = "Give each call a step of its own, so that only what failed is tried again."
    if len(services) >= _FEW:
        message = f"the step `{name}` talks to {', '.join(sorted(services))}"
        yield from _advise(place, place.step.call, message, fix)
    elif steps == 1 and awaited >= _MANY:
        message = f"the step `{name}` is the only one, and awaits {awaited} things"
        yield from _advise(place, place.step.call, message, fix)


def _service(call: ast.Call) -> Iterator[str]:
    """The binding, or the network, that a call talks to."""
    node: ast.expr = call.func
    if isinstance(node, ast.Name) and node.id in ("fetch", "pyfetch"):
        yield "the network"
    while isinstance(node, ast.Attribute):
        above = node.value
        if isinstance(above, ast.Attribute) and above.attr == "env":
            yield f"`{node.attr}`"
        node = above


# -- 6: names, 13: results, and what is nested


def _twice(steps: list[Step]) -> Iterator[Finding]:
    seen: dict[str, Step] = {}
    for step in steps:
        said = step.said
        if said is None:
            continue
        if said in seen:
            message = f"a step called `{said}` is made on line {seen[said].line} already"
            fix = "Give each step a name of its own: it is the key of the kept result."
            region = step.region
            yield finding_in(region.code, region.path, step.line, message, fix)
        seen.setdefault(said, step)


def _large(place: Place) -> Iterator[Finding]:
    for node in body_of(place.callback):
        value = node.value if isinstance(node, ast.Return) else None
        value = value.value if isinstance(value, ast.Await) else value
        match value:
            case ast.Call(func=ast.Attribute(attr=method)) if method in _BODIES:
                what = "a whole body"
            case ast.Call(func=ast.Attribute(attr="all")):
                what = "a whole table"
            case ast.Call(func=ast.Name(id="Response")):
                what = "a response"
            case _:
                continue
        if isinstance(node, ast.Return):
            message = f"the step `{place.step.shown}` gives back {what}; over 1 MiB is refused"
            fix = "Put it into R2 and give back the key, or give back only what is needed."
            yield from _advise(place, node, message, fix)


def _nested(place: Place) -> Iterator[Finding]:
    for call in place.calls:
        function = call.func
        if isinstance(function, ast.Attribute) and place.step.region.is_step(function.value):
            message = f"`{shown(call)}` stands within the step `{place.step.shown}`"
            fix = "Let `run` call it, between two steps."
            yield from _advise(place, call, message, fix)


# -- 8 and 11: instances


def on_creation(code: Code, call: Call) -> Iterator[Finding]:
    """Advice on how an instance is created."""
    given = identity(call.node.args[0]) if call.node.args else None
    name = ""
    if isinstance(given, ast.Name | ast.Attribute):
        name = given.id if isinstance(given, ast.Name) else given.attr
    fix = "Make the id of more than that, and keep it."
    if _PERSONS.search(name):
        message = f"`{name}` as the id lets everybody have one instance only"
        yield finding_in(code, call.path, call.line, message, fix, quoted=shown(call.node))
    elif isinstance(given, ast.Constant):
        message = f"`{shown(given)}` as the id can be used once only"
        yield finding_in(code, call.path, call.line, message, fix, quoted=shown(call.node))
    function = call.node.func
    if call.in_loop and isinstance(function, ast.Attribute) and function.attr == "create":
        message = "instances are created one by one in a loop"
        fix = "Create them with `create_batch`, at most 100 at once."
        yield finding_in(code, call.path, call.line, message, fix, quoted=shown(call.node))
