"""Names of imports that a function binds again, with the text of how it does so."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Iterator, Sequence

from gatekeeper.source.python_walk import every
from gatekeeper_rules.suite._names import text_of
from gatekeeper_rules.suite._settled import bound

Rebound = tuple[str, str]
"""A name, and a text that is the same for the same way of binding it."""

_WHOLE = (
    *(ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr, ast.Delete, ast.Import),
    *(ast.ImportFrom, ast.withitem, ast.comprehension),
)
_LOOPS = (ast.For, ast.AsyncFor)
_DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_ELSEWISE = (ast.arg, ast.ExceptHandler, ast.Global, ast.Nonlocal, ast.MatchAs, ast.MatchStar)


def rebound(nodes: Sequence[ast.AST], imports: Container[str]) -> Iterator[Rebound]:
    """What the nodes of a function bind that its file imports, in the order of the nodes."""
    first: dict[str, int] = {}
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            first[node.id] = min(first.get(node.id, node.lineno), node.lineno)
    for node in nodes:
        for name in sorted({each for each in bound(_binding(node)) if each in imports}):
            used = first.get(name, 0) and first[name] < getattr(node, "lineno", 0)
            yield name, f"{'used, then ' if used else ''}{_text(node)}"


def _binding(node: ast.AST) -> Iterable[ast.AST]:
    """The nodes in which a node itself binds names."""
    if isinstance(node, _WHOLE):
        return every(node)
    if isinstance(node, _LOOPS):
        return every(node.target)
    return (node,) if isinstance(node, (*_DEFINED, *_ELSEWISE)) else ()


def _text(node: ast.AST) -> str:
    if isinstance(node, _LOOPS):
        return f"for {text_of(node.target)} in {text_of(node.iter)}"
    if isinstance(node, (*_WHOLE, *_DEFINED)):
        return text_of(node)
    return type(node).__name__
