"""Where a failed assertion would not be heard of: what catches it, and then does nothing."""

from __future__ import annotations

import ast

from gatekeeper_rules.suite._names import dotted, last

_CATCHES = frozenset({"AssertionError", "Exception", "BaseException"})
_TELLS = frozenset({"print", "debug", "info", "warning", "warn", "error", "exception", "log"})


def is_suppressing(item: ast.expr) -> bool:
    """Whether a context manager is `suppress(AssertionError)`, or of something wider."""
    if not isinstance(item, ast.Call) or last(dotted(item.func)) != "suppress":
        return False
    return any(_catches(each) for each in item.args)


def is_swallowing(node: ast.Try | ast.TryStar) -> bool:
    """Whether a failed assertion in the body of a `try` ends in a handler that does nothing.

    A `finally` that returns, or goes on with a loop, drops whatever was raised.
    """
    if any(isinstance(each, ast.Return | ast.Break | ast.Continue) for each in node.finalbody):
        return True
    for handler in node.handlers:
        if handler.type is None or _catches(handler.type):
            return all(_is_idle(each) for each in handler.body)
    return False


def _catches(node: ast.expr) -> bool:
    named = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(last(dotted(each)) in _CATCHES for each in named)


def _is_idle(node: ast.stmt) -> bool:
    """Whether a statement leaves the test as green as it was: it passes, ends, or tells."""
    if isinstance(node, ast.Pass | ast.Continue | ast.Break):
        return True
    if isinstance(node, ast.Return):
        return node.value is None or isinstance(node.value, ast.Constant)
    if not isinstance(node, ast.Expr):
        return False
    called = node.value
    if isinstance(called, ast.Constant):
        return True
    return isinstance(called, ast.Call) and last(dotted(called.func)) in _TELLS
