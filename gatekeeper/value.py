"""Frozen dataclasses that cost a tenth to define, for what is imported before every commit.

The standard library writes and compiles six methods for each frozen class, which takes most
of a millisecond, and importing it brings in the whole of `inspect`; a staged check defines a
hundred classes and makes few instances of most. Here the methods are closures. To all who
ask (a type checker, `dataclasses.fields`, `asdict`), the classes are dataclasses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from operator import attrgetter
from types import MemberDescriptorType

from gatekeeper import fields as own

# `typing` takes longer to import than all that a hook asks of it.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Content = Callable[[object], object]
Putting = Callable[[object, object], None]
Completing = Callable[[tuple[object, ...], Mapping[str, object]], Sequence[object]]

_set = object.__setattr__


def _dataclass(
    *, frozen: bool, slots: bool = False, eq: bool = True
) -> Callable[[type[Any]], type[Any]]:
    """`dataclasses.dataclass`, for frozen classes only."""
    if not frozen:
        raise TypeError("a class that is not frozen is one for the standard library")
    given = {**_GIVEN, **(_COMPARED if eq else {}), **(_PICKLED if slots else {})}

    def define(cls: type[Any]) -> type[Any]:
        said = own.said_in_body(cls)
        added = {name: each for name, each in given.items() if name not in vars(cls)}
        added[own.SAID] = said
        return _slotted(cls, said, added) if slots else _furnished(cls, said, added)

    return define


if TYPE_CHECKING:
    from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass, replace
else:
    from gatekeeper.fields import MISSING, Field, field, fields, is_dataclass, replace

    dataclass = _dataclass

__all__ = ["MISSING", "Field", "dataclass", "field", "fields", "is_dataclass", "replace"]


def _furnished(
    cls: type[Any], said: Mapping[str, object], added: Mapping[str, object]
) -> type[Any]:
    """The class itself; of fields that say more than a default, only that is left."""
    for name, each in said.items():
        if isinstance(each, own.Field):
            if each.default is own.MISSING:
                delattr(cls, name)
            else:
                setattr(cls, name, each.default)
    for name, method in added.items():
        setattr(cls, name, method)
    return cls


def _slotted(cls: type[Any], said: Iterable[str], added: Mapping[str, object]) -> type[Any]:
    """The class made again with slots, which a class can only be born with."""
    taken = {name for base in cls.__mro__[1:] for name in vars(base).get("__slots__", ())}
    left_out = {"__dict__", "__weakref__", *said}
    body = {name: each for name, each in vars(cls).items() if name not in left_out}
    body |= added
    body["__slots__"] = tuple(name for name in said if name not in taken)
    kind: Any = type(cls)
    made: type[Any] = kind(cls.__name__, cls.__bases__, body)
    made.__qualname__ = cls.__qualname__
    return made


class _Once:
    """What is known of a class, found out when somebody first asks."""

    def __init__(self, name: str, find: Callable[[type[Any]], object]) -> None:
        self._name = name
        self._find = find

    def __get__(self, _instance: object, cls: type[Any]) -> object:
        found = self._find(cls)
        setattr(cls, self._name, found)
        return found


def _init(self: Any, *args: object, **named: object) -> None:
    """The first instance of a class finds out how they are made; the others just are."""
    cls = next(base for base in self.__class__.__mro__ if vars(base).get("__init__") is _init)
    cls.__init__ = _making(cls)
    cls.__init__(self, *args, **named)


def _making(cls: type[Any]) -> Callable[..., None]:
    # What can be given without its name stands first, whatever order it was declared in.
    fields = sorted(own.fields(cls), key=lambda each: not each.is_positional)
    put = tuple(_putting(cls, each.name) for each in fields)
    count = len(fields) if all(each.is_positional for each in fields) else -1
    completed = _completing(cls.__name__, fields)
    is_checked = hasattr(cls, "__post_init__")

    def init(self: Any, *args: object, **named: object) -> None:
        given = completed(args, named) if named or len(args) != count else args
        for place, value in zip(put, given, strict=True):
            place(self, value)
        if is_checked:
            self.__post_init__()

    return init


def _putting(cls: type[Any], name: str) -> Putting:
    """What gives a field its value: the slot itself is quicker than the attribute's name."""
    slot = getattr(cls, name, None)
    if isinstance(slot, MemberDescriptorType):
        return slot.__set__
    return lambda self, value: _set(self, name, value)


def _completing(called: str, fields: Sequence[own.Field]) -> Completing:
    """What makes of the values given those of all fields; raises TypeError."""
    most = sum(each.is_positional for each in fields)
    at = {each.name: n for n, each in enumerate(fields) if each.init}
    defaults = tuple(each.default for each in fields)
    made = tuple(
        (n, _maker(called, fields[n])) for n, each in enumerate(defaults) if each is own.MISSING
    )

    def completed(args: tuple[object, ...], named: Mapping[str, object]) -> Sequence[object]:
        given = [*args, *defaults[len(args) :]]
        if len(args) > most or any(at.get(name, -1) < len(args) for name in named):
            raise TypeError(f"{called}() cannot be made of {len(args)} values and {list(named)}")
        for name, value in named.items():
            given[at[name]] = value
        for n, make in made:
            if given[n] is own.MISSING:
                given[n] = make()
        return given

    return completed


def _maker(called: str, field: own.Field) -> Callable[[], object]:
    """What makes the value of a field that is not given; raises TypeError where it must be."""

    def nothing() -> object:
        raise TypeError(f"{called}() cannot be made without {field.name!r}")

    factory: Any = field.default_factory
    made: Callable[[], object] = nothing if factory is own.MISSING else factory
    return made


def _match_args(cls: type[Any]) -> tuple[str, ...]:
    return tuple(each.name for each in own.fields(cls) if each.is_positional)


def _compared(cls: type[Any]) -> Content:
    return _content(each.name for each in own.fields(cls) if each.compare)


def _hashed(cls: type[Any]) -> Content:
    return _content(each.name for each in own.fields(cls) if each.is_hashed)


def _content(names: Iterable[str]) -> Content:
    of = tuple(names)
    return attrgetter(*of) if of else lambda _: ()


def _equal(self: Any, other: Any) -> object:
    if other.__class__ is not self.__class__:
        return NotImplemented
    content = self.__class__.__value_compared__
    same: bool = content(self) == content(other)
    return same


def _hash(self: Any) -> int:
    return hash(self.__class__.__value_hashed__(self))


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


def _twins(name: str, cls: type[Any]) -> object:
    """What a standard dataclass with the same fields keeps under this name."""
    from dataclasses import make_dataclass

    declared = [(each.name, each.type, each.standard()) for each in own.fields(cls)]
    twin = make_dataclass(cls.__name__, declared, repr=False, eq=False, frozen=True)
    return getattr(twin, name)


_FACTS: Mapping[str, Callable[[type[Any]], object]] = {
    own.OWN: own.gathered,
    "__match_args__": _match_args,
    **{name: partial(_twins, name) for name in own.STANDARD},
}
_GIVEN: Mapping[str, object] = {
    **{name: _Once(name, find) for name, find in _FACTS.items()},
    "__init__": _init,
    "__repr__": _repr,
    "__setattr__": _refuse_to_set,
    "__delattr__": _refuse_to_delete,
    "__replace__": own.replace,
}
_COMPARED: Mapping[str, object] = {
    "__value_compared__": _Once("__value_compared__", _compared),
    "__value_hashed__": _Once("__value_hashed__", _hashed),
    "__eq__": _equal,
    "__hash__": _hash,
}
_PICKLED: Mapping[str, object] = {"__getstate__": _state, "__setstate__": _restore}
