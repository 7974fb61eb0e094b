"""What a test has itself written down: names that stand for constants, and what is made of them."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterable, Iterator

from gatekeeper.source.python_walk import every
from gatekeeper_rules.suite._names import dotted
from gatekeeper_rules.suite._tautologies import truth

_DEEPEST = 8
_PURE = frozenset(
    {
        *("abs", "all", "any", "bool", "bytes", "dict", "float", "frozenset", "int", "len", "list"),
        *("max", "min", "range", "repr", "round", "set", "sorted", "str", "sum", "tuple", "type"),
    }
)
_MADE = (
    *(ast.Constant, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.BinOp, ast.UnaryOp, ast.BoolOp),
    *(ast.Compare, ast.IfExp, ast.JoinedStr, ast.FormattedValue, ast.Subscript, ast.Slice),
    *(ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context),
)
_CHANGEABLE = (ast.List, ast.Set, ast.Dict, ast.Call)
_NAMING = (
    *(ast.MatchAs, ast.MatchStar, ast.ExceptHandler),
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
)
_BINDING = (
    *(ast.Name, ast.arg, ast.alias, ast.Global, ast.Nonlocal, ast.AugAssign),
    *_NAMING,
)
_LOOKING = (ast.For, ast.AsyncFor, ast.comprehension, ast.Compare, ast.Call)


class Settled:
    """The names that a block of code binds once, with what they stand for.

    `body` are its statements, `nodes` all that is in it: what is bound in a block within it may
    not have been bound at all. `around` are the names of the module around a function; `bound`
    are all that it binds.
    """

    def __init__(
        self, body: Iterable[ast.stmt], nodes: Iterable[ast.AST], around: Settled | None = None
    ) -> None:
        held = tuple(nodes)
        times = Counter(bound(held))
        self._outer = around
        self._known: dict[tuple[str, int, bool], ast.expr | None] = {}
        self.bound = frozenset(times)
        self._often = frozenset(name for name, each in times.items() if each > 1)
        self._values = {
            name: value
            for name, value in _assigned(body)
            if times[name] == 1 and not (isinstance(value, _CHANGEABLE) and _is_touched(name, held))
        }

    @property
    def told(self) -> str:
        """A text that is the same for two blocks just when they tell functions the same."""
        values = sorted((name, ast.dump(value)) for name, value in self._values.items())
        return repr((sorted(self.bound), sorted(self._often), values))

    def meant(self, node: ast.expr, *, calls: bool = False) -> ast.expr:
        """The expression with constants, and the names of one thing, in the place of names.

        With `calls` a name that stands for the answer of a call is replaced by the call.
        """
        return self._replaced(node, _DEEPEST, calls=calls)

    def depends_on_nothing(self, node: ast.expr) -> bool:
        """Whether an expression is made of what the test has written down, and nothing else.

        What is plainly false is to fail, and depends on whether it is reached.
        """
        meant = self.meant(node)
        return _is_made(meant) and truth(meant) is not False

    def is_circular(self, left: ast.expr, right: ast.expr) -> bool:
        """Whether both sides of a comparison are the answer of one and the same call."""
        one, other = self.meant(left, calls=True), self.meant(right, calls=True)
        return ast.dump(one) == ast.dump(other) and any(
            isinstance(each, ast.Call) for each in every(one)
        )

    def _replaced(self, node: ast.expr, depth: int, *, calls: bool) -> ast.expr:
        names = {each.id for each in every(node) if isinstance(each, ast.Name)}
        if all(self.value(name, depth, calls=calls) is None for name in names):
            return node
        found: ast.expr = _Replacing(self, depth, calls=calls).visit(copy.deepcopy(node))
        return found

    def value(self, name: str, depth: int, *, calls: bool) -> ast.expr | None:
        """What a name stands for, where that is known."""
        if name not in self.bound and self._outer is not None:
            return self._outer.value(name, depth, calls=False)
        asked = (name, depth, calls)
        if asked not in self._known:
            self._known[asked] = self._value(name, depth, calls=calls)
        return self._known[asked]

    def _value(self, name: str, depth: int, *, calls: bool) -> ast.expr | None:
        value = self._values.get(name)
        if value is None or not depth:
            return None
        found = self._replaced(value, depth - 1, calls=calls)
        wanted = isinstance(found, ast.Name) and found.id not in self._often
        wanted = wanted or _is_made(found)
        return found if wanted or (calls and isinstance(found, ast.Call)) else None


class _Replacing(ast.NodeTransformer):
    def __init__(self, settled: Settled, depth: int, *, calls: bool) -> None:
        self._settled, self._calls, self._depth = settled, calls, depth

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if not isinstance(node.ctx, ast.Load):
            return node
        return self._settled.value(node.id, self._depth, calls=self._calls) or node


def _is_made(node: ast.AST) -> bool:
    """Whether a value is written down in full, or made of such by pure functions."""
    if isinstance(node, ast.Call):
        named = isinstance(node.func, ast.Name) and node.func.id in _PURE
        method = isinstance(node.func, ast.Attribute) and _is_made(node.func.value)
        parts = [*node.args, *(each.value for each in node.keywords)]
        return (named or method) and all(map(_is_made, parts))
    return isinstance(node, _MADE) and all(map(_is_made, ast.iter_child_nodes(node)))


def _assigned(nodes: Iterable[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value


def bound(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Every name each time that it is bound, in whatever way."""
    for node in nodes:
        if not isinstance(node, _BINDING):
            continue
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                yield name
            case ast.alias():
                yield (node.asname or node.name).partition(".")[0]
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                yield from (*names, *names)
            case ast.AugAssign(target=ast.Name(id=name)):
                yield from (name, name)
            case _:
                yield from _named(node)


def _named(node: ast.AST) -> Iterator[str]:
    if isinstance(node, _NAMING) and node.name is not None:
        yield node.name


def _is_touched(name: str, nodes: Iterable[ast.AST]) -> bool:
    """Whether anything but a loop, a comparison or its length makes use of what a name holds."""
    quiet = {
        id(each)
        for node in nodes
        if isinstance(node, _LOOKING)
        for each in _looked_at(node)
        if isinstance(each, ast.Name) and each.id == name
    }
    loads = (each for each in nodes if isinstance(each, ast.Name) and each.id == name)
    return any(isinstance(each.ctx, ast.Load) and id(each) not in quiet for each in loads)


def _looked_at(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.For() | ast.AsyncFor() | ast.comprehension():
            yield node.iter
        case ast.Compare():
            yield from (node.left, *node.comparators)
        case ast.Call(func=func) if dotted(func) in _PURE:
            yield from node.args
