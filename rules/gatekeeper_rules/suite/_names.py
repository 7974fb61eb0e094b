"""Names in Python code: dotted ones, and texts of code that can be shown and compared."""

from __future__ import annotations

import ast

_SHOWN = 160


def dotted(node: ast.AST) -> str:
    """`a.b.c` for names and attributes; a call or an index in between is left out of it."""
    parts: list[str] = []
    current = node
    while True:
        if isinstance(current, ast.Attribute):
            parts.append(current.attr)
            current = current.value
        elif isinstance(current, ast.Call):
            current = current.func
        elif isinstance(current, ast.Subscript | ast.Await):
            current = current.value
        else:
            break
    if isinstance(current, ast.Name):
        parts.append(current.id)
    elif parts:
        parts.append("")
    return ".".join(reversed(parts))


def text_of(node: ast.AST) -> str:
    """The code on one line, as Python itself would write it."""
    return " ".join(ast.unparse(node).split())


def shown(node: ast.AST) -> str:
    """As `text_of`, cut where it is long."""
    text = text_of(node)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def last(name: str) -> str:
    """The last part of a dotted name."""
    return name.rpartition(".")[2]
