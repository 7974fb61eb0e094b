"""A syntax node of a script while its parts are turned into code, and what builders ask of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gatekeeper.source.code_tree import NOTHING, Kind, Node, group

THIS = "this"
EXPORT = "export "
"""What the name of an export begins with: no identifier can be called so."""

NO_PARTS: tuple[Node, ...] = ()


class Part(NamedTuple):
    """A child: the field it is in, its type (for signs and keywords its text), and its code."""

    field: str
    type: str
    node: Node


class Frame:
    """A syntax node; `text` is empty unless it is a leaf."""

    __slots__ = ("column", "field", "line", "parts", "text", "type")

    def __init__(self, type_: str, field: str, line: int, column: int, text: str) -> None:
        self.type, self.field, self.line, self.column = type_, field, line, column
        self.text = text
        self.parts: list[Part] = []

    def node(self, kind: Kind, text: str = "", parts: Iterable[Node] = NO_PARTS) -> Node:
        """Code that stands here."""
        return Node(kind, self.line, self.column, text, tuple(parts))

    def has(self, sign: str) -> bool:
        """Whether a sign or keyword stands directly in it."""
        return any(part.type == sign for part in self.parts)

    def field_of(self, name: str) -> Node:
        """The code in a field, NOTHING where there is none."""
        for part in self.parts:
            if part.field == name:
                return part.node
        return NOTHING

    def fields_of(self, name: str) -> list[Node]:
        """All that stands in a field, in order."""
        return [part.node for part in self.parts if part.field == name and part.node != NOTHING]

    def typed(self, *types: str) -> list[Node]:
        """The code of the children of some types, in order."""
        return [part.node for part in self.parts if part.type in types]

    def others(self, *fields: str) -> list[Node]:
        """All code outside of some fields, in order."""
        return [
            part.node for part in self.parts if part.field not in fields and part.node != NOTHING
        ]

    def nodes(self) -> list[Node]:
        """All code in it, in order."""
        return [part.node for part in self.parts if part.node != NOTHING]


def several(frame: Frame, parts: Iterable[Node]) -> Node:
    """Code of no kind of its own: nothing, its only part, or its parts."""
    held = [part for part in parts if part != NOTHING]
    if not held:
        return NOTHING
    return held[0] if len(held) == 1 else frame.node(Kind.OTHER, "", held)


def beside(frame: Frame, value: Node, parts: Iterable[Node]) -> Node:
    """A value, with code that stands beside it and is no part of it (types, a condition)."""
    held = [part for part in parts if part != NOTHING]
    return frame.node(Kind.AWAIT, "", (value, *held)) if held else value


def name(node: Node, text: str) -> Node:
    """A name where another piece of code stands."""
    return Node(Kind.NAME, node.line, node.column, text, ())


def assign(value: Node, target: Node) -> Node:
    """`target = value`, at the place of the target."""
    return Node(Kind.ASSIGN, target.line, target.column, "", (value, target))


def groups(*parts: Iterable[Node]) -> tuple[Node, ...]:
    """One group for each list of nodes."""
    return tuple(group(each) for each in parts)
