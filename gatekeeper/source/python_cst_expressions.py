"""Expressions of LibCST, turned into our nodes."""

from __future__ import annotations

import unicodedata
from ast import literal_eval
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import libcst as cst
from libcst.metadata import CodeRange

from gatekeeper.source.python_tree import NOTHING, Kind, Node, gathered, group, joined, other

OPERATORS = {
    "Add": "+", "Subtract": "-", "Multiply": "*", "MatrixMultiply": "@", "Divide": "/",
    "Modulo": "%", "LeftShift": "<<", "RightShift": ">>", "BitOr": "|", "BitXor": "^",
    "BitAnd": "&", "FloorDivide": "//", "Power": "**",
}  # fmt: skip
_CONSTANTS = frozenset({"True", "False", "None"})
_LAYOUT = (cst.BaseParenthesizableWhitespace, cst.TrailingWhitespace, cst.EmptyLine)
_DIGITS = 9

Reader = Callable[[Any, Any], Node]
Places = Mapping[cst.CSTNode, CodeRange]


def identifier(name: str) -> str:
    """The name as Python understands it (PEP 3131)."""
    return name if name.isascii() else unicodedata.normalize("NFKC", name)


def dotted(node: cst.CSTNode | None) -> str:
    """The name of a module as it is written in an import."""
    if isinstance(node, cst.Attribute):
        return f"{dotted(node.value)}.{identifier(node.attr.value)}"
    return identifier(node.value) if isinstance(node, cst.Name) else ""


class Expressions:
    """Turns LibCST's nodes into ours; `code` gives back the text of one of them."""

    readers: ClassVar[Mapping[type[cst.CSTNode], Reader]] = {}

    def __init__(self, places: Places, code: Callable[[cst.CSTNode], str]) -> None:
        self._places = places
        self._code = code
        self._pinned: tuple[int, int] | None = None

    def read(self, node: cst.CSTNode) -> Node:
        """Our node for one of theirs."""
        reader = self.readers.get(type(node))
        if reader is not None:
            return reader(self, node)
        if isinstance(node, _LAYOUT):
            return NOTHING
        return other([self.read(child) for child in node.children])

    def _maybe(self, node: cst.CSTNode | None) -> Node:
        return self.read(node) if isinstance(node, cst.CSTNode) else NOTHING

    def _at(self, node: cst.CSTNode) -> tuple[int, int]:
        if self._pinned is not None:
            return self._pinned
        start = self._places[node].start
        return start.line, start.column + 1

    def _make(self, kind: Kind, node: cst.CSTNode, text: str, *parts: Node) -> Node:
        return Node(kind, *self._at(node), text, parts)

    def _name(self, node: cst.Name) -> Node:
        if node.value in _CONSTANTS:
            return NOTHING
        return self._make(Kind.NAME, node, identifier(node.value))

    def _attribute(self, node: cst.Attribute) -> Node:
        return self._make(Kind.ATTRIBUTE, node, identifier(node.attr.value), self.read(node.value))

    def _call(self, node: cst.Call) -> Node:
        return self._make(Kind.CALL, node, "", self.read(node.func), *self._arguments(node.args))

    def _arguments(self, arguments: Iterable[cst.Arg]) -> list[Node]:
        """Arguments, those by position before those by keyword, as `ast` has them."""
        held = [self._argument(each) for each in arguments]
        return sorted(held, key=lambda each: each.kind is Kind.KEYWORD)

    def _argument(self, node: cst.Arg) -> Node:
        value = self.read(node.value)
        if node.star == "*":
            return Node(Kind.STAR, value.line, value.column, "", (value,))
        if node.star or node.keyword is not None:
            name = "" if node.keyword is None else identifier(node.keyword.value)
            return Node(Kind.KEYWORD, value.line, value.column, name, (value,))
        return value

    def _star(self, node: Any) -> Node:
        value = self.read(node.value)
        return Node(Kind.STAR, value.line, value.column, "", (value,))

    # -- constants and strings

    def _integer(self, node: cst.Integer) -> Node:
        try:
            value = literal_eval(node.value)
        except ValueError:  # more digits than Python turns into a number
            return NOTHING
        return self._make(Kind.NUMBER, node, str(value)) if value < 10**_DIGITS else NOTHING

    def _nothing(self, node: cst.CSTNode) -> Node:
        del node
        return NOTHING

    def _string(self, node: cst.SimpleString) -> Node:
        value = literal_eval(node.value)
        if isinstance(value, bytes):
            return self._make(Kind.BYTES, node, value.decode("latin-1"))
        return self._make(Kind.STRING, node, value)

    def _concatenated(self, node: cst.ConcatenatedString) -> Node:
        parts = [part for each in _strings(node) for part in self._pieces(each, self._at(node))]
        if parts and all(part.kind is Kind.BYTES for part in parts):
            return self._make(Kind.BYTES, node, "".join(part.text for part in parts))
        return joined(*self._at(node), parts)

    def _formatted_string(self, node: cst.FormattedString | cst.TemplatedString) -> Node:
        return joined(*self._at(node), self._pieces(node, self._at(node)))

    def _pieces(self, node: cst.CSTNode, at: tuple[int, int]) -> list[Node]:
        """The strings and formatted values of a string, all at the place of the whole."""
        outer, self._pinned = self._pinned, at
        try:
            if isinstance(node, cst.FormattedString | cst.TemplatedString):
                return self._contents(node.parts, node.start)
            return [self.read(node)]
        finally:
            self._pinned = outer

    def _contents(self, parts: Sequence[cst.CSTNode], start: str) -> list[Node]:
        held: list[Node] = []
        for part in parts:
            if isinstance(part, cst.FormattedStringText | cst.TemplatedStringText):
                held.append(self._make(Kind.STRING, part, _unescaped(part.value, start)))
            else:
                held.extend(self._formatted(part, start))
        return held

    def _formatted(self, node: Any, start: str) -> Iterator[Node]:
        conversion = node.conversion or ""
        if node.equal is not None:
            conversion = conversion or ("" if node.format_spec is not None else "r")
            yield self._make(Kind.STRING, node, self._echo(node))
        spec = joined(*self._at(node), self._contents(node.format_spec or (), start))
        forms = () if spec.kind is Kind.STRING and not spec.text else (spec,)
        yield self._make(Kind.FORMATTED, node, conversion, self.read(node.expression), *forms)

    def _echo(self, node: Any) -> str:
        """The text that `{x=}` prints before the value."""
        pieces = (node.whitespace_before_expression, node.expression, node.equal)
        return "".join(self._code(piece) for piece in pieces)

    # -- operations

    def _binary(self, node: cst.BinaryOperation) -> Node:
        operator = OPERATORS[type(node.operator).__name__]
        left, right = self.read(node.left), self.read(node.right)
        return self._make(Kind.BINARY, node, operator, left, right)

    def _unary(self, node: cst.UnaryOperation) -> Node:
        held = self.read(node.expression)
        negative = isinstance(node.operator, cst.Minus)
        if negative and held.kind is Kind.NUMBER and not held.text.startswith("-"):
            return self._make(Kind.NUMBER, node, "-" + held.text)
        return held

    def _either(self, node: cst.BooleanOperation) -> Node:
        values: list[cst.BaseExpression] = [node.right]
        left = node.left
        while (
            isinstance(left, cst.BooleanOperation)
            and type(left.operator) is type(node.operator)
            and not left.lpar
        ):
            values.append(left.right)
            left = left.left
        return gathered(Kind.CHOICE, [self.read(each) for each in (left, *reversed(values))])

    def _choice(self, node: cst.IfExp) -> Node:
        parts = (node.body, node.orelse, node.test)
        return gathered(Kind.CHOICE, [self.read(each) for each in parts])

    def _await(self, node: cst.Await) -> Node:
        return self._make(Kind.AWAIT, node, "", self.read(node.expression))

    def _walrus(self, node: cst.NamedExpr) -> Node:
        value, target = self.read(node.value), self.read(node.target)
        return Node(Kind.ASSIGN, target.line, target.column, "", (value, target))

    def _subscript(self, node: cst.Subscript) -> Node:
        value, elements = self.read(node.value), node.slice
        indexes = [self.read(each.slice) for each in elements]
        alone = len(indexes) == 1 and isinstance(elements[0].comma, cst.MaybeSentinel)
        if not alone or indexes[0].kind is Kind.STAR:
            return self._make(Kind.SUBSCRIPT, node, "", value, gathered(Kind.LIST, indexes))
        return self._make(Kind.SUBSCRIPT, node, "", value, indexes[0])

    def _index(self, node: cst.Index) -> Node:
        return self._star(node) if node.star == "*" else self.read(node.value)

    def _slice(self, node: cst.Slice) -> Node:
        parts = (node.lower, node.upper, node.step)
        return gathered(Kind.SLICE, [self._maybe(each) for each in parts])

    # -- collections and functions

    def _list(self, node: cst.List | cst.Tuple | cst.Set) -> Node:
        return gathered(Kind.LIST, [self.read(each) for each in node.elements])

    def _dict(self, node: cst.Dict) -> Node:
        held = [
            part
            for each in node.elements
            for part in (self._maybe(getattr(each, "key", None)), self.read(each.value))
        ]
        return gathered(Kind.DICT, held)

    def _comprehension(self, node: Any) -> Node:
        parts: list[Node] = []
        loop: cst.CompFor | None = node.for_in
        while loop is not None:
            parts += [self._take(loop.iter, loop.target), *(self.read(e.test) for e in loop.ifs)]
            loop = loop.inner_for_in
        made = (node.key, node.value) if isinstance(node, cst.DictComp) else (node.elt,)
        parts += [self.read(each) for each in made]
        return gathered(Kind.COMPREHENSION, group(parts).parts)

    def _take(self, source: cst.CSTNode, target: cst.CSTNode) -> Node:
        held = self.read(target)
        return Node(Kind.TAKE, held.line, held.column, "", (self.read(source), held))

    def _lambda(self, node: cst.Lambda) -> Node:
        body = self.read(node.body)
        held = Node(Kind.RETURN, body.line, body.column, "", (body,))
        parameters = group(
            self._make(Kind.PARAMETER, each.name, identifier(each.name.value), default)
            for each in parameters_of(node.params)
            for default in [self._maybe(each.default)]
        )
        return self._make(Kind.LAMBDA, node, "", group([]), parameters, group([]), group([held]))


def parameters_of(node: cst.Parameters) -> list[cst.Param]:
    """All parameters: by position, `*`, by keyword, `**`."""
    every = (
        *node.posonly_params,
        *node.params,
        node.star_arg,
        *node.kwonly_params,
        node.star_kwarg,
    )
    return [each for each in every if isinstance(each, cst.Param)]


def _strings(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    while isinstance(node, cst.ConcatenatedString):
        yield node.left
        node = node.right
    yield node


def _unescaped(text: str, start: str) -> str:
    """What a piece of an f-string that begins with `start` says."""
    quote = start.lstrip("fFrRtT")
    if "r" not in start.lower() and "\\" in text:
        text = str(literal_eval(f"{quote}{text}{quote}"))
    return text.replace("{{", "{").replace("}}", "}")


Expressions.readers = {
    cst.Name: Expressions._name,
    cst.Attribute: Expressions._attribute,
    cst.Call: Expressions._call,
    cst.Arg: Expressions._argument,
    cst.StarredElement: Expressions._star,
    cst.Integer: Expressions._integer,
    cst.Float: Expressions._nothing,
    cst.Imaginary: Expressions._nothing,
    cst.Ellipsis: Expressions._nothing,
    cst.SimpleString: Expressions._string,
    cst.ConcatenatedString: Expressions._concatenated,
    cst.FormattedString: Expressions._formatted_string,
    cst.TemplatedString: Expressions._formatted_string,
    cst.BinaryOperation: Expressions._binary,
    cst.UnaryOperation: Expressions._unary,
    cst.BooleanOperation: Expressions._either,
    cst.IfExp: Expressions._choice,
    cst.Await: Expressions._await,
    cst.NamedExpr: Expressions._walrus,
    cst.Subscript: Expressions._subscript,
    cst.Index: Expressions._index,
    cst.Slice: Expressions._slice,
    cst.List: Expressions._list,
    cst.Tuple: Expressions._list,
    cst.Set: Expressions._list,
    cst.Dict: Expressions._dict,
    cst.ListComp: Expressions._comprehension,
    cst.SetComp: Expressions._comprehension,
    cst.DictComp: Expressions._comprehension,
    cst.GeneratorExp: Expressions._comprehension,
    cst.Lambda: Expressions._lambda,
}
