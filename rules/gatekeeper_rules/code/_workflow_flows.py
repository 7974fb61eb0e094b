"""Where a value goes from an expression: names, collections, task groups, functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from gatekeeper_rules.code._workflow_code import Function
from gatekeeper_rules.code._workflow_regions import Region

_FILLING = frozenset({"append", "add", "extend", "insert", "put_nowait", "appendleft"})


def filled(function: ast.expr) -> str:
    """The collection that a call puts something into."""
    match function:
        case ast.Attribute(attr=method, value=ast.Name(id=name)) if method in _FILLING:
            return name
        case _:
            return ""


def is_filled(region: Region, name: ast.Name) -> bool:
    """Whether a collection is named only to put something into it."""
    above = region.parents.get(name)
    return isinstance(above, ast.Attribute) and above.attr in _FILLING


def is_of_group(region: Region, function: ast.expr) -> bool:
    """Whether a task is created by a group, which awaits all its tasks."""
    match function:
        case ast.Attribute(attr="create_task", value=ast.Name(id=name)):
            items = [each for each in region.nodes if isinstance(each, ast.withitem)]
            return any(
                isinstance(each.optional_vars, ast.Name)
                and each.optional_vars.id == name
                and "asyncio.TaskGroup()" in region.externals(each.context_expr)
                for each in items
            )
        case _:
            return False


def is_dependence(region: Region, node: ast.AST) -> bool:
    """Whether a step is named in `depends=[…]`."""
    return any(
        isinstance(each, ast.keyword) and each.arg == "depends" for each in region.above(node)
    )


def named_by(above: ast.AST | None, node: ast.AST) -> Iterator[str]:
    """The names that a statement gives to a value, or to what it goes through."""
    targets: list[ast.expr] = []
    match above:
        case ast.Assign(targets=held):
            targets = held
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            targets = [target]
        case (
            ast.For(iter=held, target=target)
            | ast.AsyncFor(iter=held, target=target)
            | ast.comprehension(iter=held, target=target)
        ) if held is node:
            targets = [target]
    for each in targets:
        yield from (part.id for part in ast.walk(each) if isinstance(part, ast.Name))


def consumes(function: Function, node: ast.AST, call: ast.Call) -> bool:
    """Whether a function awaits what it is given, itself or through what it gives it to."""
    given = function.args
    if any(each is node or _wraps(each, node) for each in call.args):
        names = {each.arg for each in (*given.posonlyargs, *given.args)}
        names |= {given.vararg.arg} if given.vararg else set()
    else:
        names = {each.arg for each in given.kwonlyargs} | {each.arg for each in given.args}
    return any(
        isinstance(inner, ast.Name) and inner.id in names
        for each in ast.walk(function)
        if isinstance(each, ast.Await | ast.Return)
        for inner in ast.walk(each)
    )


def _wraps(outer: ast.AST, inner: ast.AST) -> bool:
    return any(each is inner for each in ast.walk(outer))
