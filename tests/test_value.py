"""Value classes behave as frozen dataclasses of the standard library do."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import dataclass as standard
from dataclasses import field as standard_field
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar

import pytest

from gatekeeper import Stricter, option
from gatekeeper.value import dataclass as quick
from gatekeeper.value import field, fields, is_dataclass, replace

T = TypeVar("T")


@quick(frozen=True, slots=True)
class Quick:
    """Every kind of field."""

    kind: ClassVar[str] = "kind"
    a: int
    b: str = "b"
    c: tuple[int, ...] = field(default_factory=tuple)
    d: list[int] = field(default_factory=list, init=False, repr=False, compare=False, hash=False)
    e: int = field(default=5, init=False)
    f: str = field(default="f", kw_only=True)

    def __post_init__(self) -> None:
        if self.a < 0:
            raise ValueError("negative")


@standard(frozen=True, slots=True)
class Standard:
    """The same."""

    kind: ClassVar[str] = "kind"
    a: int
    b: str = "b"
    c: tuple[int, ...] = standard_field(default_factory=tuple)
    d: list[int] = standard_field(
        default_factory=list, init=False, repr=False, compare=False, hash=False
    )
    e: int = standard_field(default=5, init=False)
    f: str = standard_field(default="f", kw_only=True)

    def __post_init__(self) -> None:
        if self.a < 0:
            raise ValueError("negative")


@quick(frozen=True, slots=True)
class Nothing:
    """No field at all."""


@quick(frozen=True, eq=False)
class Identity:
    """Equal to itself alone."""

    a: int = 1


def _told(act: Callable[[], object]) -> object:
    try:
        return act()
    except (TypeError, ValueError, AttributeError) as error:
        return type(error)


def _set(made: Any, name: str) -> None:
    setattr(made, name, 9)


@quick(frozen=True)
class Open(Generic[T]):
    """A base without slots, of a type that it leaves open."""

    a: T
    b: int = 2
    c: int = field(default=3, compare=False)

    @cached_property
    def twice(self) -> tuple[T, T]:
        return self.a, self.a


@quick(frozen=True, slots=True)
class More(Quick):
    """A class made from another one, with a default of its own."""

    b: str = "more"
    g: int = 7


@standard(frozen=True, slots=True)
class StandardMore(Standard):
    """The same."""

    b: str = "more"
    g: int = 7


BOTH = [
    pytest.param(lambda cls: dataclasses.astuple(cls(1)), id="defaults stand in"),
    pytest.param(lambda cls: dataclasses.astuple(cls(1, "x", (2,), f="y")), id="all are given"),
    pytest.param(lambda cls: dataclasses.astuple(cls(c=(1,), a=2)), id="given by name"),
    pytest.param(lambda cls: cls(), id="one is missing"),
    pytest.param(lambda cls: cls(1, "b", (), [], 5, "f"), id="too many are given"),
    pytest.param(lambda cls: cls(1, g=2), id="an unknown one is given"),
    pytest.param(lambda cls: cls(1, a=2), id="one is given twice"),
    pytest.param(lambda cls: cls(-1), id="what comes after it refuses"),
    pytest.param(lambda cls: _set(cls(1), "a"), id="a field is set"),
    pytest.param(lambda cls: delattr(cls(1), "a"), id="a field is deleted"),
    pytest.param(lambda cls: cls(1).d is cls(1).d, id="a factory makes one for each"),
    pytest.param(lambda cls: cls(1) == cls(1), id="equal"),
    pytest.param(lambda cls: cls(1) == cls(2), id="not equal"),
    pytest.param(lambda cls: cls(1) == (1, "b", (), 5, "f"), id="not equal to a tuple"),
    pytest.param(lambda cls: hash(cls(1)), id="hash"),
    pytest.param(lambda cls: repr(cls(1)).partition("(")[2], id="shown"),
    pytest.param(lambda cls: [f.name for f in dataclasses.fields(cls)], id="its fields"),
    pytest.param(lambda cls: cls.__match_args__, id="matching"),
    pytest.param(lambda cls: cls.__slots__, id="slots"),
    pytest.param(lambda cls: hasattr(cls(1), "__dict__"), id="no dictionary"),
    pytest.param(lambda cls: dataclasses.replace(cls(1), b="c").b, id="replaced"),
    pytest.param(lambda cls: dataclasses.replace(cls(1), e=2), id="what cannot be replaced"),
    pytest.param(lambda cls: pickle.loads(pickle.dumps(cls(1))) == cls(1), id="pickled"),
    pytest.param(lambda cls: copy.deepcopy(cls(1)) == cls(1), id="copied"),
    pytest.param(lambda cls: copy.deepcopy(cls(1)).e, id="copied with what is not given"),
]


@pytest.mark.parametrize("act", BOTH)
def test_it_does_what_the_standard_library_does(act: Callable[[type[Any]], object]) -> None:
    assert _told(lambda: act(Standard)) == _told(lambda: act(Quick))


def test_classes_without_fields_are_equal_when_they_are_of_one_class() -> None:
    assert Nothing() == Nothing()


def test_where_equality_is_not_wanted_each_instance_is_its_own() -> None:
    assert Identity() != Identity()


def test_a_class_of_the_standard_library_is_never_equal() -> None:
    made: object = Standard(1)

    assert made != Quick(1)


def test_only_frozen_classes_are_made_so() -> None:
    with pytest.raises(TypeError, match="not frozen"):
        quick(frozen=False)


INHERITED = [
    pytest.param(lambda cls: dataclasses.astuple(cls(1)), id="a default is another one"),
    pytest.param(lambda cls: dataclasses.astuple(cls(1, "x", (2,), 8)), id="its own come last"),
    pytest.param(lambda cls: cls(-1), id="what comes after it is inherited"),
    pytest.param(lambda cls: cls.__slots__, id="slots of its own only"),
    pytest.param(lambda cls: cls.__match_args__, id="matching"),
    pytest.param(lambda cls: hasattr(cls(1), "__dict__"), id="no dictionary"),
    pytest.param(lambda cls: copy.deepcopy(cls(1)) == cls(1), id="copied"),
    pytest.param(lambda cls: repr(cls(1)).partition("(")[2], id="shown"),
]


@pytest.mark.parametrize("act", INHERITED)
def test_what_is_inherited_is_what_the_standard_library_has_inherited(
    act: Callable[[type[Any]], object],
) -> None:
    assert _told(lambda: act(StandardMore)) == _told(lambda: act(More))


def test_a_class_without_slots_holds_its_fields_and_what_it_finds_out_once() -> None:
    made = Open("x")

    assert (("x", "x"), {"a": "x", "b": 2, "c": 3, "twice": ("x", "x")}, 2, 3) == (
        made.twice,
        vars(made),
        Open.b,
        Open.c,
    )


def test_a_field_that_is_not_compared_counts_neither_in_equality_nor_in_the_hash() -> None:
    assert (Open(1, c=4), hash(Open(1, c=4))) == (Open(1, c=5), hash(Open(1, c=5)))


SAID = ("name", "init", "repr", "compare", "hash", "kw_only", "metadata")


@pytest.mark.parametrize("cls", [Quick, Standard, More, Open(1)])
def test_its_own_fields_are_those_of_the_standard_library(cls: Any) -> None:
    ours = [[getattr(each, name) for name in SAID] for each in fields(cls)]
    standards = [[getattr(each, name) for name in SAID] for each in dataclasses.fields(cls)]

    assert standards == ours


@pytest.mark.parametrize("cls", [Quick, Standard, More])
def test_a_value_with_a_field_replaced_is_another_one(cls: type[Any]) -> None:
    assert cls(1, "c", f="g") == replace(cls(1, f="g"), b="c")


@pytest.mark.parametrize("changes", [{"e": 2}, {"unknown": 1}])
def test_what_is_no_field_of_the_caller_is_not_replaced(changes: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=r"Quick\(\) cannot be made"):
        replace(Quick(1), **changes)


@pytest.mark.parametrize(
    ("of", "expected"),
    [(Quick, True), (Quick(1), True), (Standard, True), (Standard(1), True), (1, False)],
)
def test_classes_with_fields_are_known(of: object, expected: bool) -> None:
    assert (expected, expected) == (is_dataclass(of), dataclasses.is_dataclass(of))


def test_what_has_no_fields_is_told() -> None:
    fields_of: Callable[[Any], object] = fields

    with pytest.raises(TypeError, match="int has no fields"):
        fields_of(1)


def test_a_field_of_the_standard_library_is_taken_as_one() -> None:
    @quick(frozen=True, slots=True)
    class Mixed:
        a: list[int] = standard_field(default_factory=list, repr=False)

    assert ([], "a", False) == (Mixed().a, fields(Mixed)[0].name, fields(Mixed)[0].repr)


def test_a_standard_dataclass_does_not_take_an_option_for_its_default() -> None:
    class Options:
        a: int = option(1, stricter=Stricter.MORE)

    with pytest.raises(ValueError, match="mutable default"):
        standard(frozen=True)(Options)


def test_what_all_instances_would_share_is_no_default() -> None:
    shared = type("Shared", (), {"__annotations__": {"a": "list[int]"}, "a": []})

    with pytest.raises(TypeError, match=r"Shared\.a"):
        quick(frozen=True)(shared)


@pytest.mark.parametrize("kind", ["InitVar[int]", "dataclasses.KW_ONLY"])
def test_what_is_no_field_is_left_to_the_standard_library(kind: str) -> None:
    made = type("Made", (), {"__annotations__": {"a": kind}})

    with pytest.raises(TypeError, match=r"Made\.a"):
        quick(frozen=True)(made)


def test_what_a_field_does_not_have_is_not_said_of_it() -> None:
    made: Callable[..., object] = field

    with pytest.raises(TypeError, match="strict"):
        made(strict=True)


@quick(frozen=True, slots=True)
class Spelled:
    """One that is made in a way of its own."""

    a: int
    b: int

    def __init__(self, text: str) -> None:
        object.__setattr__(self, "a", int(text))
        object.__setattr__(self, "b", 0)


class Named(Quick):
    """A class without fields of its own, which is no dataclass itself."""

    __slots__ = ()

    def __post_init__(self) -> None:
        if self.a > 5:
            raise ValueError("large")


def test_what_a_class_defines_itself_is_left_alone() -> None:
    assert (3, 0) == dataclasses.astuple(Spelled("3"))


def test_a_plain_subclass_is_made_as_its_base_is() -> None:
    assert (1, "b", "Named") == (Named(1).a, Named(1).b, repr(Named(1)).partition("(")[0])
    with pytest.raises(ValueError, match="large"):
        Named(6)


def test_fields_that_need_their_names_may_stand_anywhere() -> None:
    @quick(frozen=True, slots=True)
    class Mixed:
        a: int = field(kw_only=True)
        b: int
        c: int = field(default=3, kw_only=True)
        d: int = 4

    made = Mixed(2, a=1)

    assert ((1, 2, 3, 4), ("b", "d")) == (dataclasses.astuple(made), Mixed.__match_args__)
