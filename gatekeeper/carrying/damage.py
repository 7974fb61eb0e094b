"""What a dump can look like that is partial or corrupt, derived from one that is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gatekeeper.carrying.dice import Dice
from gatekeeper.carrying.document import (
    Json,
    Path,
    arrays,
    at,
    leaves,
    pattern,
    records,
    said,
    with_value,
    without,
    written,
)
from gatekeeper.value import dataclass, replace


@dataclass(frozen=True, slots=True)
class Damaged:
    """A damaged file: what was done to it, its bytes, and the value it still holds.

    `whole` is False where the file cannot be read as what it was, so that nobody can say that
    all of it was carried. `part` says that what is left is as in the whole one. What was put
    into it holds the word `mark`, which stands nowhere else.
    """

    says: str
    content: bytes
    value: Json = None
    whole: bool = True
    part: bool = False
    mark: str = ""


def damaged(content: bytes, value: Json, dice: Dice) -> Iterator[Damaged]:
    """Damaged files, the same ones for the same seed; `value` is None for what is not JSON."""
    yield Damaged("it is empty", b"", whole=False, part=True)
    for percent in (50, 95):
        end = max(len(content.rstrip()) * percent // 100, 1)
        if end < len(content.rstrip()):
            yield Damaged(f"it ends after {end} bytes", content[:end], whole=False, part=True)
    if isinstance(value, dict | list):
        mark = dice.word()
        for each in _altered(value, dice, mark):
            yield replace(each, mark=mark)


def _altered(value: Json, dice: Dice, mark: str) -> Iterator[Damaged]:
    for path in _some(list(arrays(value)), dice, 3):
        elements = at(value, path)
        assert isinstance(elements, list)
        place = (*path, dice.below(len(elements)))
        yield _after(f"{said(place)} is missing", without(value, place), part=True)
    inside = [path for path in records(value) if path]
    fields = [path for path, each in leaves(value) if path[:-1] in set(inside) and each is not None]
    for path in _some(fields, dice, 3):
        yield _after(f"{said(path)} is missing", without(value, path))
    for path in _some(fields, dice, 1):
        yield _after(f"{said(path)} is null", with_value(value, path, None))
    for number, path in enumerate(_some(fields, dice, 3)):
        odd = _odd(at(value, path), number, mark)
        yield _after(f"{said(path)} is of another type", with_value(value, path, odd))
    yield from _more(value, inside, dice, mark)


def _more(value: Json, inside: list[Path], dice: Dice, mark: str) -> Iterator[Damaged]:
    """What is there that should not be: unknown keys, and a record that is there twice."""
    whole = [()] if isinstance(value, dict) else []
    for number, path in enumerate((*whole, *_some(inside, dice, 1))):
        holder = at(value, path)
        assert isinstance(holder, dict)
        more: Json = {**holder, mark: f"{mark} {number}"}
        yield _after(f"{said(path)} has the key {mark}", with_value(value, path, more))
    for path in _some(list(arrays(value)), dice, 1):
        elements = at(value, path)
        assert isinstance(elements, list)
        twin = _twin(elements[0], mark)
        if twin is not None:
            says = f"{said((*path, 0))} is there twice, and its twin differs"
            yield _after(says, with_value(value, path, [*elements, twin]))


def _twin(record: Json, mark: str) -> Json:
    """The record with another last text; None where it has none."""
    if not isinstance(record, dict):
        return None
    texts = [key for key, each in record.items() if isinstance(each, str) and each]
    return {**record, texts[-1]: f"{mark} beside it"} if len(texts) > 1 else None


def _after(says: str, value: Json, *, part: bool = False) -> Damaged:
    return Damaged(says, written(value), value, part=part)


def _odd(value: Json, number: int, mark: str) -> Json:
    """Something of another type than a value."""
    choices: tuple[Callable[[], Json], ...] = (
        lambda: {mark: f"{mark} {number}"},
        lambda: [f"{mark} {number}"],
        lambda: f"{mark} {number}" if not isinstance(value, str) else 7_654_321 + number,
    )
    return choices[number % len(choices)]()


def _some(paths: list[Path], dice: Dice, most: int) -> list[Path]:
    """So many places, of as many kinds as can be."""
    by_kind: dict[str, list[Path]] = {}
    for path in paths:
        by_kind.setdefault(pattern(path), []).append(path)
    kinds = dice.some(sorted(by_kind), most)
    return [dice.one(by_kind[kind]) for kind in kinds]


def other_than(value: Json) -> Json:
    """Another value of the same type."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 7919
        case str():
            return f"{value}~"
    return None
