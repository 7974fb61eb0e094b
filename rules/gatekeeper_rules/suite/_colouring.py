"""Code of a change that can have lines counted as covered that never ran."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from gatekeeper import Change, Doubt, Extractor, Snapshot, Unreadable
from gatekeeper.source.python import is_python
from gatekeeper.source.python_ast import parsed
from gatekeeper.source.python_text import python_text
from gatekeeper.source.python_walk import every
from gatekeeper_rules.suite._names import dotted, shown

_NEEDLES = (b"cov", b"COV", b"co_filename", b"compile", b"settrace", b"monitoring")
_TRACERS = ("sys.settrace", "threading.settrace", "sys.monitoring")
_REPORT = re.compile(
    r"--cov(?:-report|-config|-append)?(?:=.*)?|cov_report|_cov|\.coverage(?:\..+)?|COVERAGE_\w+"
)
_WHERE = 1  # the place of the file's name among the arguments of `compile`


class _Sign(NamedTuple):
    line: int
    text: str


def _read(content: bytes, path: str) -> tuple[_Sign, ...]:
    try:
        tree = parsed(python_text(content, path))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Unreadable(path, "it cannot be parsed") from None
    nodes = tuple(every(tree))
    called = {id(each.func) for each in nodes if isinstance(each, ast.Call)}
    return tuple(
        _Sign(node.lineno, shown(node))
        for node in nodes
        if isinstance(node, ast.stmt | ast.expr)
        if _can_colour(node) or (_is_compile(node) and id(node) not in called)
    )


_COLOURING: Extractor[tuple[_Sign, ...]] = Extractor("can colour lines", 1, _read)


def _can_colour(node: ast.stmt | ast.expr) -> bool:
    """Whether it handles coverage.py, its report, a tracer, or code under a file's name."""
    match node:
        case ast.Import(names=names):
            return any(each.name.partition(".")[0] == "coverage" for each in names)
        case ast.ImportFrom(module=str(module), level=0):
            return module.partition(".")[0] == "coverage"
        case ast.Constant(value=str(text)):
            return _REPORT.fullmatch(text) is not None
        case ast.Attribute():
            return dotted(node) in _TRACERS or node.attr == "cov_report"
        case ast.Call():
            return _names_a_file(node)
    return False


def _is_compile(node: ast.stmt | ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "compile" and isinstance(node.ctx, ast.Load)


def _names_a_file(call: ast.Call) -> bool:
    """`compile(code, "src/app.py", "exec")` and `code.replace(co_filename=…)`."""
    given = {each.arg: each.value for each in call.keywords}
    if "co_filename" in given:
        return True
    if dotted(call.func) not in ("compile", "builtins.compile"):
        return False
    named = call.args[_WHERE] if len(call.args) > _WHERE else given.get("filename")
    if isinstance(named, ast.Constant) and isinstance(named.value, str):
        return named.value.endswith((".py", ".pyw"))
    return named is not None


def doubts(change: Change) -> Iterator[Doubt]:
    """One for each file in which the change puts such code."""
    for path in change.files:
        known = Counter(each.text for each in _signs(change.base, path))
        for each in _signs(change.head, path):
            if not known[each.text]:
                yield Doubt(
                    f"`{each.text}` is new, and can have lines counted that never ran; have a "
                    "person look at it",
                    path,
                    each.line,
                )
                break
            known[each.text] -= 1


def _signs(side: Snapshot, path: str) -> tuple[_Sign, ...]:
    if path not in side or not side.entries[path].is_file or not is_python(path):
        return ()
    if not any(each in side.read(path) for each in _NEEDLES):
        return ()
    try:
        return side.facts(_COLOURING, path)
    except Unreadable:
        return ()
