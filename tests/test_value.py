"""Value classes behave as frozen dataclasses of the standard library do."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import dataclass as standard
from dataclasses import field
from typing import Any, ClassVar

import pytest

from gatekeeper.value import dataclass as quick


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
    c: tuple[int, ...] = field(default_factory=tuple)
    d: list[int] = field(default_factory=list, init=False, repr=False, compare=False, hash=False)
    e: int = field(default=5, init=False)
    f: str = field(default="f", kw_only=True)

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


@pytest.mark.parametrize(
    "act",
    [
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
    ],
)
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
