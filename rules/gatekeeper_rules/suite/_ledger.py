"""Which suppressions of a change are new: matched one by one, by what they are and stand on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import NamedTuple

from gatekeeper.source.suppression import Suppression

Entries = Mapping[str, tuple[Suppression, ...]]
"""Suppressions by path."""

Renamed = Callable[[str, str], bool]
"""Whether the second path is the new name of a file that was called the first."""

_Identity = tuple[str, tuple[str, ...], str, str]
_MOST, _MOST_FRESH = 4_000_000, 10_000
_TRIED = 20
_WORD = re.compile(r"\w+|[^\w\s]")

_BEGUN_BY = {
    "eslint-enable": "eslint-disable",
    "oxlint-enable": "oxlint-disable",
    "stylelint-enable": "stylelint-disable",
    "fmt: on": "fmt: off",
    "isort: on": "isort: skip",
    "pylint: enable": "pylint: disable",
    "ruff: enable": "ruff: disable",
    "v8 ignore stop": "v8 ignore",
    "node:coverage enable": "node:coverage",
    "deno-coverage-ignore-stop": "deno-coverage-ignore",
    "prettier-ignore-end": "prettier-ignore",
    "biome-ignore-end": "biome-ignore",
}
_NARROWER_THAN = {"@ts-expect-error": "@ts-ignore", "eslint-disable-line": "eslint-disable"}


class New(NamedTuple):
    """A suppression of the head that the base has not.

    `was` is what stands in its place at base and hides less, if anything does. `endless` says
    that it is not new itself: what ended it is gone, so that it goes on to hide.
    """

    path: str
    suppression: Suppression
    was: Suppression | None = None
    endless: bool = False


class Ledger:
    """The suppressions of the files that differ, of both sides.

    `too_many` tells that those which have no twin are more than can be compared one by one.
    """

    def __init__(self, base: Entries, head: Entries, renamed: Renamed) -> None:
        self._base, self._head, self._renamed = base, head, renamed
        self._left: dict[str, list[Suppression]] = {}
        self._fresh: dict[str, list[Suppression]] = {}
        for path in sorted(base.keys() | head.keys()):
            before, after = _hiding(base.get(path, ())), _hiding(head.get(path, ()))
            self._left[path] = _without(before, Counter(map(_identity, after)))
            self._fresh[path] = _without(after, Counter(map(_identity, before)))
        left, fresh = (sum(map(len, each.values())) for each in (self._left, self._fresh))
        self.too_many = left * fresh > _MOST or fresh > _MOST_FRESH

    def new(self) -> Iterator[New]:
        """What the head has and the base has not."""
        for path, held in self._fresh.items():
            self._fresh[path] = [
                each for each in held if not self._take(path, partial(_includes, each))
            ]
        for path, held in self._fresh.items():
            self._fresh[path] = [each for each in held if not self._moved(path, each)]
        for path, held in self._fresh.items():
            for each in held:
                if not self._edited(path, each):
                    yield New(path, each, self._narrower(path, each))
        for path, entries in sorted(self._head.items()):
            yield from _endless(path, self._base.get(path, ()), entries)

    def _moved(self, path: str, wanted: Suppression) -> bool:
        """Whether it came with its code from another place, which has it no more."""
        others = [other for other in self._left if self._left[other]]
        for other in sorted(others, key=lambda other: (other != path, other)):
            same = _came_along if wanted.text else _includes
            possible = wanted.text or (other != path and self._renamed(other, path))
            if possible and self._take(other, partial(same, wanted)):
                return True
        return False

    def _edited(self, path: str, wanted: Suppression) -> bool:
        """Whether it is an old one whose statement was changed a little; few are compared."""
        left = self._left.get(path, [])
        near = (at for at, each in enumerate(left) if each.symbol == wanted.symbol)
        at = next((at for at in islice(near, _TRIED) if _was_edited(wanted, left[at])), None)
        if at is not None:
            del left[at]
        return at is not None

    def _take(self, path: str, fits: Callable[[Suppression], bool]) -> bool:
        """Strike out the first of the base's that fits, if one does."""
        left = self._left.get(path, [])
        at = next((at for at, each in enumerate(left) if fits(each)), None)
        if at is not None:
            del left[at]
        return at is not None

    def _narrower(self, path: str, wider: Suppression) -> Suppression | None:
        return next(
            (each for each in self._left.get(path, ()) if _place(each) == _place(wider)), None
        )


def _hiding(held: tuple[Suppression, ...]) -> list[Suppression]:
    """Those that hide something; of what is said twice of a whole file, the first."""
    said: set[_Identity] = set()
    found = []
    for each in held:
        identity = _identity(each)
        if not each.guard and (each.text or identity not in said):
            found.append(each)
            said.add(identity)
    return found


def _without(held: list[Suppression], twins: Counter[_Identity]) -> list[Suppression]:
    """Those that have no twin, counted one by one."""
    left = []
    for each in held:
        identity = _identity(each)
        if twins[identity]:
            twins[identity] -= 1
        else:
            left.append(each)
    return left


def _identity(each: Suppression) -> _Identity:
    return each.kind, each.codes, each.text, each.symbol


def _place(each: Suppression) -> tuple[str, str, str]:
    return each.kind, each.symbol, each.text


def _includes(now: Suppression, was: Suppression) -> bool:
    """Whether what was there hid, in the same place, all that is hidden now."""
    return now[2:4] == was[2:4] and _hides(was, now)


def _hides(was: Suppression, now: Suppression) -> bool:
    return was.kind in (now.kind, _NARROWER_THAN.get(now.kind)) and was.hides(now)


def _was_edited(now: Suppression, was: Suppression) -> bool:
    """Whether it stayed where it is on a statement that was changed a little.

    The statement as it was must be gone: it is not mended while the next one is faulty.
    """
    if not (now.around and was.around and now.text and was.text and _hides(was, now)):
        return False
    if was.text in now.around or not _in_like_places(now, was):
        return False
    before, after = (Counter(_WORD.findall(each.text)) for each in (was, now))
    # Three quarters of their words and signs.
    return 4 * (before & after).total() >= 3 * max(before.total(), after.total())


def _came_along(now: Suppression, was: Suppression) -> bool:
    """Whether the code that it stands on, and half of that around it, was elsewhere before."""
    if now.text != was.text or not _hides(was, now):
        return False
    if not was.around and not now.around:
        return now.symbol == was.symbol
    return _in_like_places(now, was)


def _in_like_places(now: Suppression, was: Suppression) -> bool:
    before, after = Counter(was.around), Counter(now.around)
    common = (before & after).total()
    return common * 2 >= max(before.total(), after.total())


def _endless(
    path: str, base: tuple[Suppression, ...], head: tuple[Suppression, ...]
) -> Iterator[New]:
    """Suppressions that had an end at base and have none now."""
    for end, begin in _BEGUN_BY.items():
        lost = _count(base, end) - _count(head, end)
        open_now = _count(head, begin) - _count(head, end)
        open_before = _count(base, begin) - _count(base, end)
        many = min(lost, open_now - max(0, open_before))
        begun = [each for each in head if each.kind == begin]
        for each in begun[-many:] if many > 0 else ():
            yield New(path, each, endless=True)


def _count(held: tuple[Suppression, ...], kind: str) -> int:
    return sum(each.kind == kind for each in held)
