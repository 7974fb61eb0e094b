"""Values of readings as plain JSON data, and back: strictly, by the types of their fields."""

from __future__ import annotations

import types
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from gatekeeper.reading.build import Built
from gatekeeper.reading.coverage import Coverage
from gatekeeper.reading.lint import Linted
from gatekeeper.reading.tests import TestRun
from gatekeeper.value import fields, is_dataclass

_KINDS: Mapping[str, type] = {kind.__name__: kind for kind in (Built, Coverage, Linted, TestRun)}


def packed(value: object) -> object:
    """The value as plain data, with its kind; raises TypeError for what is no reading."""
    if _KINDS.get(type(value).__name__) is not type(value):
        raise TypeError(type(value).__name__)
    return [type(value).__name__, _plain(value)]


def unpacked(data: object) -> object:
    """The value that `packed` made the data of; raises ValueError for any other data."""
    match data:
        case [str(name), body] if name in _KINDS:
            return _made(_KINDS[name], body)
    raise ValueError("no reading")


def _plain(value: Any) -> object:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Enum():
            return value.name
        case Mapping():
            return [[_plain(key), _plain(each)] for key, each in value.items()]
        case frozenset():
            return [_plain(each) for each in sorted(value)]
        case tuple():
            return [_plain(each) for each in value]
    if not is_dataclass(value):
        raise TypeError(type(value).__name__)
    return [_plain(getattr(value, each.name)) for each in fields(value)]


@cache
def _types(kind: type) -> tuple[Any, ...]:
    hints = get_type_hints(kind)
    return tuple(hints[each.name] for each in fields(kind))


def _made(kind: Any, data: Any) -> Any:
    """The value of a type, or ValueError."""
    if get_origin(kind) is not None:
        return _composed(kind, data)
    if isinstance(kind, type) and issubclass(kind, Enum):
        if data in kind.__members__:
            return kind[data]
    elif isinstance(kind, type) and is_dataclass(kind):
        wanted = _types(kind)
        if isinstance(data, list) and len(data) == len(wanted):
            return kind(*(_made(each, part) for each, part in zip(wanted, data, strict=True)))
    elif type(data) is kind or (kind is float and type(data) is int):
        return data
    raise ValueError(f"{data!r} is no {kind}")


def _composed(kind: Any, data: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _one_of(inner, data)
    if not isinstance(data, list):
        raise ValueError(f"{data!r} is no {kind}")
    if issubclass(origin, Mapping):
        pairs = [(_made(inner[0], key), _made(inner[1], each)) for key, each in data]
        return dict(pairs)
    made = [_made(inner[0], each) for each in data]
    return frozenset(made) if origin is frozenset else tuple(made)


def _one_of(kinds: tuple[Any, ...], data: Any) -> Any:
    if data is None and type(None) in kinds:
        return None
    for kind in kinds:
        try:
            return _made(kind, data)
        except ValueError:
            continue
    raise ValueError(f"{data!r} is none of {kinds}")
