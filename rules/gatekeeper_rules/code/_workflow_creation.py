"""Whether somebody creates instances of a Workflow: code that the Worker runs, or a schedule."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from enum import IntEnum
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from gatekeeper.value import dataclass
from gatekeeper_rules.code._production import Role, role_of
from gatekeeper_rules.code._workflow_code import Code
from gatekeeper_rules.code._workflow_liveness import Liveness, constants

CREATES = frozenset({"create", "create_batch", "createBatch"})
_HANDLERS = frozenset(
    {
        *("__init__", "alarm", "email", "fetch", "on_email", "on_fetch", "on_queue"),
        *("on_scheduled", "queue", "run", "scheduled", "tail", "test", "trace"),
    }
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.GeneratorExp)


NOBODY = ("", "")
"""The path and the name of no class."""


class Created(IntEnum):
    """How far it can be seen that a binding is used to create; the highest counts."""

    UNMENTIONED = 0
    UNUSED = 1
    DEAD = 2
    UNCALLED = 3
    ITSELF = 4
    UNKNOWN = 5
    YES = 6


class Call(NamedTuple):
    """A call of `create`, and the binding if it can be seen.

    `inside` are the functions and classes around it, and whether each extends something.
    """

    path: str
    line: int
    node: ast.Call
    inside: tuple[tuple[str, bool], ...]
    binding: str
    is_dead: bool
    in_loop: bool


@dataclass(frozen=True, eq=False)
class Creation:
    """What the files say that the Worker runs."""

    code: Code
    paths: frozenset[str]
    mains: frozenset[str] = frozenset()

    def of(self, bindings: frozenset[str], klass: tuple[str, str]) -> tuple[Created, str]:
        """Whether one of the bindings is used to create an instance, and where.

        `klass` is the path and the name of the Workflow: what it does itself begins nothing.
        """
        found = [
            (self._judged(each, klass), f"{each.path}:{each.line}") for each in self._by(bindings)
        ]
        if found:
            return max(found)
        mentioned = sorted(self.mentioned.keys() & bindings)
        if not mentioned:
            return Created.UNMENTIONED, ""
        where = self.mentioned[mentioned[0]]
        unknown = any(not each.binding and not each.is_dead for each in self.calls)
        return (Created.UNKNOWN if unknown else Created.UNUSED), where

    def _by(self, bindings: frozenset[str]) -> Iterator[Call]:
        return (each for each in self.calls if each.binding in bindings)

    def _judged(self, call: Call, klass: tuple[str, str]) -> Created:
        if call.is_dead:
            return Created.DEAD
        if any((call.path, name) == klass for name, _ in call.inside):
            return Created.ITSELF
        return Created.YES if self._is_called(call) else Created.UNCALLED

    def _is_called(self, call: Call) -> bool:
        """Whether the functions and classes around a call are named where they are not defined.

        The platform calls handlers, of classes in the module that wrangler starts.
        """
        return all(
            name in _HANDLERS or name in self._said or (is_entry and call.path in self.mains)
            for name, is_entry in call.inside
        )

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """Every call of `create` or `create_batch`."""
        return tuple(each for path in self._judged_paths for each in _calls(self.code, path))

    @cached_property
    def mentioned(self) -> dict[str, str]:
        """Attributes and strings, and where each is said first."""
        found: dict[str, str] = {}
        for path in self._judged_paths:
            for node in ast.walk(self.code.module(path).tree):
                said = _said(node)
                if said:
                    found.setdefault(said, f"{path}:{getattr(node, 'lineno', 1)}")
        return found

    @cached_property
    def _said(self) -> frozenset[str]:
        """The names that code reads."""
        names = set()
        for path in self._judged_paths:
            for node in ast.walk(self.code.module(path).tree):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                    names.add(node.id)
                elif isinstance(node, ast.Attribute | ast.Constant):
                    names.add(_said(node))
        return frozenset(names)

    @cached_property
    def _judged_paths(self) -> tuple[str, ...]:
        read = set(self.code.paths)
        return tuple(
            path
            for path in sorted(self.paths)
            if path in read and role_of(path) is not Role.GENERATED
        )


def _said(node: ast.AST) -> str:
    match node:
        case ast.Attribute(attr=name):
            return name
        case ast.Constant(value=str(text)):
            return text
        case _:
            return ""


class _Around(NamedTuple):
    """What a node stands in: functions, what their names stand for, and whether in a loop."""

    inside: tuple[tuple[str, bool], ...] = ()
    names: Mapping[str, str] = MappingProxyType({})
    in_loop: bool = False


def _calls(code: Code, path: str) -> Iterator[Call]:
    tree = code.module(path).tree
    known = constants(tree.body)
    dead = set(Liveness(tree.body, known).dead)
    waiting: list[tuple[_Around, ast.AST]] = [(_Around(), tree)]
    while waiting:
        around, node = waiting.pop()
        if isinstance(node, _FUNCTIONS):
            dead |= Liveness(node.body, {**known, **constants(node.body)}).dead
            names = {**around.names, **_aliases(node)}
            around = _Around((*around.inside, (node.name, False)), names)
        elif isinstance(node, ast.ClassDef):
            entry = (node.name, bool(node.bases))
            around = around._replace(inside=(*around.inside, entry))
        elif isinstance(node, _LOOPS):
            around = around._replace(in_loop=True)
        owner = _creation(node)
        if owner is not None and isinstance(node, ast.Call):
            binding = _binding(owner, around.names)
            dies = node in dead
            yield Call(path, node.lineno, node, around.inside, binding, dies, around.in_loop)
        waiting.extend((around, each) for each in ast.iter_child_nodes(node))


def _creation(node: ast.AST) -> ast.expr | None:
    """What a call creates with."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name, value=owner)) if name in CREATES:
            return owner
        case _:
            return None


def _aliases(function: ast.AST) -> dict[str, str]:
    """The names that a function gives to bindings, where each has one value."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found.setdefault(name, set()).add(_binding(value, {}))
            case ast.For(target=ast.Name(id=name)) | ast.arg(arg=name):
                found.setdefault(name, set()).add("")
    return {name: next(iter(each)) if len(each) == 1 else "" for name, each in found.items()}


def _binding(node: ast.expr, names: Mapping[str, str]) -> str:
    """The last name of what is taken from somewhere: `env.PIPELINE`, `env["PIPELINE"]`."""
    match node:
        case ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(name)), *_]):
            return name
        case ast.Name(id=name):
            return names.get(name, "")
        case ast.Await(value=value) | ast.NamedExpr(value=value):
            return _binding(value, names)
        case _:
            return ""
