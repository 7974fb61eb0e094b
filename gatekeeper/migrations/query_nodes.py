"""Expressions of Python as the folding of strings asks for them: sums, references, words."""

from __future__ import annotations

from gatekeeper.source.code_tree import NOTHING, Kind, Node
from gatekeeper.source.python import Import


def added(node: Node) -> list[Node]:
    """What a chain of additions adds up, from left to right, however long it is."""
    found = []
    while node.kind is Kind.BINARY and node.text == "+":
        found.append(node.parts[1])
        node = node.parts[0]
    return [node, *reversed(found)]


def reference(imported: Import, attribute: str) -> str:
    """`module:name` of what an import, or an attribute of it, stands for."""
    if not imported.name:
        return f"{imported.module}:{attribute}"
    name = f"{imported.name}.{attribute}" if attribute else imported.name
    return f"{imported.module}:{name}"


def named(name: str) -> str:
    """A name for people; what a script takes apart is held by one that is no identifier."""
    return "…" if name.startswith("{") else name


def shown(node: Node) -> str:
    """An expression for people, in short."""
    if node.kind is Kind.NAME:
        return named(node.text)
    if node.kind is Kind.ATTRIBUTE:
        return f"{shown(node.parts[0])}.{node.text}"
    if node.kind is Kind.CALL:
        return f"{shown(node.parts[0])}(…)"
    return "…" if node is NOTHING else node.kind.value
