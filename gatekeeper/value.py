"""Frozen dataclasses that cost a tenth to define, for what is imported before every commit.

The standard library writes and compiles six methods for each frozen class, which takes most
of a millisecond, and importing it brings in the whole of `inspect`; a staged check defines a
hundred classes and makes few instances of most. Here the methods are closures. To all who
ask (a type checker, `dataclasses.fields`, `asdict`), the classes are dataclasses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from gatekeeper import fields as own

Fields = tuple[own.Field, ...]

_set = object.__setattr__


def _dataclass(
    *, frozen: bool, slots: bool = False, eq: bool = True
) -> Callable[[type[Any]], type[Any]]:
    """`dataclasses.dataclass`, for frozen classes only."""
    if not frozen:
        raise TypeError("a class that is not frozen is one for the standard library")

    def define(cls: type[Any]) -> type[Any]:
        fields = _all_fields(cls, tuple(own.fields_of_body(cls)))
        made = _slotted(cls, fields) if slots else _with_defaults(cls, fields)
        setattr(made, own.OWN, fields)
        for name, method in _methods(made, fields, slots=slots, eq=eq):
            if name not in vars(cls):
                setattr(made, name, method)
        for name in own.STANDARD:
            setattr(made, name, _Standard(name))
        return made

    return define


if TYPE_CHECKING:
    from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass, replace
else:
    from gatekeeper.fields import MISSING, Field, field, fields, is_dataclass, replace

    dataclass = _dataclass

__all__ = ["MISSING", "Field", "dataclass", "field", "fields", "is_dataclass", "replace"]


def _all_fields(cls: type[Any], declared: Fields) -> Fields:
    """Those of the classes it is made from, then its own; one declared anew keeps its place."""
    found = {}
    for base in reversed(cls.__mro__[1:]):
        if own.is_dataclass(base):
            found.update({each.name: each for each in own.declared(base)})
    return tuple((found | {each.name: each for each in declared}).values())


def _with_defaults(cls: type[Any], fields: Fields) -> type[Any]:
    """A class whose attributes are the defaults that its fields were declared with."""
    for each in fields:
        if isinstance(vars(cls).get(each.name), own.Field):
            if each.default is own.MISSING:
                delattr(cls, each.name)
            else:
                setattr(cls, each.name, each.default)
    return cls


def _slotted(cls: type[Any], fields: Fields) -> type[Any]:
    """The class made again with slots, which a class can only be born with."""
    names = tuple(each.name for each in fields)
    taken = {name for base in cls.__mro__[1:] for name in vars(base).get("__slots__", ())}
    left_out = {"__dict__", "__weakref__", *names}
    body = {name: each for name, each in vars(cls).items() if name not in left_out}
    body["__slots__"] = tuple(name for name in names if name not in taken)
    kind: Any = type(cls)
    made: type[Any] = kind(cls.__name__, cls.__bases__, body)
    made.__qualname__ = cls.__qualname__
    return made


def _methods(
    made: type[Any], fields: Fields, *, slots: bool, eq: bool
) -> Iterator[tuple[str, object]]:
    yield "__init__", _init(made, fields, slots=slots)
    yield "__repr__", _repr
    yield "__setattr__", _refuse_to_set
    yield "__delattr__", _refuse_to_delete
    yield "__replace__", own.replace
    yield "__match_args__", tuple(each.name for each in fields if each.is_positional)
    if eq:
        content = _content(each.name for each in fields if each.compare)
        hashed = _content(each.name for each in fields if each.is_hashed)
        yield "__eq__", _equality(content)
        yield "__hash__", lambda self: hash(hashed(self))
    if slots:
        yield "__getstate__", _state
        yield "__setstate__", _restore


def _init(made: type[Any], fields: Fields, *, slots: bool) -> Callable[..., None]:
    place = tuple(_placing(made, each.name, slots=slots) for each in fields)
    count = len(fields) if all(each.is_positional for each in fields) else -1
    completed = _completing(made.__name__, fields)
    after: Callable[[object], None] | None = getattr(made, "__post_init__", None)

    def init(self: object, *args: object, **named: object) -> None:
        given = completed(args, named) if named or len(args) != count else args
        for put, value in zip(place, given, strict=True):
            put(self, value)
        if after is not None:
            after(self)

    return init


def _placing(made: type[Any], name: str, *, slots: bool) -> Callable[[object, object], None]:
    """What gives a field its value: the slot itself is quicker than the attribute's name."""
    if slots:
        slot: Callable[[object, object], None] = getattr(made, name).__set__
        return slot
    return lambda self, value: _set(self, name, value)


def _completing(
    called: str, fields: Fields
) -> Callable[[tuple[object, ...], Mapping[str, object]], Iterator[object]]:
    """What makes of the values given those of all fields in order; raises TypeError."""
    names = tuple(each.name for each in fields if each.is_positional)
    accepted = frozenset(each.name for each in fields if each.init)
    made = tuple((each.name, _default(called, each)) for each in fields)

    def completed(args: tuple[object, ...], named: Mapping[str, object]) -> Iterator[object]:
        given = dict(zip(names, args, strict=False))
        if len(args) > len(names) or not accepted >= named.keys() or given.keys() & named.keys():
            raise TypeError(f"{called}() cannot be made of {len(args)} values and {list(named)}")
        given.update(named)
        return (given[name] if name in given else default() for name, default in made)

    return completed


def _default(called: str, field: own.Field) -> Callable[[], object]:
    """What gives the value of a field that is not given; raises TypeError where it must be."""
    value = field.default

    def nothing() -> object:
        raise TypeError(f"{called}() cannot be made without {field.name!r}")

    if field.default_factory is not own.MISSING:
        factory: Callable[[], object] = field.default_factory
        return factory
    return nothing if value is own.MISSING else lambda: value


def _content(names: Iterable[str]) -> Callable[[object], object]:
    of = tuple(names)
    return attrgetter(*of) if of else lambda _: ()


def _equality(content: Callable[[object], object]) -> Callable[[object, object], object]:
    def equal(self: object, other: object) -> object:
        same_class = other.__class__ is self.__class__
        return content(self) == content(other) if same_class else NotImplemented

    return equal


def _repr(self: object) -> str:
    shown = (f"{each.name}={getattr(self, each.name)!r}" for each in own.fields(self) if each.repr)
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _refuse_to_set(self: object, name: str, _value: object) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r} of {self!r}")


def _refuse_to_delete(self: object, name: str) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot delete field {name!r} of {self!r}")


def _state(self: object) -> Mapping[str, object]:
    return {each.name: getattr(self, each.name) for each in own.fields(self)}


def _restore(self: object, state: Mapping[str, object]) -> None:
    for name, value in state.items():
        _set(self, name, value)


class _Standard:
    """What the standard library keeps with its dataclasses, made when somebody asks for it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, _instance: object, cls: type[Any]) -> object:
        from dataclasses import make_dataclass

        declared = [(each.name, each.type, each.standard()) for each in own.declared(cls)]
        twin = make_dataclass(cls.__name__, declared, repr=False, eq=False, frozen=True)
        for name in own.STANDARD:
            setattr(cls, name, getattr(twin, name))
        return getattr(twin, self._name)
