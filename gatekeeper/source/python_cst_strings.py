"""LibCST's nodes turned into ours: the reader, and the strings that it reads."""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import libcst as cst
from libcst.metadata import CodeRange

from gatekeeper.source.code_tree import NOTHING, Kind, Node, joined, other

_LAYOUT = (cst.BaseParenthesizableWhitespace, cst.TrailingWhitespace, cst.EmptyLine)

Reader = Callable[[Any, Any], Node]
Places = Mapping[cst.CSTNode, CodeRange]


class Strings:
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
