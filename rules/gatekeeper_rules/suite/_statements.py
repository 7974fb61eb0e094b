"""What single statements and expressions of a test come to."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from gatekeeper.source.python_walk import every
from gatekeeper_rules.suite._calls import RAISING
from gatekeeper_rules.suite._names import dotted, last
from gatekeeper_rules.suite._swallowing import is_suppressing
from gatekeeper_rules.suite._tautologies import truth

_ENDS = frozenset({"skip", "skipTest", "exit", "_exit"})
_MADE_UP = frozenset({"called_once_with", "called_with", "called_once", "not_called", "has_calls"})
_FAILURES = frozenset({"AssertionError", "Exception", "BaseException"})
_LAZY = frozenset({"map", "filter", "starmap"})


def made_in(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """The names that the nodes of a function bind to `Class(…)`."""
    return frozenset(
        target.id
        for node in nodes
        if isinstance(node, ast.Assign)
        for each in node.targets
        for target, value in _assigned(each, node.value)
        if isinstance(target, ast.Name) and isinstance(value, ast.Call)
        if last(dotted(value.func))[:1].isupper()
    )


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        yield from zip(target.elts, value.elts, strict=False)
    else:
        yield target, value


def is_reflexive(node: ast.expr, made: frozenset[str]) -> bool:
    """`x == x` of an object that the test made, whose own `__eq__` is what is tested."""
    if not isinstance(node, ast.Compare) or isinstance(node.ops[0], ast.Is):
        return False
    return isinstance(node.left, ast.Name) and node.left.id in made


def calls_in(nodes: Iterable[ast.AST]) -> Iterator[ast.Call]:
    """The calls in expressions, the inner ones too, in the order of their places."""
    found = [each for node in nodes for each in every(node) if isinstance(each, ast.Call)]
    yield from sorted(found, key=lambda each: (each.lineno, each.col_offset))


def called_alone(node: ast.AST) -> ast.expr | None:
    """The call that is all of a statement, so that nobody looks at its answer."""
    if not isinstance(node, ast.Expr):
        return None
    return node.value.value if isinstance(node.value, ast.Await) else node.value


def ends(node: ast.stmt) -> bool:
    """Whether nothing behind a statement of the same block is run."""
    if isinstance(node, ast.Return | ast.Raise | ast.Break | ast.Continue):
        return True
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    name = dotted(node.value.func)
    return last(name) in _ENDS and name.partition(".")[0] in ("pytest", "self", "sys", "os")


def is_way_out(node: ast.If) -> bool:
    return bool(node.body) and ends(node.body[-1]) and not isinstance(node.body[-1], ast.Raise)


def is_comparison(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return is_comparison(node.operand)
    if isinstance(node, ast.BoolOp):
        return all(is_comparison(each) for each in node.values)
    return isinstance(node, ast.Compare)


def is_method(node: ast.expr) -> bool:
    """Whether a mock's own method is asserted without being called, which is always true."""
    is_named = isinstance(node, ast.Attribute) and node.attr.startswith("assert_")
    return is_named or is_made_up(node)


def is_made_up(node: ast.expr) -> bool:
    """Whether a method is called that a mock only has because it has every method."""
    return isinstance(node, ast.Call) and last(dotted(node.func)) in _MADE_UP


def is_inverting(item: ast.expr) -> bool:
    """Whether it is expected of a block that something in it does not hold."""
    if not isinstance(item, ast.Call) or not is_raising(item) or not item.args:
        return False
    first = item.args[0]
    named = first.elts if isinstance(first, ast.Tuple) else [first]
    return any(last(dotted(each)) in _FAILURES for each in named)


def is_raising(item: ast.expr) -> bool:
    return isinstance(item, ast.Call) and bool(RAISING.match(last(dotted(item.func))))


def is_lazy(node: ast.stmt, used: frozenset[str]) -> bool:
    """Whether what a statement makes is never started: a lambda, a generator, a `map`.

    It is where it is a statement by itself, or gets a name that is not among the `used` ones.
    """
    match node:
        case ast.Expr(value=value):
            return _is_unstarted(value)
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name not in used:
            return isinstance(value, ast.Lambda) or _is_unstarted(value)
        case _:
            return False


def _is_unstarted(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return last(dotted(node.func)) in _LAZY and isinstance(node.func, ast.Name)
    return isinstance(node, ast.Lambda | ast.GeneratorExp)


def hushes(node: ast.stmt, imports: Mapping[str, str]) -> bool:
    """Whether from a statement on no failure comes out: `stack.enter_context(suppress(…))`."""
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    call = node.value
    name = last(dotted(call.func))
    if name == "enter_context":
        return any(is_suppressing(each, imports) for each in call.args)
    return name == "push" and any(
        isinstance(each, ast.Lambda) and truth(each.body) is True for each in call.args
    )
