"""Which values of a document belong together: those of one kind, and kinds that share values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gatekeeper.carrying.document import Json
from gatekeeper.carrying.embedded import embedded
from gatekeeper.value import dataclass

KEYED = "{}"
"""What stands for a key that is data (`workflow:1`), in the kind of a place."""

Scalar = bool | int | float | str
Exact = tuple[str, Scalar]

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Unit:
    """Kinds of places that can only be given other values together, and the values they hold."""

    kinds: frozenset[str]
    values: frozenset[Exact]

    @property
    def has_keys(self) -> bool:
        """Whether keys that are data are among its values."""
        return any(kind.endswith(KEYED) for kind in self.kinds)

    @property
    def records(self) -> frozenset[str]:
        """The kinds of records that its values stand in; empty for what is in none."""
        return frozenset(map(record_of, self.kinds))


def exactly(value: Scalar) -> Exact:
    """A value with its type, so that true, 1 and 1.0 are told apart."""
    return type(value).__name__, value


def below(kind: str, key: str) -> str:
    """The kind of what stands under a key."""
    return f"{kind}.{key}" if kind else key


def within(kind: str) -> str:
    """The kind of the value that a text holds in JSON."""
    return f"{kind}~"


def is_keyed(holder: Mapping[str, Json]) -> bool:
    """Whether the keys of an object are data: they hold digits, and records stand under them."""
    return bool(holder) and all(
        _DIGIT.search(key) and isinstance(each, dict | list) for key, each in holder.items()
    )


def scalars(value: Json, kind: str = "") -> Iterator[tuple[str, Scalar]]:
    """Every value of its own with its kind, and every key that is data as a value of its kind."""
    waiting: list[tuple[str, Json]] = [(kind, value)]
    while waiting:
        kind, each = waiting.pop()
        if isinstance(each, dict):
            as_data = is_keyed(each)
            for key, inner in each.items():
                waiting.append((below(kind, KEYED if as_data else key), inner))
                if as_data:
                    yield below(kind, KEYED), key
        elif isinstance(each, list):
            waiting += [(f"{kind}[]", inner) for inner in each]
        elif isinstance(each, str) and (inside := embedded(each)):
            waiting.append((within(kind), inside.value))
        elif each is not None and each != "":
            yield kind, each


def record_of(kind: str) -> str:
    """The kind of record that a kind of place belongs to; empty for what is in none."""
    ends = [kind.rfind(mark) + len(mark) for mark in ("[]", KEYED) if mark in kind]
    return kind[: max(ends)] if ends else ""


def units(value: Json) -> tuple[Unit, ...]:
    """The kinds of a document, those together that must agree: texts that are shared, and ids."""
    held: dict[str, set[Exact]] = {}
    for kind, each in scalars(value):
        held.setdefault(kind, set()).add(exactly(each))
    found = list[Unit]()
    for kind, values in held.items():
        unit = Unit(frozenset({kind}), frozenset(values))
        for known in [known for known in found if _agree(known, unit)]:
            found.remove(known)
            unit = Unit(unit.kinds | known.kinds, unit.values | known.values)
        found.append(unit)
    return tuple(found)


def _agree(some: Unit, other: Unit) -> bool:
    shared = some.values & other.values
    if any(isinstance(value, str) for _, value in shared):
        return True
    ids = all(any(kind.lower().endswith("id") for kind in each.kinds) for each in (some, other))
    return bool(shared) and ids
