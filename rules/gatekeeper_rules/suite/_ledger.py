"""Which suppressions of a change are new: matched one by one, by what they are and stand on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from gatekeeper.source.suppression import Suppression

Entries = Mapping[str, tuple[Suppression, ...]]
"""Suppressions by path."""

Renamed = Callable[[str, str], bool]
"""Whether the second path is the new name of a file that was called the first."""

_Same = Callable[[Suppression, Suppression], bool]

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
    """The suppressions of the files that differ, of both sides."""

    def __init__(self, base: Entries, head: Entries, renamed: Renamed) -> None:
        self._base, self._head, self._renamed = base, head, renamed
        self._left = {
            path: [each for each in held if not each.guard] for path, held in base.items()
        }

    def new(self) -> Iterator[New]:
        """What the head has and the base has not."""
        stayed = {path: self._without_twin(path, held) for path, held in self._head.items()}
        for path, left in sorted(stayed.items()):
            for each in left:
                if not self._moved(path, each):
                    yield New(path, each, self._narrower(path, each))
        for path, held in sorted(self._head.items()):
            yield from _endless(path, self._base.get(path, ()), held)

    def _without_twin(self, path: str, held: tuple[Suppression, ...]) -> list[Suppression]:
        """Those that the base has not in the same place; equal codes are matched first."""
        waiting = [each for each in held if not each.guard]
        for same in (_is_same, _includes):
            waiting = [each for each in waiting if not self._take(path, partial(same, each))]
        return waiting

    def _moved(self, path: str, wanted: Suppression) -> bool:
        """Whether it came with its code from another place, which has it no more."""
        others = sorted(self._left, key=lambda other: (other != path, other))
        for other in others:
            same = _came_along if wanted.text else _includes
            possible = wanted.text or (other != path and self._renamed(other, path))
            if possible and self._take(other, partial(same, wanted)):
                return True
        return False

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


def _place(each: Suppression) -> tuple[str, str, str]:
    return each.kind, each.symbol, each.text


def _is_same(now: Suppression, was: Suppression) -> bool:
    return _place(now) == _place(was) and now.codes == was.codes


def _includes(now: Suppression, was: Suppression) -> bool:
    """Whether what was there hid, in the same place, all that is hidden now."""
    return now[2:4] == was[2:4] and _hides(was, now)


def _hides(was: Suppression, now: Suppression) -> bool:
    return was.kind in (now.kind, _NARROWER_THAN.get(now.kind)) and was.hides(now)


def _came_along(now: Suppression, was: Suppression) -> bool:
    """Whether the code that it stands on, and half of that around it, was elsewhere before."""
    if now.text != was.text or not _hides(was, now):
        return False
    before, after = Counter(was.around), Counter(now.around)
    if not before and not after:
        return now.symbol == was.symbol
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
