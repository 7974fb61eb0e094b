"""Under which conditions the imports of a Python file are carried out on the platform."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

PLATFORM = "emscripten"
"""`sys.platform` of Pyodide."""

_MISSED = frozenset({"BaseException", "Exception", "ImportError", "ModuleNotFoundError"})
_Statement = ast.Import | ast.ImportFrom


class Guard(Enum):
    """What stands around an import."""

    NOTHING = "it is carried out"
    CAUGHT = "its failure is caught"
    NEVER = "it is never carried out there"


class Guarded(NamedTuple):
    """An import, and what stands around it."""

    node: _Statement
    guard: Guard


def guarded_imports(tree: ast.Module) -> Iterator[Guarded]:
    """Every import of a file, in no order."""
    waiting: list[tuple[ast.AST, Guard]] = [(tree, Guard.NOTHING)]
    while waiting:
        node, guard = waiting.pop()
        if isinstance(node, _Statement):
            yield Guarded(node, guard)
        elif isinstance(node, ast.Try | ast.TryStar):
            inner = _worse(guard, Guard.CAUGHT) if _catches(node) else guard
            waiting += [(each, inner) for each in node.body]
            rest = (*node.handlers, *node.orelse, *node.finalbody)
            waiting += [(each, guard) for each in rest]
        elif isinstance(node, ast.With) and any(map(_suppresses, node.items)):
            waiting += [(each, _worse(guard, Guard.CAUGHT)) for each in node.body]
        elif isinstance(node, ast.If):
            holds = _holds(node.test)
            never = Guard.NEVER
            waiting += [(each, never if holds is False else guard) for each in node.body]
            waiting += [(each, never if holds is True else guard) for each in node.orelse]
        else:
            waiting += [(each, guard) for each in ast.iter_child_nodes(node)]


def _worse(around: Guard, guard: Guard) -> Guard:
    return around if around is Guard.NEVER else guard


def _catches(node: ast.Try | ast.TryStar) -> bool:
    """Whether a failed import goes on in a handler that does not raise again."""
    for handler in node.handlers:
        if _is_missed(handler.type):
            return not any(isinstance(each, ast.Raise) for each in ast.walk(handler))
    return False


def _suppresses(item: ast.withitem) -> bool:
    """Whether it is `contextlib.suppress(ImportError)`."""
    match item.context_expr:
        case ast.Call(func=ast.Name(id="suppress") | ast.Attribute(attr="suppress"), args=args):
            return any(map(_is_missed, args))
    return False


def _is_missed(caught: ast.expr | None) -> bool:
    kinds = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(
        each is None or (isinstance(each, ast.Name) and each.id in _MISSED) for each in kinds
    )


def _holds(test: ast.expr) -> bool | None:
    """Whether a condition holds on the platform; None where nobody can tell."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            held = _holds(inner)
            return None if held is None else not held
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return False
        case ast.Compare(
            left=ast.Attribute(value=ast.Name(id="sys"), attr="platform"),
            ops=[ast.Eq() | ast.NotEq() as operator],
            comparators=[ast.Constant(value=str(said))],
        ):
            return (said == PLATFORM) is isinstance(operator, ast.Eq)
        case ast.BoolOp(op=ast.And(), values=values):
            return False if any(_holds(each) is False for each in values) else None
    return None
