"""What the functions give that import a module, or something in one, by a string."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gatekeeper.source.code_tree import Kind, Node
from gatekeeper.source.code_values import Values, union

RESOLVES = ("pkgutil.resolve_name", "pydoc.locate", "import_string")

Find = Callable[[str], Values]
"""What a dotted name of a module stands for."""


def imported(names: Iterable[str], packages: Iterable[str], find: Find) -> Values:
    """The modules of some names, also as those with a leading dot stand in some packages."""
    whole = tuple(names)
    inside = tuple(f"{above}{name}" for above in packages for name in whole if _is_near(name))
    return union(find(name) for name in (*whole, *inside) if name)


def resolved(names: Iterable[str], find: Find, take: Callable[[Values, str], Values]) -> Values:
    """`package.module:name`, a module, or `package.module.name`."""
    return union(_resolved(name, find, take) for name in names if name)


def _resolved(name: str, find: Find, take: Callable[[Values, str], Values]) -> Values:
    module, colon, inside = name.partition(":")
    if colon and inside:
        return take(find(module), inside)
    above, dot, last = module.rpartition(".")
    return find(module) | take(find(above), last) if dot and above else find(module)


def _is_near(name: str) -> bool:
    return name.startswith(".") and not name.startswith("..")


def argument(arguments: list[Node], place: int, name: str) -> Node | None:
    """The argument that stands at a place, or is given by its name."""
    for each in arguments:
        if each.kind is Kind.KEYWORD and each.text == name:
            return each
    held = arguments[place] if place < len(arguments) else None
    return None if held is None or held.kind is Kind.KEYWORD else held
