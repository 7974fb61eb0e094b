"""What expressions of Terraform are worth that are put together from constants of one file."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

Value = str | tuple[str, ...]
"""A string, or a list of strings."""

LETTER = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\([\"\\])")
_LONGEST = 4_000
_DEEPEST = 40
_LOCAL = re.compile(r"local\s*\.\s*([\w-]+)")
_VERB = re.compile(r"%(?:[svd]|%)")
_STRINGS = frozenset({"string_lit", "quoted_template"})
_WRAPPERS = frozenset({"expression", "literal_value", "template_expr", "collection_value"})

PUTS_TOGETHER = frozenset(
    (
        *("base64decode", "format", "formatlist", "join", "lower", "regex", "replace", "strrev"),
        *("substr", "templatefile", "templatestring", "title", "trim", "trimprefix", "trimsuffix"),
        *("upper", "urldecode"),
    )
)
"""Functions whose result says what none of their arguments may say."""


class Values:
    """The values of one file; None for what depends on more than the file's constants."""

    def __init__(self, root: Node) -> None:
        self._locals = dict(_locals(root))
        self._known: dict[int, Value | None] = {}
        self._depth = 0

    def text(self, node: Node) -> str | None:
        """The string that an expression makes."""
        value = self._value(node)
        return value if isinstance(value, str) else None

    def _value(self, node: Node) -> Value | None:
        if node.id not in self._known:
            # What depends on itself has no value; deep ones are not followed.
            self._known[node.id] = None
            if self._depth < _DEEPEST:
                self._depth += 1
                value = self._made(node)
                self._depth -= 1
                is_short = value is not None and sum(map(len, value)) + len(value) <= _LONGEST
                self._known[node.id] = value if is_short else None
        return self._known[node.id]

    def _made(self, node: Node) -> Value | None:
        if node.type in _STRINGS:
            return self._template(node)
        if node.type == "tuple":
            return self._list(node)
        if node.type == "function_call":
            return self._called(node)
        if node.type in _WRAPPERS and (inner := _inner(node)) is not None:
            return self._value(inner)
        local = _LOCAL.fullmatch(_plain(node)) if node.type == "expression" else None
        held = self._locals.get(local[1]) if local else None
        return None if held is None else self._value(held)

    def _template(self, node: Node) -> str | None:
        pieces: list[str] = []
        for each in node.children:
            if each.type == "template_literal":
                pieces.append(LETTER.sub(letter, _plain(each)))
            elif each.type == "template_interpolation":
                inner = [part for part in each.children if part.type == "expression"]
                value = self.text(inner[0]) if len(inner) == 1 else None
                if value is None:
                    return None
                pieces.append(value)
            elif not each.type.startswith("quoted_template"):
                return None
        return "".join(pieces)

    def _list(self, node: Node) -> tuple[str, ...] | None:
        values = [self.text(each) for each in node.children if each.type == "expression"]
        held = tuple(each for each in values if each is not None)
        return held if len(held) == len(values) else None

    def _called(self, node: Node) -> Value | None:
        name, given = called(node)
        function = _FUNCTIONS.get(name)
        values = [self._value(each) for each in given]
        held = [each for each in values if each is not None]
        if function is None or len(held) != len(values):
            return None
        try:
            return function(held)
        except (LookupError, ValueError, TypeError, AttributeError):
            return None


def called(node: Node) -> tuple[str, list[Node]]:
    """The name of the function that is called, and its arguments."""
    name = next((_plain(each) for each in node.children if each.type == "identifier"), "")
    held = (each for each in node.children if each.type == "function_arguments")
    return name, [each for part in held for each in part.children if each.type == "expression"]


def letter(found: re.Match[str]) -> str:
    """The letter that an escape means."""
    code = found[1] or found[2]
    try:
        return chr(int(code, 16)) if code else found[3]
    except (ValueError, OverflowError):
        return ""


def _locals(root: Node) -> Iterator[tuple[str, Node]]:
    for body in root.children:
        for block in body.children if body.type == "body" else ():
            if block.type == "block" and _plain(block.children[0]) == "locals":
                yield from _attributes(block)


def _attributes(block: Node) -> Iterator[tuple[str, Node]]:
    for body in block.children:
        for each in body.children if body.type == "body" else ():
            if each.type == "attribute":
                yield _plain(each.children[0]), each.children[-1]


def _inner(node: Node) -> Node | None:
    held = [each for each in node.children if each.type not in ("(", ")")]
    return held[0] if len(held) == 1 and held[0].type != "variable_expr" else None


def _plain(node: Node) -> str:
    return (node.text or b"").decode()


# -- functions, each given its arguments; what they cannot be given raises


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _join(given: list[Value]) -> str:
    pieces = [
        each for value in given[1:] for each in ((value,) if isinstance(value, str) else value)
    ]
    return _text(given[0]).join(pieces)


def _format(given: list[Value]) -> str:
    spec, values = _text(given[0]), iter(map(_text, given[1:]))
    return _VERB.sub(lambda verb: "%" if verb[0] == "%%" else next(values, ""), spec)


def _replace(given: list[Value]) -> str:
    text, old, new = map(_text, given)
    if old.startswith("/") and old.endswith("/"):
        raise ValueError(old)
    return text.replace(old, new)


def _concat(given: list[Value]) -> tuple[str, ...]:
    if any(isinstance(each, str) for each in given):
        raise TypeError(given)
    return tuple(each for value in given for each in value)


def _decoded(given: list[Value]) -> str:
    try:
        return base64.b64decode(_text(given[0]), validate=True).decode()
    except binascii.Error as error:
        raise ValueError(given) from error


_FUNCTIONS: Mapping[str, Callable[[list[Value]], Value]] = {
    "base64decode": _decoded,
    "chomp": lambda given: _text(given[0]).rstrip("\r\n"),
    "concat": _concat,
    "format": _format,
    "join": _join,
    "lower": lambda given: _text(given[0]).lower(),
    "replace": _replace,
    "reverse": lambda given: tuple(reversed(given[0])),
    "split": lambda given: tuple(_text(given[1]).split(_text(given[0]))),
    "strrev": lambda given: _text(given[0])[::-1],
    "tostring": lambda given: _text(given[0]),
    "trimprefix": lambda given: _text(given[0]).removeprefix(_text(given[1])),
    "trimspace": lambda given: _text(given[0]).strip(),
    "trimsuffix": lambda given: _text(given[0]).removesuffix(_text(given[1])),
    "upper": lambda given: _text(given[0]).upper(),
}
