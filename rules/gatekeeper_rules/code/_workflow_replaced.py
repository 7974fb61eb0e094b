"""What may put something else in the place of the `run` that a Workflow's class shows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple, TypeGuard
from unicodedata import normalize

from gatekeeper import Doubt
from gatekeeper.source.code_scopes import MODULE, Bound
from gatekeeper.source.code_values import NONE, Sort, Value
from gatekeeper.source.python_walk import every
from gatekeeper_rules.code._production import Role, role_of
from gatekeeper_rules.code._workflow_classes import Klass, lineage, run_of
from gatekeeper_rules.code._workflow_code import Code

_RUN = "run"
_HARMLESS = frozenset({"typing.final", "typing_extensions.final", "dataclasses.dataclass"})
_SETTERS = frozenset({"setattr", "delattr", "__setattr__", "__delattr__"})
_OWN = frozenset({"self", "cls"})
_KINDS = frozenset({"__bases__", "__class__"})
_SAYS = (
    "run",
    "exec",
    "setattr",
    "delattr",
    "__dict__",
    "__bases__",
    "__class__",
    "vars",
    "globals",
)
_NAMESPACES = frozenset({"globals", "locals", "vars"})
_BUILDERS = frozenset({"__init__", "__init_subclass__", "__post_init__"})
_LOOKS = frozenset({"id", "isinstance", "print", "repr", "str", "super", "type"})


def replaced(code: Code, klass: Klass) -> Iterator[Doubt]:
    """Why the platform may call another `run` than the one that stands in the class."""
    classes = [each for each in lineage(code, klass.value) if each.sort is Sort.CLASS]
    for each in classes:
        yield from _by_itself(code, klass, each)
    yield from _by_another_base(code, klass, classes)
    owners = _Owners(frozenset(classes), frozenset(each.text for each in classes), klass.name)
    for path in code.paths:
        if role_of(path) is Role.PRODUCTION and _can_set(code, path, owners):
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
    for made_up in ("__getattribute__", "__new__"):
        if made_up in names:
            reason = f"what `{made_up}` gives for `run` of `{klass.name}` cannot be told"
            yield Doubt(reason, value.text, node.lineno)
    for place in _handed_on(node):
        reason = f"what becomes of `run` of `{klass.name}` cannot be told: its owner is handed on"
        yield Doubt(reason, value.text, place.lineno)
    around = code.names.files[value.text].scopes[MODULE].names.get(node.name, ())
    if len(around) > 1 and value == klass.value:
        reason = f"which `{node.name}` counts cannot be told"
        yield Doubt(reason, value.text, max(each.node.line for each in around) or node.lineno)
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


def _handed_on(node: ast.ClassDef) -> Iterator[ast.expr]:
    """Where what builds an instance, or the body itself, gives it to what may set its `run`."""
    for statement in node.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            builds = statement.name in _BUILDERS
            held = [each for each in statement.args.args[:1] if builds]
        else:
            held = []
        names = {each.arg for each in held}
        for each in every(statement) if names else ():
            if _is_exec(each):
                yield each
            if isinstance(each, ast.Call) and not _only_looks(each):
                given = (*each.args, *(keyword.value for keyword in each.keywords))
                yield from (one for one in given if isinstance(one, ast.Name) and one.id in names)
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (one for one in every(statement) if _is_namespace(one))


def _only_looks(call: ast.Call) -> bool:
    """Whether a call sets nothing of what it is given, or is that of a base, which is looked at."""
    match call.func:
        case ast.Name(id=name):
            return name in _LOOKS
        case ast.Attribute(attr=name):
            return name in _BUILDERS
        case _:
            return False


def _is_exec(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "exec"


def _is_namespace(node: ast.AST) -> TypeGuard[ast.Call]:
    """Whether a piece is `locals()` and the like, or runs text as code."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
        return False
    return _is_exec(node) or (node.func.id in _NAMESPACES and not node.args)


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


class _Owners(NamedTuple):
    """The classes that give a Workflow its `run`, their files, and the Workflow's name."""

    classes: frozenset[Value]
    paths: frozenset[str]
    name: str


def _can_set(code: Code, path: str, owners: _Owners) -> bool:
    words = (*_SAYS, owners.name)
    return any(
        word in (line if line.isascii() else normalize("NFKC", line))
        for line in code.module(path).lines
        for word in words
    )


class _At(NamedTuple):
    """Where a node stands: its scope, and the class whose methods these are."""

    scope: int
    owner: Value | None


def _set_in(code: Code, path: str, owners: _Owners) -> Iterator[ast.expr]:
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
        if whose is not None and (
            _is_of(code, path, at, whose, owners.classes)
            or (path in owners.paths and _is_anyones(code, path, at, node))
        ):
            yield whose
        replaced_in = _replaced_in(node, owners)
        if replaced_in is not None and _is_module(code, path, at, replaced_in, owners):
            yield replaced_in
        waiting.extend((at, each) for each in ast.iter_child_nodes(node))


def _whose(node: ast.AST) -> ast.expr | None:
    """The object whose `run` a node sets, or may set; None for any other node."""
    match node:
        case ast.Attribute(attr=name, value=owner, ctx=ast.Store() | ast.Del()) if (
            name == _RUN or name in _KINDS
        ):
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


def _is_anyones(code: Code, path: str, at: _At, node: ast.AST) -> bool:
    """Whether a file of the class sets `run` of what nobody knows: of a parameter, say."""
    match node:
        case ast.Attribute(attr="run", value=ast.Name(id=name) as owner) if name not in _OWN:
            known = code.values(path, at.scope, owner)
            return all(each.sort is Sort.UNKNOWN for each in known)
        case ast.Call(args=[ast.Name(id=name) as owner, ast.Constant(value="run"), *_]):
            known = code.values(path, at.scope, owner) if name not in _OWN else NONE
            return name not in _OWN and all(each.sort is Sort.UNKNOWN for each in known)
        case _:
            return False


def _replaced_in(node: ast.AST, owners: _Owners) -> ast.expr | None:
    """The module whose class of that name a node sets, or may set; None for any other node."""
    match node:
        case ast.Attribute(attr=name, value=held, ctx=ast.Store() | ast.Del()) if (
            name == owners.name
        ):
            return held
        case ast.Call(func=ast.Name(id="exec")):
            return node
        case ast.Call(
            func=ast.Name(id=setter) | ast.Attribute(attr=setter),
            args=[held, ast.Constant(value=name), *_],
        ) if setter in _SETTERS and name == owners.name:
            return held
        case ast.Subscript(
            value=ast.Call(func=ast.Name(id="globals")) as held,
            slice=key,
            ctx=ast.Store() | ast.Del(),
        ) if not isinstance(key, ast.Constant) or key.value == owners.name:
            return held
        case _:
            return None


def _is_module(code: Code, path: str, at: _At, node: ast.expr, owners: _Owners) -> bool:
    if isinstance(node, ast.Call):
        return path in owners.paths
    found = code.values(path, at.scope, node)
    return any(each.sort is Sort.MODULE and each.text in owners.paths for each in found)


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
