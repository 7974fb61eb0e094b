"""Where a failed assertion would not be heard of: what catches it, and then does nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from gatekeeper.source.python_walk import every
from gatekeeper_rules.suite._names import dotted, last

_CATCHES = frozenset({"AssertionError", "Exception", "BaseException"})
_TELLS = frozenset(
    {
        *("print", "debug", "info", "warning", "warn", "error", "exception", "log", "print_exc"),
        *("str", "repr", "len", "skip", "skipTest", "xfail"),
    }
)
_KEEPS = frozenset({"append", "add", "extend", "update", "insert", "setdefault"})
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def is_suppressing(item: ast.expr, imports: Mapping[str, str]) -> bool:
    """Whether a context manager is `suppress(AssertionError)`, or of something wider.

    `imports` gives what names stand for: it may well be called otherwise.
    """
    if not isinstance(item, ast.Call):
        return False
    name = dotted(item.func)
    if last(imports.get(name, name)) != "suppress":
        return False
    return any(isinstance(each, ast.Starred) or _catches(each) for each in item.args)


def is_swallowing(node: ast.Try | ast.TryStar, read: frozenset[str] = frozenset()) -> bool:
    """Whether a failed assertion in the body of a `try` ends in a handler that does nothing.

    A `finally` that returns, or goes on with a loop, drops whatever was raised. `read` are
    the names that are looked at outside of the handlers: to set one of those is to do something.
    """
    if any(isinstance(each, ast.Return | ast.Break | ast.Continue) for each in node.finalbody):
        return True
    for handler in node.handlers:
        if handler.type is None or _catches(handler.type):
            return all(_is_idle(each, read) for each in handler.body)
    return False


def read_outside(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """The names that the nodes of a function read elsewhere than in handlers of errors."""
    held = tuple(nodes)
    handlers = [each for each in held if isinstance(each, ast.ExceptHandler)]
    inside = {id(each) for handler in handlers for each in every(handler)}
    return frozenset(
        each.id
        for each in held
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load) and id(each) not in inside
    )


def _catches(node: ast.expr) -> bool:
    named = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(last(dotted(each)) in _CATCHES for each in named)


def _is_idle(node: ast.stmt, read: frozenset[str]) -> bool:
    """Whether a statement leaves the test as green as it was: it passes, ends, or tells."""
    if isinstance(node, ast.Pass | ast.Continue | ast.Break):
        return True
    if isinstance(node, ast.Return):
        return node.value is None or isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign):
        return all(isinstance(each, ast.Name) and each.id not in read for each in node.targets)
    if not isinstance(node, ast.Expr):
        return False
    called = node.value
    if isinstance(called, ast.Constant):
        return True
    return isinstance(called, ast.Call) and _only_tells(called, read)


def _only_tells(call: ast.Call, read: frozenset[str]) -> bool:
    name = dotted(call.func)
    if last(name) in _TELLS:
        return True
    # What is kept in a list of the function's own that nobody looks at has gone nowhere.
    root, _, rest = name.rpartition(".")
    return rest in _KEEPS and root.isidentifier() and root not in read


def mutes(node: _Function) -> bool:
    """Whether what a function is put around cannot be heard when it fails.

    As a context manager it swallows what is raised at its `yield`, or its `__exit__` says yes
    to it; as a decorator it swallows what the function that it is given raises, or never calls
    it.
    """
    if node.name in ("__exit__", "__aexit__"):
        return _is_yes(node.body[-1])
    given = frozenset(_parameters(node))
    quiet = (part for each in every(node) for part in _quiet(each))
    return any(_starts(each, given) for part in quiet for each in every(part)) or _drops(node)


def _quiet(node: ast.AST) -> list[ast.stmt]:
    """The statements of a block out of which no failure comes."""
    if isinstance(node, ast.Try | ast.TryStar):
        return node.body if is_swallowing(node) else []
    if isinstance(node, ast.With):
        suppressed = any(is_suppressing(item.context_expr, {}) for item in node.items)
        return node.body if suppressed else []
    return []


def _parameters(node: _Function) -> Iterator[str]:
    for each in every(node):
        if isinstance(each, _Function):
            yield from (one.arg for one in (*each.args.posonlyargs, *each.args.args))


def _starts(node: ast.AST, given: frozenset[str]) -> bool:
    """Whether it runs what is inside: the body of a `with`, or a function that was given."""
    if isinstance(node, ast.Yield):
        return True
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in given


def _is_yes(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Return)
        and isinstance(node.value, ast.Constant)
        and bool(node.value.value)
    )


def _drops(node: _Function) -> bool:
    """Whether a function of one parameter makes another one that has nothing to do with it."""
    inner = [each for each in node.body if isinstance(each, _Function)]
    if len(node.args.args) != 1 or not inner or not isinstance(node.body[-1], ast.Return):
        return False
    given = node.args.args[0].arg
    wraps = {
        id(each) for one in inner for decorator in one.decorator_list for each in every(decorator)
    }
    loads = (each for each in every(node) if isinstance(each, ast.Name) and each.id == given)
    return all(id(each) in wraps for each in loads)
