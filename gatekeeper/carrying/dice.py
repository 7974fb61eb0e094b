"""Chance that falls the same way for the same seed, on every version of Python."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Numbers drawn from a seed."""

    def __init__(self, seed: int) -> None:
        self._seed, self._drawn = seed, 0

    def below(self, end: int) -> int:
        """A number from 0, less than `end`, which is at least 1."""
        self._drawn += 1
        digest = hashlib.sha256(f"{self._seed}/{self._drawn}".encode("ascii")).digest()
        return int.from_bytes(digest[:8], "big") % end

    def word(self) -> str:
        """A word that means nothing, and that nobody can have foreseen."""
        return "".join(self.one(letters) for letters in ("bdfgklmnprstvz", "aeiou") * 4)

    def one(self, of: Sequence[T]) -> T:
        """One of them; there must be one."""
        return of[self.below(len(of))]

    def some(self, of: Sequence[T], most: int) -> list[T]:
        """As many of them, or all, in any order."""
        left, drawn = list(of), list[T]()
        while left and len(drawn) < most:
            drawn.append(left.pop(self.below(len(left))))
        return drawn
