"""The lines of docstrings, which are no statements though they are said to have run."""

from __future__ import annotations

import ast
from pathlib import Path

from gatekeeper.reading.content import LARGEST
from gatekeeper.reading.unusable import Unusable

_HAVING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def docstring_lines(file: Path) -> frozenset[int]:
    """The lines of all docstrings of a Python file; raises Unusable where it cannot be read."""
    try:
        with file.open("rb") as readable:
            tree = ast.parse(readable.read(LARGEST))
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        raise Unusable(f"{file} is not there, or no Python that can be read") from None
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, _HAVING) and ast.get_docstring(node, clean=False) is not None:
            said = node.body[0]
            lines.update(range(said.lineno, (said.end_lineno or said.lineno) + 1))
    return frozenset(lines)
