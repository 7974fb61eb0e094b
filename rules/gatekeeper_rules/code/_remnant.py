"""What should be gone, and one place where it still is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Remnant(NamedTuple):
    """Something that should be gone: where it stands, and what it is in words."""

    sought: str
    says: str
    line: int
    column: int | None = None
    symbol: str = ""


class Sought(NamedTuple):
    """The names, modules and configuration keys that should be gone."""

    names: frozenset[str]
    imports: frozenset[str]
    keys: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str], imports: Iterable[str], keys: Iterable[str]) -> Sought:
        """The three lists without what is blank."""
        named, imported, set_ = (
            frozenset(word for each in words if (word := each.strip()))
            for words in (names, imports, keys)
        )
        return cls(named, imported, set_)

    @property
    def needles(self) -> tuple[bytes, ...]:
        """What stands in a file that matters, unless it is disguised (see `_disguise`)."""
        dotted = (each.rpartition(".")[2] for each in (*self.imports, *self.keys))
        return tuple(sorted(word_bytes(word) for word in {*self.names, *dotted}))


def word_bytes(word: str) -> bytes:
    """The bytes of a word; those that were not UTF-8 as they were."""
    return word.encode("utf-8", "surrogateescape")
