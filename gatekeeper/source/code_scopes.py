"""Which names a Python file binds, in which scope, to what, and where expressions use them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from gatekeeper.source.code_tree import Node
from gatekeeper.value import dataclass

RETURNED = "<returned>"
BASES = "<bases>"
MODULE = 0


class Bound(Enum):
    """What a name is bound to."""

    VALUE = "the value of an expression"
    IMPORT = "a module"
    FROM = "something in a module"
    CLASS = "a class"
    FUNCTION = "a function"
    UNKNOWN = "something that only running can tell"


class Binding(NamedTuple):
    """A name's binding; `node` is evaluated in `scope`, which for a class or function is its own.

    For imports `module` is dotted, with leading dots if relative, and `name` what is taken.
    """

    bound: Bound
    node: Node
    scope: int
    module: str = ""
    name: str = ""


class Use(NamedTuple):
    """An expression that is evaluated somewhere, its scope, and the node it stands in.

    The parent is NOTHING where the value goes where nobody can follow it; for the bases of
    a class it is a group whose text is the dotted name of the class.
    """

    node: Node
    scope: int
    parent: Node


class Scope:
    """A module, class or function while its names are collected; read-only afterwards.

    `receiver` is the class scope that the first parameter of a method stands for; `outer`
    are names declared `global` (true) or `nonlocal`. Code in what is `closed` does not see its
    names.
    """

    __slots__ = (
        "closed",
        "is_class",
        "is_decorated",
        "names",
        "outer",
        "parent",
        "receiver",
        "symbol",
    )

    def __init__(self, parent: int, symbol: str, *, is_class: bool) -> None:
        self.parent, self.symbol, self.is_class = parent, symbol, is_class
        self.names: dict[str, list[Binding]] = {}
        self.outer: dict[str, bool] = {}
        self.receiver = ("", -1)
        self.is_decorated = False
        self.closed = False


@dataclass(frozen=True, slots=True)
class Scopes:
    """The scopes of one file (0 is the module), its uses, and its star imports."""

    scopes: tuple[Scope, ...]
    uses: tuple[Use, ...]
    stars: tuple[Binding, ...]
    imports: tuple[tuple[Binding, int], ...]
    lambdas: Mapping[int, int]

    def home(self, scope: int, name: str) -> int | None:
        """The scope that `name`, used in `scope`, is bound in; None where none binds it."""
        current, first = scope, True
        while current >= 0:
            held = self.scopes[current]
            if name in held.names and (not held.closed if first else not held.is_class):
                return current
            current, first = held.parent, False
        return None
