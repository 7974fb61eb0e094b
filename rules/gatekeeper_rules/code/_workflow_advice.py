"""What of a Workflow looks as if it broke a rule that only a reader can judge."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gatekeeper import Finding
from gatekeeper_rules.code import _workflow_words as words
from gatekeeper_rules.code._workflow_code import Code
from gatekeeper_rules.code._workflow_creation import Call
from gatekeeper_rules.code._workflow_limits import identity
from gatekeeper_rules.code._workflow_services import (
    BODIES,
    FEW,
    MANY,
    PERSONS,
    READING,
    UNSAFE,
    inserts_blindly,
    reads,
)
from gatekeeper_rules.code._workflow_steps import DO, Callback, Step, body_of
from gatekeeper_rules.code._workflow_told import finding_in, shown


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
            yield from _advise(place, call, words.blindly(what), words.FIX_BLIND)
            return


def _writes(callback: Callback, call: ast.Call) -> str:
    function = call.func
    method = function.attr if isinstance(function, ast.Attribute) else ""
    if method in ("post", "patch") or _verb(call) in UNSAFE:
        return words.sent_twice(shown(call))
    if method == "prepare" and any(inserts_blindly(each) for each in _texts(callback, call)):
        return words.ROW
    if method == "create" and "env" in ast.unparse(function).split("."):
        nameless = not call.args or identity(call.args[0]) is None
        return words.INSTANCE if nameless else ""
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
    if method in READING:
        return True
    if method == "prepare":
        return any(reads(each) for each in _texts(callback, call))
    named = isinstance(call.func, ast.Name) and call.func.id in ("fetch", "pyfetch")
    return named and _verb(call) in ("", "GET", "HEAD")


# -- 2: granular


def _coarse(place: Place, steps: int) -> Iterator[Finding]:
    services = {name for call in place.calls for name in _service(call)}
    awaited = sum(isinstance(each, ast.Await) for each in body_of(place.callback))
    name = place.step.shown
    message = ""
    if len(services) >= FEW:
        message = words.services(name, services)
    elif steps == 1 and awaited >= MANY:
        message = words.everything(name, awaited)
    if message:
        yield from _advise(place, place.step.call, message, words.FIX_COARSE)


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
            message = words.twice(said, seen[said].line)
            region = step.region
            yield finding_in(region.code, region.path, step.line, message, words.FIX_TWICE)
        seen.setdefault(said, step)


def _large(place: Place) -> Iterator[Finding]:
    for node in body_of(place.callback):
        value = node.value if isinstance(node, ast.Return) else None
        value = value.value if isinstance(value, ast.Await) else value
        match value:
            case ast.Call(func=ast.Attribute(attr=method)) if method in BODIES:
                what = "a whole body"
            case ast.Call(func=ast.Attribute(attr="all")):
                what = "a whole table"
            case ast.Call(func=ast.Name(id="Response")):
                what = "a response"
            case _:
                continue
        if isinstance(node, ast.Return):
            message = words.gives_back(place.step.shown, what)
            yield from _advise(place, node, message, words.FIX_LARGE)


def _nested(place: Place) -> Iterator[Finding]:
    for call in place.calls:
        function = call.func
        if isinstance(function, ast.Attribute) and place.step.region.is_step(function.value):
            message = words.stands_within(shown(call), place.step.shown)
            yield from _advise(place, call, message, words.FIX_NESTED)


# -- 8 and 11: instances


def on_creation(code: Code, call: Call) -> Iterator[Finding]:
    """Advice on how an instance is created."""
    given = identity(call.node.args[0]) if call.node.args else None
    name = ""
    if isinstance(given, ast.Name | ast.Attribute):
        name = given.id if isinstance(given, ast.Name) else given.attr
    message = words.persons(name) if PERSONS.search(name) else ""
    if isinstance(given, ast.Constant):
        message = words.once(shown(given))
    if message:
        quoted = shown(call.node)
        yield finding_in(code, call.path, call.line, message, words.FIX_ID, quoted=quoted)
    function = call.node.func
    if call.in_loop and isinstance(function, ast.Attribute) and function.attr == "create":
        fix, quoted = words.PYTHON.batching, shown(call.node)
        yield finding_in(code, call.path, call.line, words.ONE_BY_ONE, fix, quoted=quoted)
