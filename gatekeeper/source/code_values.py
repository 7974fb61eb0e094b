"""What an expression can stand for, as far as it can be told without running it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from itertools import product
from typing import NamedTuple


class Sort(Enum):
    """What kind of thing a value is; behind it what `text`, `scope` and `of` hold."""

    EXTERNAL = "something of a module outside the repository"  # dotted path, `()` for a call
    MODULE = "a module of the repository"  # file, or folder of a package
    CLASS = "a class of the repository"  # file, its scope
    FUNCTION = "a function of the repository"  # file, its scope
    METHOD = "a method of a string or of the names of a module"  # its name, and whose in `of`
    GETTER = "operator.attrgetter"  # the dotted name that it gets
    INSTANCE = "an instance of a class of the repository"  # file, scope of the class
    NAMESPACE = "the names of a module"  # the module in `of`
    TEXT = "a string"  # the string
    NUMBER = "a number"  # in decimal
    UNKNOWN = "something that only running can tell"

    # Values are kept in sets: the hash that an enumeration has is a function of Python's.
    __hash__ = object.__hash__


class Value(NamedTuple):
    """One thing that an expression can stand for."""

    sort: Sort
    text: str = ""
    scope: int = 0
    of: Value | None = None


Values = frozenset[Value]

UNKNOWN = Value(Sort.UNKNOWN)
NOT_KNOWN: Values = frozenset({UNKNOWN})
NONE: Values = frozenset()

_MOST = 32
_FAR = 6
_BETWEEN = "…"
_LONGEST = 2_000


def external(path: str) -> Value:
    """Something outside the repository, by its dotted path.

    Of a long path only both ends are kept, and of calls of calls one: code that walks
    through an unknown object in a circle would make more and more of them.
    """
    if path.endswith("()()()"):
        path = path[:-2]
    if path.count(".") > _FAR:
        path = f"{path.partition('.')[0]}.{_BETWEEN}.{path.rpartition('.')[2]}"
    return Value(Sort.EXTERNAL, path)


def text(value: str) -> Value:
    """A string; one that grows too long is not followed."""
    return Value(Sort.TEXT, value) if len(value) <= _LONGEST else UNKNOWN


def bounded(values: Iterable[Value]) -> Values:
    """The values, or as many as are followed; then also one that is not known."""
    held = frozenset(values)
    if len(held) <= _MOST:
        return held
    first = sorted(held, key=lambda each: (each.sort.name, each.text, each.scope))
    return frozenset({*first[:_MOST], UNKNOWN})


def union(options: Iterable[Values]) -> Values:
    """Whatever one of several expressions can stand for."""
    return frozenset().union(*options)


def is_said(values: Iterable[Value]) -> bool:
    """Whether these are strings and numbers, and there is one."""
    held = tuple(values)
    return bool(held) and all(each.sort in (Sort.TEXT, Sort.NUMBER) for each in held)


def character(value: Value) -> Value:
    """What `chr` makes of a value."""
    try:
        return text(chr(int(value.text))) if value.sort is Sort.NUMBER else UNKNOWN
    except (ValueError, OverflowError):
        return UNKNOWN


def choices(*options: Values) -> Iterable[tuple[Value, ...]]:
    """Every combination, one value of each; none where there would be too many."""
    count = 1
    for each in options:
        count *= len(each)
    return product(*options) if count <= _MOST else ()


def combined(operator: str, left: Value, right: Value) -> Value:
    """What a binary operation on constants makes."""
    if left.sort is Sort.TEXT and right.sort is Sort.TEXT:
        if operator == "+":
            return text(left.text + right.text)
        if operator == "%" and left.text.count("%") == 1:
            return text(left.text.replace("%s", right.text))
    if left.sort is Sort.TEXT and right.sort is Sort.NUMBER and operator == "*":
        times = int(right.text)
        return text(left.text * times) if times * len(left.text) <= _LONGEST else UNKNOWN
    return UNKNOWN


def sliced(value: str, bounds: list[int | None]) -> Value:
    """`value[start:stop:step]`, or `value[index]` for a single number."""
    try:
        if len(bounds) == 1:
            return text(value[bounds[0] or 0])
        return text(value[slice(*bounds)])
    except (IndexError, ValueError):
        return UNKNOWN


def said(method: str, value: str, given: tuple[str, ...]) -> Value:
    """What a method of a string gives on constant arguments."""
    plain = _PLAIN.get(method)
    if plain is not None and not given:
        return text(plain(value))
    if method == "replace" and len(given) == _PAIR:
        return text(value.replace(given[0], given[1])) if given[0] else UNKNOWN
    if method in ("removeprefix", "removesuffix") and len(given) == 1:
        return text(getattr(value, method)(given[0]))
    if method == "format" and "{" in value:
        return _formatted(value, given)
    return UNKNOWN


_PAIR = 2
_PLAIN: Mapping[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "title": str.title,
    "capitalize": str.capitalize,
    "swapcase": str.swapcase,
    "casefold": str.casefold,
    "strip": str.strip,
    "lstrip": str.lstrip,
    "rstrip": str.rstrip,
    "encode": str,
    "decode": str,
    "__str__": str,
}


def _formatted(value: str, given: tuple[str, ...]) -> Value:
    for number, each in enumerate(given):
        value = value.replace("{}", each, 1).replace(f"{{{number}}}", each)
    return UNKNOWN if "{" in value else text(value)


def called(function: str, given: tuple[str, ...]) -> Value:
    """What a function of the standard library makes of constant strings."""
    if len(given) != 1:
        return UNKNOWN
    try:
        if function in ("builtins.str", "builtins.reversed"):
            return text(given[0][::-1] if function.endswith("reversed") else given[0])
        if function == "base64.b64decode":
            return text(base64.b64decode(given[0]).decode())
        if function in ("builtins.bytes.fromhex", "binascii.unhexlify"):
            return text(bytes.fromhex(given[0]).decode())
    except (ValueError, binascii.Error):
        return UNKNOWN
    return UNKNOWN
