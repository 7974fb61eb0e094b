"""Expressions of LibCST, turned into our nodes."""

from __future__ import annotations

import unicodedata
from ast import literal_eval
from collections.abc import Iterable
from typing import Any

import libcst as cst

from gatekeeper.source.code_tree import NOTHING, Kind, Node, gathered, group
from gatekeeper.source.python_cst_strings import Strings

OPERATORS = {
    "Add": "+", "Subtract": "-", "Multiply": "*", "MatrixMultiply": "@", "Divide": "/",
    "Modulo": "%", "LeftShift": "<<", "RightShift": ">>", "BitOr": "|", "BitXor": "^",
    "BitAnd": "&", "FloorDivide": "//", "Power": "**",
}  # fmt: skip
_CONSTANTS = frozenset({"True", "False", "None"})
_DIGITS = 9


def identifier(name: str) -> str:
    """The name as Python understands it (PEP 3131)."""
    return name if name.isascii() else unicodedata.normalize("NFKC", name)


def dotted(node: cst.CSTNode | None) -> str:
    """The name of a module as it is written in an import."""
    if isinstance(node, cst.Attribute):
        return f"{dotted(node.value)}.{identifier(node.attr.value)}"
    return identifier(node.value) if isinstance(node, cst.Name) else ""


class Expressions(Strings):
    """Turns the expressions of LibCST into ours."""

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

    def _integer(self, node: cst.Integer) -> Node:
        try:
            value = literal_eval(node.value)
        except ValueError:  # more digits than Python turns into a number
            return NOTHING
        return self._make(Kind.NUMBER, node, str(value)) if value < 10**_DIGITS else NOTHING

    def _nothing(self, node: cst.CSTNode) -> Node:
        del node
        return NOTHING

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

    def _yield(self, node: cst.Yield) -> Node:
        held = node.value.item if isinstance(node.value, cst.From) else node.value
        value = NOTHING if held is None else self.read(held)
        return NOTHING if value == NOTHING else self._make(Kind.YIELD, node, "", value)

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
    cst.Yield: Expressions._yield,
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
