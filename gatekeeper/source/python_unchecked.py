"""Python code that runs, and that type checkers never look at: what is not `TYPE_CHECKING`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from gatekeeper.source.python_ast import parsed
from gatekeeper.source.suppression import Suppression

_NAMES = ("TYPE_CHECKING", "MYPY")
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_PLAIN = (ast.Import, ast.ImportFrom, ast.Pass)


def unchecked(text: str) -> Iterator[Suppression]:
    """Every such block that defines or does anything; to import or to name a thing is neither.

    A file that cannot be parsed holds none: type checkers cannot read it either.
    """
    try:
        tree = parsed(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:
        node, symbol = waiting.pop()
        if isinstance(node, _SCOPES):
            symbol = f"{symbol}.{node.name}" if symbol else node.name
        if isinstance(node, ast.If) and not all(map(_is_plain, hidden := _hidden(node))):
            said = " ".join(filter(None, (ast.unparse(node.test), *map(_named, hidden))))
            line, column = hidden[0].lineno, hidden[0].col_offset + 1
            yield Suppression("TYPE_CHECKING", (), said, symbol, line, column)
        waiting.extend((each, symbol) for each in ast.iter_child_nodes(node))


def _named(node: ast.stmt) -> str:
    """What a block is known by: the names that it defines, and not what they do."""
    return node.name if isinstance(node, _SCOPES) else ""


def _hidden(node: ast.If) -> list[ast.stmt]:
    """The branch that no type checker takes."""
    worth = _worth(node.test)
    if worth is None:
        return []
    return node.orelse if worth else node.body


def _worth(test: ast.expr) -> bool | None:
    """What a type checker takes a condition for, where that is always the same."""
    match test:
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in _NAMES:
            return True
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            held = _worth(operand)
            return None if held is None else not held
        case ast.BoolOp(op=op, values=values):
            decisive = isinstance(op, ast.Or)
            return decisive if decisive in map(_worth, values) else None
    return None


def _is_plain(node: ast.stmt) -> bool:
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return not isinstance(node.value, ast.Lambda)
    if isinstance(node, ast.Try):
        handled = (each for handler in node.handlers for each in handler.body)
        return all(map(_is_plain, (*node.body, *handled, *node.orelse, *node.finalbody)))
    return isinstance(node, _PLAIN)
