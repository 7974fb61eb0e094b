"""Which code of a function is never reached, as far as its own text shows it."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

_ENDS = frozenset({"sys.exit", "os._exit", "exit", "quit"})
_COMPARED: Mapping[type[ast.cmpop], Callable[[object, object], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}
_ORDERED: Mapping[type[ast.cmpop], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_UNKNOWN = object()

Constants = Mapping[str, object]


def constants(statements: Iterable[ast.stmt]) -> Constants:
    """The names that these statements bind once, to a constant; functions in them left out."""
    found: dict[str, object] = {"TYPE_CHECKING": False}
    bound: dict[str, int] = {}
    nodes = list(_outside(statements))
    for node in nodes:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound[node.id] = bound.get(node.id, 0) + 1
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=value)):
                found[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=value)):
                found[name] = value
    changed = {name for node in nodes if isinstance(node, ast.Global) for name in node.names}
    return {
        name: value
        for name, value in found.items()
        if bound.get(name, 1) == 1 and name not in changed
    }


def _outside(statements: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """The nodes of statements; of functions in them only what they declare `global`."""
    waiting: list[tuple[ast.AST, bool]] = [(each, False) for each in statements]
    while waiting:
        node, inside = waiting.pop()
        if not inside or isinstance(node, ast.Global):
            yield node
        deeper = inside or isinstance(node, _SCOPES)
        waiting.extend((each, deeper) for each in ast.iter_child_nodes(node))


class Liveness:
    """Goes through a function's body once; `dead` holds what is never reached.

    `known` are names that stand for a constant wherever the function reads them.
    """

    def __init__(self, body: Sequence[ast.stmt], known: Constants) -> None:
        self.dead: set[ast.AST] = set()
        self._known = known
        self._block(body)

    def _kill(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self.dead.update(ast.walk(node))

    def _block(self, statements: Sequence[ast.stmt]) -> bool:
        """Whether what stands behind the statements is reached."""
        reached = True
        for each in statements:
            if reached:
                reached = self._statement(each)
            else:
                self._kill([each])
        return reached

    def _statement(self, node: ast.stmt) -> bool:
        self._expressions(node)
        match node:
            case ast.Return() | ast.Raise() | ast.Break() | ast.Continue():
                return False
            case ast.Assert():
                return self.truth(node.test) is not False
            case ast.Expr(value=ast.Call(func=function)):
                return ast.unparse(function) not in _ENDS
            case _:
                return self._compound(node)

    def _compound(self, node: ast.stmt) -> bool:
        match node:
            case ast.If():
                return self._if(node)
            case ast.While():
                return self._while(node)
            case ast.Try() | ast.TryStar():
                return self._try(node)
            case ast.With() | ast.AsyncWith():
                returns = isinstance(node.body[-1], ast.Return)
                return self._block(node.body) or (not returns and any(map(_hushes, node.items)))
            case ast.For() | ast.AsyncFor():
                self._for(node)
            case ast.Match():
                for case in node.cases:
                    self._block(case.body)
        return True

    def _if(self, node: ast.If) -> bool:
        truth = self.truth(node.test)
        if truth is not None:
            self._kill(node.orelse if truth else node.body)
            return self._block(node.body if truth else node.orelse)
        first, second = self._block(node.body), self._block(node.orelse)
        return first or second

    def _while(self, node: ast.While) -> bool:
        truth = self.truth(node.test)
        if truth is False:
            self._kill(node.body)
            return self._block(node.orelse)
        self._block(node.body)
        self._block(node.orelse)
        return truth is None or any(map(_breaks, node.body))

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        if self._is_empty(node.iter):
            self._kill(node.body)
        else:
            self._block(node.body)
        self._block(node.orelse)

    def _try(self, node: ast.Try | ast.TryStar) -> bool:
        reached = self._block(node.body)
        if reached:
            reached = self._block(node.orelse)
        else:
            self._kill(node.orelse)
        caught = [self._block(each.body) for each in node.handlers]
        return self._block(node.finalbody) and (reached or any(caught))

    def _expressions(self, statement: ast.stmt) -> None:
        """What a choice between expressions never comes to."""
        for node in _own(statement):
            if isinstance(node, ast.IfExp):
                truth = self.truth(node.test)
                if truth is not None:
                    self._kill([node.orelse if truth else node.body])
            elif isinstance(node, ast.BoolOp):
                ending = isinstance(node.op, ast.Or)
                for place, each in enumerate(node.values):
                    if self.truth(each) is ending:
                        self._kill(node.values[place + 1 :])

    def _is_empty(self, node: ast.expr) -> bool:
        match node:
            case ast.Call(func=ast.Name(id="range"), args=[ast.Constant(value=0)]):
                return True
            case ast.Call(func=ast.Name(id="list" | "tuple" | "dict" | "set"), args=[]):
                return True
            case _:
                return self.truth(node) is False

    # -- what is true on its face

    def truth(self, node: ast.expr) -> bool | None:
        """Whether an expression is always true, always false, or neither (None)."""
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                truth = self.truth(operand)
                return None if truth is None else not truth
            case ast.BoolOp(op=op, values=values):
                return self._combined(values, ending=isinstance(op, ast.Or))
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._compared(left, op, right)
            case _:
                return self._held(node)

    def _combined(self, values: Iterable[ast.expr], *, ending: bool) -> bool | None:
        truths = [self.truth(each) for each in values]
        if ending in truths:
            return ending
        return None if None in truths else not ending

    def _held(self, node: ast.expr) -> bool | None:
        match node:
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
                return None if any(isinstance(each, ast.Starred) for each in items) else bool(items)
            case ast.Dict(keys=keys):
                return bool(keys) if None not in keys else None
            case _:
                value = self._value(node)
                return None if value is _UNKNOWN else bool(value)

    def _compared(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> bool | None:
        first, second = self._value(left), self._value(right)
        if first is _UNKNOWN or second is _UNKNOWN:
            return None
        if type(op) in _COMPARED:
            return bool(_COMPARED[type(op)](first, second))
        if isinstance(first, int | float) and isinstance(second, int | float):
            ordered = _ORDERED.get(type(op))
            return None if ordered is None else ordered(first, second)
        return None

    def _value(self, node: ast.expr) -> object:
        if isinstance(node, ast.Constant):
            return node.value
        return self._known.get(node.id, _UNKNOWN) if isinstance(node, ast.Name) else _UNKNOWN


def _own(statement: ast.stmt) -> Iterator[ast.AST]:
    """The expressions of a statement, but for those of the statements and functions in it."""
    waiting = [each for each in ast.iter_child_nodes(statement) if not isinstance(each, ast.stmt)]
    if isinstance(statement, _SCOPES):
        return
    while waiting:
        node = waiting.pop()
        yield node
        children = ast.iter_child_nodes(node)
        waiting.extend(each for each in children if not isinstance(each, ast.stmt | ast.Lambda))


def _breaks(statement: ast.stmt) -> bool:
    """Whether a statement leaves the loop that it stands in."""
    if isinstance(statement, ast.Break):
        return True
    if isinstance(statement, (*_SCOPES, ast.For, ast.AsyncFor, ast.While)):
        orelse = getattr(statement, "orelse", [])
        return any(map(_breaks, orelse))
    children = [each for each in ast.walk(statement) if each is not statement]
    held = [each for each in children if isinstance(each, ast.Break)]
    loops = [each for each in children if isinstance(each, ast.For | ast.AsyncFor | ast.While)]
    inner = {each for loop in loops for part in loop.body for each in ast.walk(part)}
    return any(each not in inner for each in held)


def _hushes(item: ast.withitem) -> bool:
    """Whether a context manager swallows what is raised in it."""
    held = item.context_expr
    return isinstance(held, ast.Call) and "suppress" in ast.unparse(held.func)
