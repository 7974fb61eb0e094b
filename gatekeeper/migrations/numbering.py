"""The number at the head of a migration's name, and the orders that runners make of names."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from gatekeeper.migrations.migration import Fault, FaultKind, Migration

# What JavaScript's parseInt passes over (ECMA-262, WhiteSpace and LineTerminator).
_SPACE = "\t\n\v\f\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_LEADING = re.compile(rf"[{_SPACE}]*([+-]?[0-9]+)")


def leading_number(name: str) -> int | None:
    """The integer at the head of a name, as `parseInt(name, 10)` has it; None for none.

    One too large for a JavaScript number counts as none, which is how wrangler orders it.
    """
    found = _LEADING.match(name)
    if found is None or math.isinf(float(found.group(1))):
        return None
    return int(found.group(1))


def is_day(name: str) -> bool:
    """Whether a name begins with a day: `20240131_a.sql`, `2024-01-31-a.sql`."""
    return _DAY.match(name) is not None


_DAY = re.compile(
    r"(?:19|20)[0-9]{2}(?P<sign>[-_.]?)(?:0[1-9]|1[0-2])(?P=sign)(?:0[1-9]|[12][0-9]|3[01])(?![0-9])"
)


def code_units(name: str) -> bytes:
    """What JavaScript compares two strings by: their UTF-16 code units."""
    return name.encode("utf-16-be", "surrogatepass")


def by_number(name: str) -> tuple[tuple[float, bytes], ...]:
    """The key of wrangler's order: part by part of the path, by number, then by code units.

    What has no number comes last. Numbers are compared as JavaScript's are, so that two of
    more than 15 digits may be one.
    """
    return tuple(_part(part) for part in name.split("/"))


def _part(part: str) -> tuple[float, bytes]:
    number = leading_number(part)
    return (math.inf if number is None else float(number)), code_units(part)


def same_numbers(migrations: Sequence[Migration]) -> Iterator[Fault]:
    """Each migration whose number another one had before."""
    first: dict[int, Migration] = {}
    for each in migrations:
        if each.number is None:
            continue
        other = first.setdefault(each.number, each)
        if other is not each:
            yield Fault(
                FaultKind.SAME_NUMBER,
                each.up.path,
                1,
                f"{each.name} has the number {each.number} of {other.name}, so that their order "
                "is an accident of their names.",
                "Give the one that is not applied yet the next free number.",
            )


def gaps(migrations: Iterable[Migration]) -> tuple[int, ...]:
    """The numbers that are left out between the lowest and the highest, where they are counted.

    Numbers that are times (of ten digits and more) leave out what they like; of a gap wider
    than ten nothing is said.
    """
    numbers = sorted({each.number for each in migrations if each.number is not None})
    found: list[int] = []
    for before, after in pairwise(numbers):
        if after - before <= _WIDEST and after < _TIMES:
            found.extend(range(before + 1, after))
    return tuple(found)


_WIDEST = 10
_TIMES = 10**9
