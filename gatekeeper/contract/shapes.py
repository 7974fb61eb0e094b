"""What a type hint asks of YAML: the one description that the loader and the schema share."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import (
    Annotated,
    Any,
    Generic,
    NewType,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from gatekeeper.contract import scalars
from gatekeeper.contract.nodes import Node
from gatekeeper.contract.scalars import Scalar
from gatekeeper.terms import Glob, Minutes, ModuleName
from gatekeeper.value import MISSING, Field, dataclass, fields, is_dataclass

T = TypeVar("T")

RepositoryPath = NewType("RepositoryPath", str)
"""A file of the repository, relative to its root."""

Fingerprint = NewType("Fingerprint", str)
"""What identifies a finding: 16 hexadecimal digits."""

RULE_USE, RULE_DEFAULTS = "rule-use", "rule-defaults"

RuleUse = Annotated[Node, RULE_USE]
"""A rule at a clause, as a node: its name, or its name with options."""

RuleDefaults = Annotated[Node, RULE_DEFAULTS]
"""The options of rules, as a node."""


@dataclass(frozen=True, slots=True)
class Located(Generic[T]):
    """A value and where it stands."""

    value: T
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One word of an Enum's values."""

    enum: type[Enum]
    many = "words"

    @property
    def words(self) -> Mapping[str, object]:
        """The words, and the members they stand for."""
        return {str(member.value): member for member in self.enum}


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list, read as a tuple."""

    item: Shape
    many = "lists"


@dataclass(frozen=True, slots=True)
class MapOf:
    """A mapping from names to values of one kind."""

    value: Shape
    many = "mappings"


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a record: the field it fills, and what may stand there."""

    field: str
    shape: Shape
    required: bool
    says: str


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with keys of its own, read as a dataclass."""

    type: Callable[..., Any]
    keys: Mapping[str, Key]
    many = "mappings"


@dataclass(frozen=True, slots=True)
class At:
    """A value whose place is wanted: read as `Located`."""

    inner: Shape

    @property
    def many(self) -> str:
        """What several of them are called."""
        return self.inner.many


@dataclass(frozen=True, slots=True)
class Raw:
    """Something that is left as a node for its reader; `what` it is."""

    what: str
    many = "rules"


Shape = Scalar | Choice | ListOf | MapOf | Record | At | Raw

_SCALARS: Mapping[object, Scalar] = {
    str: scalars.TEXT,
    bool: scalars.TRUTH,
    int: scalars.WHOLE,
    Minutes: scalars.MINUTES,
    Decimal: scalars.NUMBER,
    date: scalars.DATE,
    Glob: scalars.PATTERN,
    ModuleName: scalars.MODULE,
    RepositoryPath: scalars.PATH,
    Fingerprint: scalars.FINGERPRINT,
}


class NotWritable(TypeError):
    """A type that nothing in YAML can be read as; the fault of the rule that uses it."""


def yaml_name(field: str) -> str:
    """A field's name as keys write it: `judged_by` is `judged-by`."""
    return field.replace("_", "-")


@lru_cache(maxsize=512)
def shape_of(hint: object) -> Shape:
    """The shape that values of the type `hint` are written in; raises NotWritable."""
    if hint in _SCALARS:
        return _SCALARS[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return Choice(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return _record(hint)
    return _generic(hint, get_origin(hint), get_args(hint))


def _generic(hint: object, origin: object, arguments: tuple[Any, ...]) -> Shape:
    if origin is tuple and arguments[1:] == (Ellipsis,):
        return ListOf(shape_of(arguments[0]))
    if origin is Mapping and arguments[0] is str:
        return MapOf(shape_of(arguments[1]))
    if origin is Annotated:
        return Raw(arguments[1])
    if origin is Located:
        return At(shape_of(arguments[0]))
    if origin in (Union, types.UnionType):
        given = [each for each in arguments if each is not type(None)]
        if len(given) == 1:
            return shape_of(given[0])
    raise NotWritable(f"{hint} cannot be written in YAML")


def record_of(cls: object) -> Record:
    """The keys that a dataclass is written with; raises NotWritable."""
    shape = shape_of(cls)
    if not isinstance(shape, Record):
        raise NotWritable(f"{cls} is no dataclass")
    return shape


def _record(cls: type[Any]) -> Record:
    try:
        hints = get_type_hints(cls, include_extras=True)
    except NameError as error:
        raise NotWritable(f"the types of {cls.__name__} are not known: {error}") from None
    return Record(cls, {yaml_name(each.name): _key(each, hints) for each in fields(cls)})


def _key(each: Field[Any], hints: Mapping[str, object]) -> Key:
    required = each.default is MISSING and each.default_factory is MISSING
    says = each.metadata.get("says", "")
    return Key(each.name, shape_of(hints[each.name]), required, says)
