"""From a Workflow's `run` to the functions of the repository that it calls outside of steps."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from gatekeeper.source.code_values import Value
from gatekeeper.value import replace
from gatekeeper_rules.code._workflow_classes import Klass, run_of
from gatekeeper_rules.code._workflow_code import Code, Function
from gatekeeper_rules.code._workflow_regions import (
    Region,
    Roles,
    given,
    is_env,
    is_rooted,
    makes_step,
    parameters,
    root,
)

_DEEPEST = 8
_MOST = 60
_RUN_TAKES = 3


def region_of(code: Code, klass: Klass) -> Region | None:
    """The `run` of a Workflow; None where neither it nor a base in the repository has one."""
    found = run_of(code, klass.value)
    if found is None:
        return None
    home, function = found
    receiver, event, step = (*parameters(function), "", "", "")[:_RUN_TAKES]
    roles = Roles(frozenset({step} - {""}), frozenset({event} - {""}), receiver=receiver)
    return _completed(Region(code, klass.value, home.text, function, roles))


def regions_of(run: Region) -> tuple[Region, ...]:
    """`run` and the functions of the repository that it calls outside of steps."""
    found, seen = [run], {_key(run)}
    for region in found:
        if _depth(region) >= _DEEPEST:
            continue
        for each in _callees(region):
            if _key(each) not in seen and len(found) < _MOST:
                seen.add(_key(each))
                found.append(each)
    return tuple(found)


def _key(region: Region) -> tuple[str, int, Roles]:
    return region.path, region.scope, region.roles


def _depth(region: Region) -> int:
    depth = 0
    while region.caller is not None:
        region, depth = region.caller[0], depth + 1
    return depth


def _callees(region: Region) -> Iterator[Region]:
    for node in region.alive:
        if isinstance(node, ast.Call):
            for value, function in () if _is_kept_out(region, node) else region.called(node):
                if not makes_step(region, function):
                    yield _entered_by(region, node, value, function)


def _is_kept_out(region: Region, call: ast.Call) -> bool:
    """Whether a method of an object is called that has the bindings: that is an effect itself."""
    return root(call.func) in region.holders and not any(map(region.is_step, given(call)))


def _entered_by(region: Region, call: ast.Call, value: Value, function: Function) -> Region:
    taken = dict(_given(call, function, bound=_is_method(region, value)))
    roles = region.roles
    inside = value.text == region.path and _encloses(region.function, function)
    fresh = set(parameters(function)) | {each.arg for each in function.args.kwonlyargs}

    def named(test: frozenset[str], extra: Iterable[str] = ()) -> frozenset[str]:
        return frozenset({*((test - fresh) if inside else ()), *extra})

    steps = [name for name, node in taken.items() if region.is_step(node)]
    events = [name for name, node in taken.items() if is_rooted(node, roles.events)]
    envs = [name for name, node in taken.items() if is_env(region, node)]
    owns = _is_bound(region, call) and function.args.args
    receiver = function.args.args[0].arg if owns else (roles.receiver if inside else "")
    entered = Roles(
        named(roles.steps, steps),
        named(roles.events, events),
        named(roles.envs, envs),
        receiver,
        roles.kept,
    )
    made = Region(region.code, region.owner, value.text, function, entered, (region, call))
    return _completed(made)


def _is_bound(region: Region, call: ast.Call) -> bool:
    """Whether a call gives the Workflow itself as the first argument."""
    return isinstance(call.func, ast.Attribute) and region.is_receiver(call.func.value)


def _is_method(region: Region, function: Value) -> bool:
    """Whether the first parameter of a function is an object that has it."""
    _, owner = region.code.names.files[function.text].scopes[function.scope].receiver
    return owner >= 0


def _encloses(outer: Function, inner: Function) -> bool:
    return any(each is inner for each in ast.walk(outer))


def _given(call: ast.Call, function: Function, *, bound: bool) -> Iterator[tuple[str, ast.expr]]:
    names = parameters(function)[1 if bound else 0 :]
    yield from zip(names, call.args, strict=False)
    yield from ((each.arg, each.value) for each in call.keywords if each.arg is not None)


def _completed(region: Region) -> Region:
    """The region with the names that are only others for those known."""
    while True:
        roles = _more(region)
        if roles == region.roles:
            return region
        region = replace(region, roles=roles)


def _more(region: Region) -> Roles:
    roles = region.roles
    steps, events, envs = set(roles.steps), set(roles.events), set(roles.envs)
    kept = set(roles.kept)
    for node in region.nodes:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Attribute) and region.is_receiver(target.value):
                kept |= {target.attr} if region.is_step(node.value) else set()
            if isinstance(target, ast.Name):
                steps |= {target.id} if region.is_step(node.value) else set()
                events |= {target.id} if is_rooted(node.value, roles.events) else set()
                envs |= {target.id} if is_env(region, node.value) else set()
    return Roles(
        frozenset(steps), frozenset(events), frozenset(envs), roles.receiver, frozenset(kept)
    )
