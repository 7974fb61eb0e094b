"""Production code that asks whether it is being tested, and may then behave itself."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import partial

from gatekeeper import Change, Excerpt, Extractor, Finding, Side, Snapshot, Unreadable
from gatekeeper.source.python_ast import parsed
from gatekeeper.source.python_text import python_text
from gatekeeper.source.python_walk import every
from gatekeeper_rules.suite._interfering import interfering
from gatekeeper_rules.suite._names import dotted, shown
from gatekeeper_rules.suite._test_paths import can_ask, may_ask
from gatekeeper_rules.suite._written import Fault

_VARIABLES = ("PYTEST_CURRENT_TEST", "PYTEST_VERSION", "PYTEST_XDIST_WORKER")
_RUNNERS = frozenset({"pytest", "_pytest", "unittest", "py.test", "pluggy"})
_WIDEST = 300
_ASKS = "asks whether it is being tested: no test then tells how it behaves otherwise"
_FIX = "Let the code do the same whoever runs it; give tests a parameter to set."


def _read(content: bytes, path: str) -> tuple[Fault, ...]:
    try:
        tree = parsed(python_text(content, path))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Unreadable(path, "it cannot be parsed") from None
    nodes = tuple(every(tree))
    asking = tuple(
        Fault(
            "asks whether it is being tested", _FIX, each.lineno, each.col_offset + 1, shown(each)
        )
        for node in nodes
        for each in _asking(node)
    )
    return (*asking, *interfering(nodes))


_ASKING: Extractor[tuple[Fault, ...]] = Extractor("asks whether it is tested", 2, _read)


def _asking(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Constant(value=str(text)):
            yield from [node] if text.startswith(_VARIABLES) else []
        case ast.Compare(ast.Constant(str(name)), [ast.In() | ast.NotIn()], [where]):
            yield from [node] if name in _RUNNERS and _is_about_the_run(where) else []
        case ast.Call(func, [ast.Constant(str(name)), *_]) if name in _RUNNERS:
            yield from [node] if dotted(func).endswith("modules.get") else []
        case ast.Subscript(where, ast.Constant(str(name))) if name in _RUNNERS:
            yield from [node] if dotted(where).endswith("modules") else []


def _is_about_the_run(node: ast.expr) -> bool:
    """`sys.modules`, `sys.argv[0]`, a name of a frame: what tells who runs a program."""
    told = ("modules", "argv", "co_filename", "f_globals", "orig_argv", "executable")
    text = ast.unparse(node)
    return any(each in text for each in told)


def observations(change: Change) -> Iterator[Finding]:
    """One finding for each place where a changed file asks, and did not at the base."""
    for path in filter(partial(can_ask, change), change.files):
        had = Counter(each.quoted for each in _facts(change.base, path))
        for each in _facts(change.head, path):
            if had[each.quoted]:
                had[each.quoted] -= 1
            else:
                yield _finding(change.head, path, each)


def _facts(side: Snapshot, path: str) -> tuple[Fault, ...]:
    if path not in side or not side.entries[path].is_file or not may_ask(side.read(path)):
        return ()
    try:
        return side.facts(_ASKING, path)
    except Unreadable:
        return ()


def _finding(head: Snapshot, path: str, fault: Fault) -> Finding:
    lines = head.read(path).decode("utf-8", "replace").splitlines()
    line = lines[fault.line - 1][:_WIDEST] if fault.line <= len(lines) else ""
    return Finding(
        f"`{fault.quoted}` {fault.why}",
        Side.HEAD,
        path,
        (Excerpt(fault.line, line),),
        fault.fix,
        line=fault.line,
        end_line=fault.line,
        column=fault.column,
        quoted=fault.quoted,
    )
