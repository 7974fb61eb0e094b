"""The fields of value classes: `field`, `fields` and `replace` without `dataclasses`' imports."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType, SimpleNamespace

# `typing` takes longer to import than all that a hook asks of it.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final

SAID = "__value_said__"
OWN = "__value_fields__"
STANDARD = ("__dataclass_fields__", "__dataclass_params__")

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
_FOREIGN = ("InitVar", "KW_ONLY")


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()


class Field(SimpleNamespace):
    """What is said of one field; the names and their meanings are the standard library's.

    It has no hash, so a standard dataclass, which would take it for a default, refuses it.
    """

    name = ""
    type: object = None
    default: Any = MISSING
    default_factory: Any = MISSING
    init = True
    repr = True
    compare = True
    hash: bool | None = None
    metadata = _NOTHING
    kw_only = False

    @property
    def is_hashed(self) -> bool:
        """Whether it counts in the hash."""
        return self.compare if self.hash is None else self.hash

    @property
    def is_positional(self) -> bool:
        """Whether its value can be given without its name."""
        return self.init and not self.kw_only

    def standard(self) -> Any:
        """The same as a field of the standard library."""
        from dataclasses import field as standard_field

        said = {name: getattr(self, name) for name in _SETTINGS}
        given = {name: each for name, each in said.items() if each is not MISSING}
        return standard_field(**given)


_SETTINGS = frozenset(
    ("default", "default_factory", "init", "repr", "compare", "hash", "metadata", "kw_only")
)


def field(**given: Any) -> Any:
    """`dataclasses.field`, for classes made with `gatekeeper.value.dataclass`."""
    if unknown := given.keys() - _SETTINGS:
        raise TypeError(f"a field has no {' or '.join(sorted(unknown))}")
    return Field(**given)


def fields(of: object) -> tuple[Field, ...]:
    """The fields of a class or an instance in order, also of a standard dataclass."""
    cls = of if isinstance(of, type) else type(of)
    if not is_dataclass(cls):
        raise TypeError(f"{cls.__name__} has no fields")
    found: tuple[Field, ...] = getattr(cls, OWN) if hasattr(cls, OWN) else gathered(cls)
    return found


def is_dataclass(of: object) -> bool:
    """Whether this is a class with fields, or an instance of one; also a standard one."""
    # Asked in this order: a value class answers the second question by importing much.
    return hasattr(of, SAID) or hasattr(of, STANDARD[0])


def replace(of: Any, /, **changes: object) -> Any:
    """The same value with some fields changed; raises TypeError for what is no field."""
    kept = {each.name: getattr(of, each.name) for each in fields(of) if each.init}
    return type(of)(**{**kept, **changes})


def said_in_body(cls: type) -> Mapping[str, object]:
    """What the body of a class says of each of its fields: a `Field`, a default or MISSING."""
    said = {}
    for name, kind in vars(cls).get("__annotations__", {}).items():
        word = str(kind).removeprefix("typing.").removeprefix("dataclasses.")
        if word.startswith("ClassVar"):
            continue
        given = vars(cls).get(name, MISSING)
        if type(given).__module__ == "dataclasses":
            given = _adopted(given)
        said[name] = given
        shared = given.__class__.__hash__ is None and not isinstance(given, Field)
        if shared or word.startswith(_FOREIGN):
            raise TypeError(f"{cls.__name__}.{name} is for a dataclass of the standard library")
    return said


def gathered(cls: type) -> tuple[Field, ...]:
    """The fields of a class: those it inherits, then its own; one said anew keeps its place."""
    found: dict[str, Field] = {}
    for base in reversed(cls.__mro__):
        if SAID in vars(base):
            for name, each in vars(base)[SAID].items():
                found[name] = _made(name, vars(base)["__annotations__"][name], each)
        elif STANDARD[0] in vars(base):
            from dataclasses import fields as standard_fields

            found |= {each.name: _adopted(each) for each in standard_fields(base)}
    return tuple(found.values())


def _made(name: str, kind: object, given: object) -> Field:
    made = given if isinstance(given, Field) else Field(default=given)
    made.name, made.type = name, kind
    return made


def _adopted(standard: Any) -> Field:
    """A field of the standard library as one of ours."""
    from dataclasses import MISSING as STANDARD_MISSING

    said = {name: getattr(standard, name) for name in _SETTINGS}
    made = Field(**{name: each for name, each in said.items() if each is not STANDARD_MISSING})
    made.name, made.type = standard.name, standard.type
    return made
