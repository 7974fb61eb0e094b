"""Located nodes read as values of the types that a dataclass declares."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from gatekeeper.contract import scalars
from gatekeeper.contract.frozen import Frozen
from gatekeeper.contract.globs import globs_fault
from gatekeeper.contract.nearest import did_you_mean
from gatekeeper.contract.nodes import Listing, Node, Problems, Refused, Table, Text
from gatekeeper.contract.scalars import Scalar, Wrong
from gatekeeper.contract.shapes import (
    At,
    Choice,
    Key,
    ListOf,
    Located,
    MapOf,
    Raw,
    Record,
    Shape,
)
from gatekeeper.value import dataclass

WRONG: Final = object()
"""Stands for a value that could not be read; its problem is told."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads nodes of one file; `modules` are the names that a module option may use."""

    problems: Problems
    modules: Collection[str] = ()

    def read(self, node: Node, shape: Shape) -> Any:
        """The value that `node` stands for, or `WRONG`, with the problems told."""
        if isinstance(node, Refused):
            return WRONG
        match shape:
            case Raw():
                value: object = node
            case At():
                value = self._located(node, shape)
            case ListOf():
                value = self._list(node, shape)
            case MapOf():
                value = self._mapping(node, shape)
            case Record():
                value = self._record(node, shape)
            case _:
                value = self._word(node, shape)
        return value

    def fields(self, table: Table, record: Record) -> Mapping[str, Any]:
        """The fields of `record` that `table` gives and that can be read, by field name."""
        found = {}
        for key, node in table.entries:
            known = record.keys.get(key.text)
            if known is None:
                self._unknown(key, record.keys)
            elif (value := self.read(node, known.shape)) is not WRONG:
                found[known.field] = value
        return found

    def missing(self, table: Table, record: Record) -> bool:
        """Whether a required key is not there; the problem is told."""
        absent = [name for name in _required(record.keys) if name not in tuple(table)]
        for name in absent:
            self.problems.add(table, f'The key "{name}" is missing here.', "Add it.")
        return bool(absent)

    def _unknown(self, key: Text, known: Collection[str]) -> None:
        message = f'There is no key "{key.text}" here.'
        hint = "It has no options." if not known else lambda: did_you_mean(key.text, known)
        self.problems.add(key, message, hint)

    def _located(self, node: Node, shape: At) -> object:
        value = self.read(node, shape.inner)
        return value if value is WRONG else Located(value, node.line, node.column)

    def _record(self, node: Node, record: Record) -> object:
        if not isinstance(node, Table):
            return self._expected("a mapping", node)
        found = self.fields(node, record)
        if self.missing(node, record) or len(found) < len(node.entries):
            return WRONG
        return record.type(**found)

    def _list(self, node: Node, shape: ListOf) -> object:
        if not isinstance(node, Listing):
            hint = "Put it in brackets: [ ]." if _is_written(node) else ""
            return self._expected(f"a list of {shape.item.many}", node, hint)
        items = tuple(self._item(item, shape.item) for item in node.items)
        if any(item is WRONG for item in items):
            return WRONG
        if shape.item is scalars.PATTERN and (fault := globs_fault(tuple(map(str, items)))):
            self.problems.add(node, *fault)
            return WRONG
        return items

    def _item(self, node: Node, shape: Shape) -> object:
        if isinstance(node, Text) and not node.text.strip():
            self.problems.add(node, "An entry of this list is empty.", "Take it out.")
            return WRONG
        return self.read(node, shape)

    def _mapping(self, node: Node, shape: MapOf) -> object:
        if not isinstance(node, Table):
            return self._expected("a mapping", node)
        items = {key.text: self.read(value, shape.value) for key, value in node.entries}
        if any(value is WRONG for value in items.values()):
            return WRONG
        return Frozen(items)

    def _word(self, node: Node, shape: Scalar | Choice) -> object:
        one = shape.one if isinstance(shape, Scalar) else " or ".join(shape.words)
        if not isinstance(node, Text) or not _is_written(node):
            return self._expected(one, node)
        if isinstance(shape, Choice):
            return self._chosen(node, shape)
        if shape is scalars.MODULE and node.text not in self.modules:
            return self._no_module(node)
        try:
            return shape.make(node.text)
        except Wrong as wrong:
            self.problems.add(node, wrong.message, wrong.hint)
            return WRONG

    def _chosen(self, node: Text, shape: Choice) -> object:
        words = shape.words
        if node.text in words:
            return words[node.text]
        self.problems.add(node, f'Expected {" or ".join(words)}, not "{node.text}".')
        return WRONG

    def _no_module(self, node: Text) -> object:
        def hint() -> str:
            return did_you_mean(node.text, self.modules) or "Name its paths under modules:."

        self.problems.add(node, f'There is no module "{node.text}".', hint)
        return WRONG

    def _expected(self, what: str, node: Node, hint: str | Callable[[], str] = "") -> object:
        if _is_written(node):
            self.problems.add(node, f"Expected {what}, not {_kind(node)}.", hint)
        else:
            hint = "Write it, or leave the key out."
            self.problems.add(node, f"Expected {what}, but nothing is written here.", hint)
        return WRONG


def _required(keys: Mapping[str, Key]) -> tuple[str, ...]:
    return tuple(name for name, key in keys.items() if key.required)


def _is_written(node: Node) -> bool:
    return not isinstance(node, Text) or bool(node.text) or node.quoted


def _kind(node: Node) -> str:
    if isinstance(node, Table):
        return "a mapping"
    return "a list" if isinstance(node, Listing) else "text"
