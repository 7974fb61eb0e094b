"""Frozen values as plain JSON data, and back: strictly, by the types of their fields."""

from __future__ import annotations

import types
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from gatekeeper.value import fields, is_dataclass

T = TypeVar("T")


def plain(value: Any) -> object:
    """Dataclasses, enums, mappings, tuples, bytes and scalars as JSON data; else TypeError."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Enum() | bytes():
            return value.name if isinstance(value, Enum) else value.hex()
        case Mapping():
            return [[plain(key), plain(each)] for key, each in value.items()]
        case frozenset():
            return [plain(each) for each in sorted(value)]
        case tuple():
            return [plain(each) for each in value]
    if not is_dataclass(value):
        raise TypeError(type(value).__name__)
    return [plain(getattr(value, each.name)) for each in fields(value)]


def made(kind: type[T], data: object) -> T:
    """The value of a type that `plain` made the data of; raises ValueError for any other data."""
    found = _made(kind, data)
    if not isinstance(found, kind):
        raise ValueError(f"{data!r} is no {kind}")
    return found


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
    elif kind is bytes and isinstance(data, str):
        return bytes.fromhex(data)
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
    if origin is tuple and inner[-1] is not Ellipsis:
        if len(inner) != len(data):
            raise ValueError(f"{data!r} is no {kind}")
        return tuple(_made(each, part) for each, part in zip(inner, data, strict=True))
    items = [_made(inner[0], each) for each in data]
    return frozenset(items) if origin is frozenset else tuple(items)


def _one_of(kinds: tuple[Any, ...], data: Any) -> Any:
    if data is None and type(None) in kinds:
        return None
    for kind in kinds:
        try:
            return _made(kind, data)
        except ValueError:
            continue
    raise ValueError(f"{data!r} is none of {kinds}")
