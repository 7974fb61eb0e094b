"""Tests that are written down and never run: shadowed, in a class with `__init__`, nested."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from gatekeeper.source.python_walk import every
from gatekeeper_rules.suite._names import dotted, last
from gatekeeper_rules.suite._written import Fault

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_AGAIN = frozenset({"overload", "setter", "getter", "deleter", "register"})


def uncollected(nodes: Iterable[ast.AST]) -> Iterator[Fault]:
    """Every test, among the nodes of a file, that no run will ever reach."""
    for scope in nodes:
        if isinstance(scope, ast.Module | ast.ClassDef):
            yield from _shadowed(scope.body)
        if isinstance(scope, ast.ClassDef):
            yield from _constructed(scope)
        if isinstance(scope, _Function):
            yield from _nested(scope)


def _shadowed(body: list[ast.stmt]) -> Iterator[Fault]:
    last_of: dict[str, _Named] = {}
    for node in body:
        if isinstance(node, _Named) and node.name.lower().startswith("test"):
            earlier = last_of.get(node.name)
            if earlier is not None and not _is_again(node):
                yield _taken(earlier, node)
            last_of[node.name] = node
        elif not isinstance(node, _Named):
            taken = (last_of.pop(name, None) for name in _rebound(node))
            yield from (_taken(each, node) for each in taken if each is not None)


def _taken(earlier: _Named, node: ast.stmt) -> Fault:
    why = f"is never run: the one at line {node.lineno} takes its name"
    if not isinstance(node, _Named):
        why = f"is not what is run: line {node.lineno} gives its name another meaning"
    return _fault(earlier, why, "Give each test a name of its own.")


def _rebound(node: ast.stmt) -> Iterator[str]:
    """The names that a statement gives another meaning; a marker of pytest's adds to theirs."""
    if isinstance(node, ast.Assign | ast.AnnAssign) and _is_marked(node.value):
        return
    for each in every(node):
        if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load):
            yield each.id
        elif isinstance(each, ast.alias):
            yield each.asname or each.name


def _is_marked(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Call) and dotted(node).startswith("pytest.")


def _is_again(node: _Named) -> bool:
    return any(last(dotted(each)) in _AGAIN for each in node.decorator_list)


def _constructed(node: ast.ClassDef) -> Iterator[Fault]:
    bases = [last(dotted(each)) for each in node.bases]
    if not node.name.startswith("Test") or any("Test" in each for each in bases):
        return
    methods = [each for each in node.body if isinstance(each, _Function)]
    tests = [each for each in methods if each.name.startswith("test")]
    for method in methods:
        if tests and method.name in ("__init__", "__new__"):
            why = f"keeps pytest from collecting the {len(tests)} tests of the class {node.name}"
            yield _fault(method, why, "Use a fixture, or `setup_method`.", f"{node.name}.__init__")


def _nested(node: _Function) -> Iterator[Fault]:
    inner = [each for each in node.body if isinstance(each, _Function)]
    tests = [each for each in inner if each.name.startswith("test_") and not each.decorator_list]
    if not tests:
        return
    used = {each.id for each in every(node) if isinstance(each, ast.Name)}
    for test in tests:
        if test.name not in used:
            why = f"is never run: it is inside the function {node.name}"
            yield _fault(test, why, "Move it to the module, or call it.")


def _fault(node: _Named, why: str, fix: str, quoted: str = "") -> Fault:
    return Fault(why, fix, node.lineno, node.col_offset + 1, quoted or node.name)
