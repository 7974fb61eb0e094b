"""What steps change outside of themselves, and what changes the event."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from gatekeeper import Finding
from gatekeeper.value import dataclass, replace
from gatekeeper_rules.code import _workflow_words as words
from gatekeeper_rules.code._workflow_regions import FUNCTIONS, Region, root
from gatekeeper_rules.code._workflow_steps import Callback, Step, body_of
from gatekeeper_rules.code._workflow_told import fault, shown

_MUTATES = frozenset(
    {
        *("add", "append", "appendleft", "clear", "discard", "extend", "extendleft", "insert"),
        *("intersection_update", "pop", "popitem", "popleft", "remove", "reverse"),
        *("setdefault", "sort", "symmetric_difference_update", "update"),
    }
)


@dataclass(frozen=True)
class Change:
    """A statement or call that changes something, and the name at whose beginning it is."""

    node: ast.expr | ast.stmt
    target: ast.expr

    @property
    def name(self) -> str:
        """The name of what is changed."""
        return root(self.target)

    @property
    def binds(self) -> bool:
        """Whether a name gets another value, and nothing in it is changed."""
        return isinstance(self.target, ast.Name) and not isinstance(self.node, ast.Call)


def changes(nodes: list[ast.AST]) -> Iterator[Change]:
    """What the nodes change: names, attributes, items, and collections by their methods."""
    for node in nodes:
        match node:
            case ast.Assign(targets=targets) | ast.Delete(targets=targets):
                held = [part for each in targets for part in _apart(each)]
                yield from (Change(node, each) for each in held)
            case ast.AugAssign(target=target):
                yield Change(node, target)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                yield Change(node, target)
            case ast.Call(func=ast.Attribute(attr=method, value=owner)) if method in _MUTATES:
                yield Change(node, owner)


def _apart(target: ast.expr) -> Iterator[ast.expr]:
    if isinstance(target, ast.Tuple | ast.List):
        for each in target.elts:
            yield from _apart(each)
    else:
        yield target


def of_event(region: Region, callbacks: list[Callback]) -> Iterator[Finding]:
    """Where a region, or a step in it, changes the event."""
    nodes = list(region.alive)
    nodes += [node for each in callbacks for node in body_of(each) if node not in region.dead]
    for change in dict.fromkeys(changes(nodes)):
        if change.name in region.roles.events and not change.binds:
            message = words.changes_event(shown(change.node))
            yield fault(region, change.node, message, words.PYTHON.copying)


def of_step(step: Step) -> Iterator[Finding]:
    """What a step changes that lies outside of it."""
    callback = step.callback
    if callback is None:
        return
    region = _home(step, callback)
    own = _own_names(callback)
    aliases = _aliases(callback, own)
    events = step.region.roles.events
    for change in changes(body_of(callback)):
        name = aliases.get(change.name, change.name)
        foreign = bool(name) and name not in own and name not in events
        if foreign and not change.binds and not _is_module(region, change):
            yield _told(region, step, change)
    for change in changes(body_of(callback)):
        if change.binds and change.name in _declared(callback):
            yield _told(region, step, change)
    yield from _in_methods(region, step, callback)


def _told(region: Region, step: Step, change: Change) -> Finding:
    message = words.changes(step.shown, shown(change.target))
    return fault(region, change.node, message, words.FIX_STATE)


def _home(step: Step, callback: Callback) -> Region:
    """The region's like for the function that a step is, so that places are right."""
    if isinstance(callback, FUNCTIONS):
        for path in (step.region.path, *step.region.code.paths):
            module = step.region.code.module(path)
            if module.blocks.get((callback.lineno, callback.col_offset + 1)) is callback:
                return replace(step.region, path=path, function=callback)
    return step.region


def _own_names(callback: Callback) -> frozenset[str]:
    """The names that belong to a step's function: parameters, and what it binds."""
    arguments = callback.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    names = {each.arg for each in (*every, arguments.vararg, arguments.kwarg) if each}
    for node in body_of(callback):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.ExceptHandler)) and node.name:
            names.add(node.name)
    return frozenset(names) - _declared(callback)


def _declared(callback: Callback) -> frozenset[str]:
    """The names that a step's function declares to be others'."""
    held = (each for each in body_of(callback) if isinstance(each, ast.Global | ast.Nonlocal))
    return frozenset(name for each in held for name in each.names)


def _aliases(callback: Callback, own: frozenset[str]) -> dict[str, str]:
    """Names of the function that only stand for something outside of it."""
    found = {}
    for node in body_of(callback):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                outer = root(value)
                if outer and outer not in own:
                    found[name] = outer
    return found


def _is_module(region: Region, change: Change) -> bool:
    """Whether a function of a module is called, or a binding is used, and nothing is changed."""
    if not isinstance(change.node, ast.Call):
        return False
    parts = [each.attr for each in ast.walk(change.target) if isinstance(each, ast.Attribute)]
    return "env" in parts or bool(region.externals(change.target))


def _in_methods(region: Region, step: Step, callback: Callback) -> Iterator[Finding]:
    """What methods of the Workflow that a step calls change of the Workflow."""
    seen: set[ast.AST] = set()
    waiting = list(body_of(callback))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            for value, function in region.called(node) if _is_own(region, node) else ():
                if function in seen:
                    continue
                seen.add(function)
                inner = replace(region, path=value.text, function=function)
                for change in changes(body_of(function)):
                    if change.name == _receiver(function) and not _is_module(inner, change):
                        yield _told(inner, step, change)
                waiting += body_of(function)


def _is_own(region: Region, call: ast.Call) -> bool:
    function = call.func
    return isinstance(function, ast.Attribute) and region.is_receiver(function.value)


def _receiver(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    given = (*function.args.posonlyargs, *function.args.args)
    return given[0].arg if given else ""
