"""What may put something else in the place of the `run` that a Workflow's class shows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from gatekeeper import Doubt
from gatekeeper.source.python_scopes import MODULE, Bound
from gatekeeper.source.python_values import Sort, Value
from gatekeeper_rules.code._production import Role, role_of
from gatekeeper_rules.code._workflow_classes import Klass, lineage, run_of
from gatekeeper_rules.code._workflow_code import Code

_RUN = "run"
_HARMLESS = frozenset({"typing.final", "typing_extensions.final", "dataclasses.dataclass"})
_SETTERS = frozenset({"setattr", "delattr", "__setattr__", "__delattr__"})
_OWN = frozenset({"self", "cls"})
_SAYS = (".run", "setattr", "delattr", "__dict__", "vars(")


def replaced(code: Code, klass: Klass) -> Iterator[Doubt]:
    """Why the platform may call another `run` than the one that stands in the class."""
    classes = [each for each in lineage(code, klass.value) if each.sort is Sort.CLASS]
    for each in classes:
        yield from _by_itself(code, klass, each)
    yield from _by_another_base(code, klass, classes)
    owners = frozenset(classes)
    for path in code.paths:
        if role_of(path) is Role.PRODUCTION and _can_set(code, path):
            for node in _set_in(code, path, owners):
                reason = f"what `run` of `{klass.name}` is cannot be told: it is set here"
                yield Doubt(reason, path, node.lineno)


def _by_itself(code: Code, klass: Klass, value: Value) -> Iterator[Doubt]:
    """What the text of a class does to its own `run`."""
    node = code.block(value)
    if not isinstance(node, ast.ClassDef):
        return
    yield from _made_over(code, klass, value, node)
    names = code.names.files[value.text].scopes[value.scope].names
    if "__getattribute__" in names:
        reason = f"what `__getattribute__` gives for `run` of `{klass.name}` cannot be told"
        yield Doubt(reason, value.text, node.lineno)
    bound = names.get(_RUN, ())
    if len(bound) > 1 or any(each.bound is not Bound.FUNCTION for each in bound):
        reason = f"which `run` of `{klass.name}` counts cannot be told"
        yield Doubt(reason, value.text, max(each.node.line for each in bound) or node.lineno)
    for each in _decorators_of_run(node):
        reason = f"what the decorator makes of `run` of `{klass.name}` cannot be told"
        yield Doubt(reason, value.text, each.lineno)


def _made_over(code: Code, klass: Klass, value: Value, node: ast.ClassDef) -> Iterator[Doubt]:
    """What makes something else of a class as soon as it is defined."""
    scope = max(code.names.files[value.text].scopes[value.scope].parent, MODULE)
    for each in node.decorator_list:
        called = each.func if isinstance(each, ast.Call) else each
        if not code.externals(value.text, scope, called) & _HARMLESS:
            reason = f"what the decorator makes of `{klass.name}` cannot be told"
            yield Doubt(reason, value.text, each.lineno)
    if any(each.arg == "metaclass" for each in node.keywords):
        reason = f"what its metaclass makes of `{klass.name}` cannot be told"
        yield Doubt(reason, value.text, node.lineno)


def _decorators_of_run(node: ast.ClassDef) -> Iterator[ast.expr]:
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and statement.name == _RUN:
            yield from statement.decorator_list


def _by_another_base(code: Code, klass: Klass, classes: list[Value]) -> Iterator[Doubt]:
    """Where `run` is inherited, and more than one base has one."""
    found = run_of(code, klass.value)
    if found is None or found[0] == klass.value:
        return
    nodes = [code.block(each) for each in classes]
    several = any(isinstance(each, ast.ClassDef) and len(each.bases) > 1 for each in nodes)
    having = [each for each in classes if _RUN in _names(code, each)]
    if several and len(having) > 1:
        reason = (
            f"which `run` `{klass.name}` inherits cannot be told: several of its bases have one"
        )
        yield Doubt(reason, klass.path, klass.node.lineno)


def _names(code: Code, value: Value) -> frozenset[str]:
    return frozenset(code.names.files[value.text].scopes[value.scope].names)


# -- from elsewhere


def _can_set(code: Code, path: str) -> bool:
    return any(word in line for line in code.module(path).lines for word in _SAYS)


class _At(NamedTuple):
    """Where a node stands: its scope, and the class whose methods these are."""

    scope: int
    owner: Value | None


def _set_in(code: Code, path: str, owners: frozenset[Value]) -> Iterator[ast.expr]:
    """Where a file sets an attribute of one of the classes, or of an instance of its own."""
    tree = code.module(path).tree
    waiting: list[tuple[_At, ast.AST]] = [(_At(MODULE, None), tree)]
    while waiting:
        at, node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            scope = code.scope_of(path, node)
            is_class = isinstance(node, ast.ClassDef)
            at = _At(scope, Value(Sort.CLASS, path, scope) if is_class else at.owner)
        whose = _whose(node)
        if whose is not None and _is_of(code, path, at, whose, owners):
            yield whose
        waiting.extend((at, each) for each in ast.iter_child_nodes(node))


def _whose(node: ast.AST) -> ast.expr | None:
    """The object whose `run` a node sets, or may set; None for any other node."""
    match node:
        case ast.Attribute(attr="run", value=owner, ctx=ast.Store() | ast.Del()):
            return owner
        case ast.Subscript(value=held, slice=key, ctx=ast.Store() | ast.Del()) if _may_be_run(key):
            return _of_dict(held)
        case ast.Call(func=ast.Attribute(attr="update", value=held)):
            return _of_dict(held)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[owner, key, *_]) if (
            name in _SETTERS and _may_be_run(key)
        ):
            return owner
        case _:
            return None


def _may_be_run(key: ast.expr) -> bool:
    return not isinstance(key, ast.Constant) or key.value == _RUN


def _of_dict(node: ast.expr) -> ast.expr | None:
    match node:
        case ast.Attribute(attr="__dict__", value=owner):
            return owner
        case ast.Call(func=ast.Name(id="vars"), args=[owner]):
            return owner
        case _:
            return None


def _is_of(code: Code, path: str, at: _At, node: ast.expr, owners: frozenset[Value]) -> bool:
    """Whether an expression is one of the classes, or an instance in a method of its own."""
    while True:
        match node:
            case ast.Call(func=ast.Name(id="type"), args=[inner]):
                node = inner
            case ast.Attribute(attr="__class__", value=inner):
                node = inner
            case ast.Name(id=name) if name in _OWN:
                return at.owner in owners
            case _:
                return bool(code.values(path, at.scope, node) & owners)
