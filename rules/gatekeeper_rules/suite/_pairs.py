"""Functions of test code with what they were at the base, in whatever language they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gatekeeper_rules.suite._written import Expectation, Fault, Written

_SHOWN = 10


class Pair(NamedTuple):
    """A function of the head, and what it was: its path in the base and itself, or neither."""

    path: str
    now: Written
    was_at: str
    was: Written | None


def listed(places: Sequence[str]) -> str:
    """Places for people, the first of them."""
    rest = len(places) - _SHOWN
    return ", ".join(sorted(places)[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def exits(was: Written, now: Written) -> Iterator[Fault]:
    """The ways out of a test that it did not have."""
    known = {each.quoted for each in was.exits}
    yield from (each for each in now.exits if each.quoted not in known)


def added(pairs: Iterable[Pair]) -> Counter[str]:
    """The expectations that functions have and did not have, by their texts."""
    found: Counter[str] = Counter()
    for pair in pairs:
        had = _texts(pair.was.expectations) if pair.was is not None else Counter[str]()
        found.update(_texts(pair.now.expectations) - had)
    return found


def _texts(expectations: tuple[Expectation, ...]) -> Counter[str]:
    return Counter(each.says for each in expectations)
