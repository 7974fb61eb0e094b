"""The lines of a Python file at which a statement begins, to tell them from others that ran."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from gatekeeper.reading.content import LARGEST
from gatekeeper.reading.unusable import Unusable
from gatekeeper.value import dataclass

_SCOPES = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Statements:
    """Lines at which statements begin, decorators and clauses too, but no docstring.

    `docstring` is the line of the module's own docstring, which some versions of coverage.py
    take for a statement where a comment stands above it.
    """

    lines: frozenset[int]
    docstring: frozenset[int]


def statements(file: Path) -> Statements:
    """Those of a Python file; raises Unusable where it cannot be read."""
    try:
        with file.open("rb") as readable:
            tree = ast.parse(readable.read(LARGEST))
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        raise Unusable(f"{file} is not there, or no Python that can be read") from None
    begun: set[int] = set()
    told: set[int] = set()
    for node in ast.walk(tree):
        begun.update(_begun(node))
        if isinstance(node, _SCOPES) and ast.get_docstring(node, clean=False) is not None:
            told.add(node.body[0].lineno)
    own = {tree.body[0].lineno} if ast.get_docstring(tree, clean=False) is not None else set()
    return Statements(frozenset(begun - told - own), frozenset(own))


def _begun(node: ast.AST) -> Iterator[int]:
    if isinstance(node, ast.stmt | ast.excepthandler):
        yield node.lineno
    if isinstance(node, ast.match_case):
        yield node.pattern.lineno
    if isinstance(node, _SCOPES):
        yield from (each.lineno for each in node.decorator_list)
