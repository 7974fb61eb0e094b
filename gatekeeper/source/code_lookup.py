"""What evaluating an expression asks of the names that are known so far."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from gatekeeper.source.code_tree import Node
from gatekeeper.source.code_values import Value, Values


class At(NamedTuple):
    """Where an expression is evaluated: file, scope, and how deep inside another one."""

    path: str
    scope: int
    depth: int = 0


class Lookup(Protocol):
    """What evaluation asks of the names that are known so far."""

    def named(self, name: str, at: At) -> Values:
        """What a name stands for where it is used."""

    def imported(self, dotted: str, path: str) -> Values:
        """The module that `dotted` means in a file."""

    def attribute(self, value: Value, name: str) -> Values:
        """What an attribute of a value stands for."""

    def returned(self, function: Value) -> Values:
        """What a function gives back."""

    def made(self, node: Node, at: At) -> Values:
        """The function that a `lambda` makes."""
