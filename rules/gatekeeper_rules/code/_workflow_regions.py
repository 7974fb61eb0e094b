"""A function of a Workflow that runs outside of its steps, and what its names stand for."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from gatekeeper import Doubt
from gatekeeper.source.code_scopes import Bound
from gatekeeper.source.code_values import Sort, Value
from gatekeeper.value import dataclass
from gatekeeper_rules.code._workflow_classes import lineage
from gatekeeper_rules.code._workflow_code import Code, Function
from gatekeeper_rules.code._workflow_liveness import Constants, Liveness, constants

_MOST_NODES = 20_000
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_CLOSED = (*FUNCTIONS, ast.ClassDef, ast.Lambda)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Roles(NamedTuple):
    """The names that stand for what the platform hands to `run`, and for the Workflow itself.

    `kept` are attributes of the Workflow that hold the step.
    """

    steps: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    envs: frozenset[str] = frozenset()
    receiver: str = ""
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Region:
    """A function that runs outside of steps; `caller` is the region and the call it came by."""

    code: Code
    owner: Value
    path: str
    function: Function
    roles: Roles
    caller: tuple[Region, ast.Call] | None = None

    @property
    def is_run(self) -> bool:
        """Whether this is the `run` that the platform calls."""
        return self.caller is None

    @cached_property
    def scope(self) -> int:
        """The number of the function's scope."""
        return self.code.scope_of(self.path, self.function)

    @cached_property
    def symbol(self) -> str:
        """The function's dotted name."""
        return self.code.symbol(self.path, self.scope)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """The function's own nodes in order, without what is in functions inside it."""
        return tuple(own_nodes(self.function))

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """What each of the nodes stands in."""
        held = (self.function, *self.nodes)
        return {child: each for each in held for child in ast.iter_child_nodes(each)}

    @cached_property
    def dead(self) -> set[ast.AST]:
        """The nodes that are never reached."""
        return Liveness(self.function.body, self._known).dead

    @cached_property
    def _known(self) -> Constants:
        inside = constants(self.function.body)
        arguments = self.function.args
        given = {each.arg for each in (*arguments.args, *arguments.kwonlyargs)}
        bound = {
            node.id
            for node in ast.walk(self.function)
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
        }
        whole = constants(self.code.module(self.path).tree.body)
        around = {name: value for name, value in whole.items() if name not in given | bound}
        return {**around, **{name: value for name, value in inside.items() if name not in given}}

    @cached_property
    def locals(self) -> frozenset[str]:
        """The names that the function binds itself."""
        arguments = self.function.args
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        names = {each.arg for each in (*every, arguments.vararg, arguments.kwarg) if each}
        for node in self.nodes:
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                names.add(node.id)
            elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
                names.add(node.name)
        return frozenset(names)

    @cached_property
    def holders(self) -> frozenset[str]:
        """The names of objects that were given the bindings of the Worker."""
        found = set()
        for node in self.nodes:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                    if any(is_env(self, each) for each in given(call)):
                        found.add(name)
        return frozenset(found)

    @property
    def alive(self) -> Iterator[ast.AST]:
        """The nodes that can be reached."""
        return (each for each in self.nodes if each not in self.dead)

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """What a node stands in, the nearest first, up to the function."""
        current = self.parents.get(node)
        while current is not None and current is not self.function:
            yield current
            current = self.parents.get(current)

    def in_loop(self, node: ast.AST) -> bool:
        """Whether a node is gone through more than once."""
        return any(isinstance(each, (*_LOOPS, *_COMPREHENSIONS)) for each in self.above(node))

    def loads(self, name: str) -> tuple[ast.Name, ...]:
        """The places at which the function reads a name."""
        return self._loads.get(name, ())

    @cached_property
    def _loads(self) -> dict[str, tuple[ast.Name, ...]]:
        found: dict[str, list[ast.Name]] = {}
        for each in self.nodes:
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
                found.setdefault(each.id, []).append(each)
        return {name: tuple(held) for name, held in found.items()}

    @cached_property
    def readers(self) -> dict[str, tuple[ast.AST, ...]]:
        """The functions inside this one that read a name, by the name."""
        found: dict[str, list[ast.AST]] = {}
        for function in self.nodes:
            if isinstance(function, (*FUNCTIONS, ast.Lambda)):
                for name in _read_in(function):
                    found.setdefault(name, []).append(function)
        return {name: tuple(held) for name, held in found.items()}

    @cached_property
    def calls(self) -> dict[str, tuple[ast.Call, ...]]:
        """The calls that can be reached of what a name stands for, by the name."""
        found: dict[str, list[ast.Call]] = {}
        for each in self.alive:
            if isinstance(each, ast.Call) and isinstance(each.func, ast.Name):
                found.setdefault(each.func.id, []).append(each)
        return {name: tuple(held) for name, held in found.items()}

    @cached_property
    def makers(self) -> dict[str, ast.Call]:
        """The names that stand for what `step.do(…)` gives, before it is given a function."""
        found: dict[str, ast.Call] = {}
        for node in self.nodes:
            match node:
                case ast.Assign(
                    targets=[ast.Name(id=name)],
                    value=ast.Call(func=ast.Attribute(attr="do", value=owner)) as call,
                ) if self.is_step(owner):
                    found[name] = call
        return found

    def is_receiver(self, node: ast.AST) -> bool:
        """Whether an expression is the Workflow itself."""
        return isinstance(node, ast.Name) and node.id == self.roles.receiver != ""

    def is_step(self, node: ast.AST) -> bool:
        """Whether an expression is what makes steps."""
        if isinstance(node, ast.Attribute):
            return node.attr in self.roles.kept and self.is_receiver(node.value)
        return isinstance(node, ast.Name) and node.id in self.roles.steps

    def externals(self, node: ast.expr) -> frozenset[str]:
        """The dotted names, outside of the repository, that an expression stands for."""
        return self.code.externals(self.path, self.scope, node)

    def called(self, call: ast.Call) -> tuple[tuple[Value, Function], ...]:
        """The functions of the repository that a call can mean, a method that of the Workflow."""
        function = call.func
        if isinstance(function, ast.Attribute) and self.is_receiver(function.value):
            return tuple(_method(self.code, self.owner, function.attr))
        found = self.code.values(self.path, self.scope, function)
        pairs = ((each, self.code.function(each)) for each in found)
        return tuple((value, held) for value, held in pairs if held is not None)


def given(call: ast.Call) -> tuple[ast.expr, ...]:
    """The arguments of a call, whatever they are given by."""
    return (*call.args, *(each.value for each in call.keywords))


def _read_in(function: ast.AST) -> frozenset[str]:
    body = getattr(function, "body", [])
    parts = body if isinstance(body, list) else [body]
    nodes = (each for part in parts for each in ast.walk(part) if isinstance(each, ast.Name))
    return frozenset(each.id for each in nodes if isinstance(each.ctx, ast.Load))


def too_large(regions: Iterable[Region]) -> Iterator[Doubt]:
    """A doubt where a Workflow has more code than is followed."""
    held = tuple(regions)
    count = sum(len(each.nodes) for each in held)
    if count > _MOST_NODES:
        reason = (
            f"its `run` has {count:,} pieces of code; more than {_MOST_NODES:,} are not followed"
        )
        yield Doubt(reason, held[0].path, held[0].function.lineno)


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function, in order; of functions and classes in it what stands around."""
    waiting: list[ast.AST] = list(reversed(getattr(function, "body", [])))
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(list(_entered(node))))


def _entered(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, FUNCTIONS):
        yield from node.decorator_list
        yield from node.args.defaults
        yield from (each for each in node.args.kw_defaults if each is not None)
    elif isinstance(node, ast.Lambda):
        yield from node.args.defaults
    elif isinstance(node, ast.ClassDef):
        yield from (*node.decorator_list, *node.bases)
    else:
        yield from ast.iter_child_nodes(node)


def _method(code: Code, owner: Value, name: str) -> Iterator[tuple[Value, Function]]:
    for each in lineage(code, owner):
        if each.sort is not Sort.CLASS:
            continue
        for binding in code.names.files[each.text].scopes[each.scope].names.get(name, ()):
            value = Value(Sort.FUNCTION, each.text, binding.scope)
            held = code.function(value) if binding.bound is Bound.FUNCTION else None
            if held is not None:
                yield value, held
                return


def parameters(function: Function) -> list[str]:
    """The names of a function's parameters that are given by their places."""
    return [each.arg for each in (*function.args.posonlyargs, *function.args.args)]


def is_rooted(node: ast.AST, names: frozenset[str]) -> bool:
    """Whether an expression is one of the names, or an attribute or item of it at any depth."""
    return root(node) in names


def root(node: ast.AST) -> str:
    """The name that attributes and items are taken from; empty where it is no name."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def is_env(region: Region, node: ast.AST) -> bool:
    """Whether an expression is the bindings of the Worker, or something taken from them."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        named = isinstance(node, ast.Attribute) and node.attr == "env"
        if named and region.is_receiver(node.value):
            return True
        node = node.value
    return isinstance(node, ast.Name) and node.id in region.roles.envs


def makes_step(region: Region, function: Function) -> bool:
    """Whether a decorator makes a step of a function."""
    return any(
        isinstance(each, ast.Attribute) and each.attr == "do" and region.is_step(each.value)
        for decorator in function.decorator_list
        for each in ast.walk(decorator)
    ) or any(
        isinstance(each, ast.Name) and each.id in region.makers for each in function.decorator_list
    )
