"""Which classes of a tree's Python are Workflows, which only look like one, and which may be."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from gatekeeper.source.code_scopes import BASES, MODULE, Bound
from gatekeeper.source.code_values import Sort, Value
from gatekeeper_rules.code._production import Role, role_of
from gatekeeper_rules.code._workflow_code import Code, Function
from gatekeeper_rules.code._workflow_liveness import Liveness, constants

BASE = "WorkflowEntrypoint"
NEEDLE = BASE.encode()

# Where Cloudflare's Python SDK and runtime keep the class (workers-runtime-sdk 1.9).
_HOMES = frozenset(
    {
        "_pyodide_entrypoint_helper.cloudflareWorkersModule",
        "cloudflare:workers",
        "workers",
        "workers.entrypoints",
    }
)
_ERROR = "NonRetryableError"
_HOME_OF_ERROR = "workers.workflows"
_PLATFORM = frozenset({"cloudflare", "workers"})
_KNOWN = frozenset({*sys.stdlib_module_names, "js", "pyodide", "workers"})
"""Modules whose other classes surely extend no Workflow."""

_MOST = 200


class Kin(Enum):
    """What a class has to do with the platform's base class."""

    WORKFLOW = "extends the platform's class"
    LOCAL = "extends a class of the repository that is only called so"
    ELSEWHERE = "extends a class of that name from another module"
    UNKNOWN = "extends what only running tells"
    NONE = "does not extend it"


class Kind(NamedTuple):
    """What a class is, and the name that shows it where it is not a Workflow."""

    kin: Kin
    shown: str = ""


class Klass(NamedTuple):
    """A class of the repository; `value` is what names stand for that mean it."""

    path: str
    name: str
    node: ast.ClassDef
    value: Value


def classes(code: Code) -> Iterator[Klass]:
    """The classes of the files that were taken in."""
    for path in code.paths:
        for scope, held in enumerate(code.names.files[path].scopes):
            value = Value(Sort.CLASS, path, scope)
            node = code.block(value) if held.is_class else None
            if isinstance(node, ast.ClassDef):
                yield Klass(path, held.symbol, node, value)


def klass_of(code: Code, value: Value) -> Klass | None:
    """The class of the repository that a value is."""
    node = code.block(value) if value.sort is Sort.CLASS else None
    if not isinstance(node, ast.ClassDef):
        return None
    return Klass(value.text, code.symbol(value.text, value.scope), node, value)


def lineage(code: Code, value: Value) -> tuple[Value, ...]:
    """The class and all that it extends, at any distance, the nearest first."""
    found, seen = [value], {value}
    for current in found:
        bases = code.names.bases(current) if current.sort is Sort.CLASS else ()
        for each in sorted(bases, key=lambda base: (base.sort.name, base.text, base.scope)):
            if each not in seen and len(found) < _MOST:
                seen.add(each)
                found.append(each)
    return tuple(found)


def kind_of(code: Code, value: Value) -> Kind:
    """What a class is; what a base can stand for besides a Workflow makes it unknown."""
    key = (value, code.size)
    known = code.kinds.get(key)
    if not isinstance(known, Kind):
        # One that extends itself is what else it extends.
        code.kinds[key] = Kind(Kin.NONE)
        known = code.kinds[key] = _kind_of(code, value)
    return known


def _kind_of(code: Code, value: Value) -> Kind:
    node = code.block(value)
    if not isinstance(node, ast.ClassDef):
        return Kind(Kin.UNKNOWN)
    scope = max(code.names.files[value.text].scopes[value.scope].parent, MODULE)
    return worst([_of_base(code, value.text, scope, base) for base in node.bases])


# Of several bases the first of these counts.
_WEIGHTS = {kin: -place for place, kin in enumerate(Kin)}


def worst(kinds: Iterable[Kind]) -> Kind:
    """What a class is by what its bases are."""
    return max(kinds, key=lambda each: _WEIGHTS[each.kin], default=Kind(Kin.NONE))


def _of_base(code: Code, path: str, scope: int, base: ast.expr) -> Kind:
    values = [each for each in code.values(path, scope, base) if each.sort is not Sort.UNKNOWN]
    real = [each for each in values if not _stands_in(code, each)] or values
    kinds = [_of_value(code, each) for each in real]
    if not kinds:
        return Kind(Kin.UNKNOWN)
    if len({each.kin for each in kinds}) > 1 and any(each.kin is Kin.WORKFLOW for each in kinds):
        return Kind(Kin.UNKNOWN)
    return worst(kinds)


def _of_value(code: Code, value: Value) -> Kind:
    if value.sort is Sort.CLASS:
        kind = kind_of(code, value)
        named = code.symbol(value.text, value.scope).rpartition(".")[2] == BASE
        return Kind(Kin.LOCAL, value.text) if named and kind.kin is Kin.NONE else kind
    if value.sort is not Sort.EXTERNAL or value.text.startswith("?."):
        return Kind(Kin.UNKNOWN)
    home, _, name = value.text.rpartition(".")
    if name.removesuffix("[]") != BASE:
        known = value.text.partition(".")[0] in _KNOWN
        return Kind(Kin.NONE if known else Kin.UNKNOWN)
    return Kind(Kin.WORKFLOW) if home in _HOMES else Kind(Kin.ELSEWHERE, value.text)


def _stands_in(code: Code, value: Value) -> bool:
    """Whether a class is there only where the platform's cannot be imported, or for tests."""
    if value.sort is not Sort.CLASS:
        return False
    node = code.block(value)
    if node is not None and node.lineno in code.module(value.text).fallbacks:
        return True
    return role_of(value.text) is not Role.PRODUCTION


def run_of(code: Code, value: Value) -> tuple[Value, Function] | None:
    """The nearest `run` of a class and what it extends, with the class that has it."""
    for each in lineage(code, value):
        if each.sort is not Sort.CLASS:
            continue
        for binding in code.names.files[each.text].scopes[each.scope].names.get("run", ()):
            if binding.bound is Bound.FUNCTION:
                held = code.function(Value(Sort.FUNCTION, each.text, binding.scope))
                if held is not None:
                    return each, held
    return None


class WrongImport(NamedTuple):
    """Something of Workflows that is imported from a module that does not have it."""

    path: str
    line: int
    name: str
    module: str
    home: str


def wrong_imports(code: Code, path: str) -> Iterator[WrongImport]:
    """What a file imports from a module of the platform that does not have it."""
    for each in code.sources.facts(path).imports:
        if each.module.partition(".")[0] not in _PLATFORM:
            continue
        if each.name == BASE and each.module not in _HOMES:
            yield WrongImport(path, each.line, BASE, each.module, "workers")
        if each.name == _ERROR and each.module != _HOME_OF_ERROR:
            yield WrongImport(path, each.line, _ERROR, each.module, _HOME_OF_ERROR)


def exported(code: Code, path: str) -> dict[str, frozenset[Value]]:
    """What the top-level names of a file stand for; not those that are only bound for types."""
    names = code.names.files[path].scopes[MODULE].names
    unbound = _unbound(code, path)
    return {
        name: code.names.export(path, name)
        for name in names
        if name != BASES and name not in unbound
    }


def export(code: Code, path: str, name: str) -> frozenset[Value]:
    """What one top-level name of a file stands for; nothing where it is only bound for types."""
    return frozenset() if name in _unbound(code, path) else code.names.export(path, name)


def _unbound(code: Code, path: str) -> frozenset[str]:
    """The top-level names that nothing binds when the file runs: `if TYPE_CHECKING`, `del`."""
    body = code.module(path).tree.body
    dead = Liveness(body, constants(body)).dead
    bound: set[str] = set()
    lost: set[str] = set()
    for statement in body:
        for node in ast.walk(statement):
            (lost if node in dead else bound).update(_bound_by(node))
    removed = {
        target.id
        for statement in body
        if isinstance(statement, ast.Delete)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    return frozenset((lost - bound) | removed)


def _bound_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            yield from (each.asname or each.name.partition(".")[0] for each in aliases)
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
            yield name
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
