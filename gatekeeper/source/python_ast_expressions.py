"""Expressions of `ast`, turned into our nodes."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from gatekeeper.source.code_tree import NOTHING, Kind, Node, gathered, group, joined, other

_LINE_END = re.compile(r"\r\n?|\n")
_DIGITS = 9
OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.MatMult: "@", ast.Div: "/", ast.Mod: "%",
    ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|", ast.BitXor: "^", ast.BitAnd: "&",
    ast.FloorDiv: "//", ast.Pow: "**",
}  # fmt: skip


Reader = Callable[[Any, Any], Node]


class Expressions:
    """Turns `ast` nodes into ours; `pinned` is the place that what is inside a string gets."""

    readers: ClassVar[Mapping[type[ast.AST], Reader]] = {}

    def __init__(self, text: str, pinned: tuple[int, int] | None = None) -> None:
        self._wide = [] if text.isascii() else [line.encode() for line in _LINE_END.split(text)]
        self._pinned = pinned

    def read(self, node: ast.AST) -> Node:
        """Our node for one of theirs."""
        reader = self.readers.get(type(node))
        if reader is not None:
            return reader(self, node)
        return other([self.read(child) for child in ast.iter_child_nodes(node)])

    def _all(self, nodes: Iterable[ast.AST]) -> tuple[Node, ...]:
        read = self.read
        return tuple(part for part in [read(node) for node in nodes] if part is not NOTHING)

    def _maybe(self, node: ast.AST | None) -> Node:
        return NOTHING if node is None else self.read(node)

    def _at(self, node: Any) -> tuple[int, int]:
        if self._pinned is not None:
            return self._pinned
        column: int = node.col_offset
        if self._wide:
            column = len(self._wide[node.lineno - 1][:column].decode("utf-8", "replace"))
        return node.lineno, column + 1

    def _make(self, kind: Kind, node: ast.AST, text: str, *parts: Node) -> Node:
        return Node(kind, *self._at(node), text, parts)

    def _capture(self, node: ast.AST, name: str | None) -> Node:
        return NOTHING if name is None else self._make(Kind.CAPTURE, node, name)

    def _name(self, node: ast.Name) -> Node:
        return Node(Kind.NAME, *self._at(node), node.id, ())

    def _attribute(self, node: ast.Attribute) -> Node:
        return Node(Kind.ATTRIBUTE, *self._at(node), node.attr, (self.read(node.value),))

    def _call(self, node: ast.Call) -> Node:
        arguments = [self.read(each) for each in [*node.args, *node.keywords]]
        return self._make(Kind.CALL, node, "", self.read(node.func), *arguments)

    def _keyword(self, node: ast.keyword) -> Node:
        value = self.read(node.value)
        return Node(Kind.KEYWORD, value.line, value.column, node.arg or "", (value,))

    def _constant(self, node: ast.Constant) -> Node:
        value = node.value
        if isinstance(value, str):
            return self._make(Kind.STRING, node, value)
        if isinstance(value, bytes):
            return self._make(Kind.BYTES, node, value.decode("latin-1"))
        # A bool is an int, and an int of 5,000 digits cannot be written down again.
        if type(value) is int and value < 10**_DIGITS:
            return self._make(Kind.NUMBER, node, str(value))
        return NOTHING

    def _string(self, node: Any) -> Node:
        outer, at = self._pinned, self._at(node)
        self._pinned = at
        try:
            return joined(*at, [self.read(part) for part in node.values])
        finally:
            self._pinned = outer

    def _formatted(self, node: Any) -> Node:
        conversion = "" if node.conversion == -1 else chr(node.conversion)
        form = self._maybe(node.format_spec)
        forms = () if form.kind is Kind.STRING and not form.text else (form,) * (form != NOTHING)
        return self._make(Kind.FORMATTED, node, conversion, self.read(node.value), *forms)

    def _binary(self, node: ast.BinOp) -> Node:
        left, right = self.read(node.left), self.read(node.right)
        return self._make(Kind.BINARY, node, OPERATORS[type(node.op)], left, right)

    def _unary(self, node: ast.UnaryOp) -> Node:
        held = self.read(node.operand)
        if isinstance(node.op, ast.USub) and held.kind is Kind.NUMBER and held.text[0] != "-":
            return self._make(Kind.NUMBER, node, "-" + held.text)
        return held

    def _subscript(self, node: ast.Subscript) -> Node:
        return self._make(Kind.SUBSCRIPT, node, "", self.read(node.value), self.read(node.slice))

    def _slice(self, node: ast.Slice) -> Node:
        parts = (node.lower, node.upper, node.step)
        return gathered(Kind.SLICE, [self._maybe(each) for each in parts])

    def _list(self, node: ast.List | ast.Tuple | ast.Set) -> Node:
        return gathered(Kind.LIST, [self.read(each) for each in node.elts])

    def _dict(self, node: ast.Dict) -> Node:
        pairs = zip(node.keys, node.values, strict=True)
        return gathered(Kind.DICT, [self._maybe(each) for pair in pairs for each in pair])

    def _star(self, node: ast.Starred) -> Node:
        held = self.read(node.value)
        return Node(Kind.STAR, held.line, held.column, "", (held,))

    def _choice(self, node: ast.IfExp) -> Node:
        parts = [self.read(each) for each in (node.body, node.orelse, node.test)]
        return gathered(Kind.CHOICE, parts)

    def _either(self, node: ast.BoolOp) -> Node:
        return gathered(Kind.CHOICE, [self.read(each) for each in node.values])

    def _await(self, node: ast.Await) -> Node:
        return self._make(Kind.AWAIT, node, "", self.read(node.value))

    def _yield(self, node: ast.Yield | ast.YieldFrom) -> Node:
        held = self._maybe(node.value)
        return NOTHING if held == NOTHING else self._make(Kind.YIELD, node, "", held)

    def _comprehension(self, node: Any) -> Node:
        made = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        parts: list[Node] = []
        for each in node.generators:
            parts += [self._take(each.iter, each.target), *map(self.read, each.ifs)]
        held = group([*parts, *map(self.read, (each for each in made if each is not None))])
        return gathered(Kind.COMPREHENSION, held.parts)

    def _lambda(self, node: ast.Lambda) -> Node:
        body = self.read(node.body)
        held = Node(Kind.RETURN, body.line, body.column, "", (body,))
        parameters = group(self._parameters(node.args))
        return self._make(Kind.LAMBDA, node, "", group([]), parameters, group([]), group([held]))

    def _parameters(self, node: ast.arguments) -> list[Node]:
        places: Sequence[ast.arg] = [*node.posonlyargs, *node.args]
        none: list[ast.expr | None] = [None] * (len(places) - len(node.defaults))
        pairs: list[tuple[ast.arg, ast.expr | None]] = [
            *zip(places, [*none, *node.defaults], strict=True),
            *((each, None) for each in [node.vararg] if each),
            *zip(node.kwonlyargs, node.kw_defaults, strict=True),
            *((each, None) for each in [node.kwarg] if each),
        ]
        return [
            self._make(Kind.PARAMETER, arg, arg.arg, self._maybe(default)) for arg, default in pairs
        ]

    def _walrus(self, node: ast.NamedExpr) -> Node:
        value, target = self.read(node.value), self.read(node.target)
        return Node(Kind.ASSIGN, target.line, target.column, "", (value, target))

    def _take(self, source: ast.expr, target: ast.expr) -> Node:
        held = self.read(target)
        return Node(Kind.TAKE, held.line, held.column, "", (self.read(source), held))


def table(methods: Mapping[str, Reader]) -> dict[type[ast.AST], Reader]:
    """Methods by the names of the classes they read; those that this Python has."""
    pairs = ((name, method) for names, method in methods.items() for name in names.split())
    return {getattr(ast, name): method for name, method in pairs if hasattr(ast, name)}


Expressions.readers = table(
    {
        "Lambda": Expressions._lambda,
        "NamedExpr": Expressions._walrus,
        "Name": Expressions._name,
        "Attribute": Expressions._attribute,
        "Call": Expressions._call,
        "keyword": Expressions._keyword,
        "Constant": Expressions._constant,
        "JoinedStr TemplateStr": Expressions._string,
        "FormattedValue Interpolation": Expressions._formatted,
        "BinOp": Expressions._binary,
        "UnaryOp": Expressions._unary,
        "Subscript": Expressions._subscript,
        "Slice": Expressions._slice,
        "List Tuple Set": Expressions._list,
        "Dict": Expressions._dict,
        "Starred": Expressions._star,
        "IfExp": Expressions._choice,
        "BoolOp": Expressions._either,
        "Await": Expressions._await,
        "Yield YieldFrom": Expressions._yield,
        "ListComp SetComp DictComp GeneratorExp": Expressions._comprehension,
    }
)
