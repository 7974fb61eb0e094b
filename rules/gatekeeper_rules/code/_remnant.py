"""What should be gone, how it could be spelled, and one place where it still is."""

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
        """What stands in a file that matters, unless it is disguised: see `ESCAPES`."""
        dotted = (each.rpartition(".")[2] for each in (*self.imports, *self.keys))
        return tuple(sorted(word_bytes(word) for word in {*self.names, *dotted}))


def word_bytes(word: str) -> bytes:
    """The bytes of a word; those that were not UTF-8 as they were."""
    return word.encode("utf-8", "surrogateescape")


ESCAPES = (b"\\u", b"\\U", b"\\x", b"\\N{")
"""How a string or a key can spell a word whose bytes do not stand in the file."""

COOKIES = (b"coding:", b"coding=")
"""How a Python file says that its bytes are not what they look like (PEP 263)."""

LOOKALIKES = (
    *(b"\xf0\x9d", b"\xef\xbc", b"\xef\xbd", b"\xef\xac", b"\xe2\x84", b"\xe2\x85"),
    *(b"\xe1\xb4", b"\xe1\xb5", b"\xe1\xb6", b"\xe2\x81", b"\xe2\x82", b"\xe2\xb1"),
    *(b"\xc5\xbf", b"\xc2\xaa", b"\xc2\xba", b"\xca\xb0", b"\xca\xb2", b"\xca\xb3", b"\xcb"),
)
"""First bytes of the letters that Python takes for ASCII ones in a name (PEP 3131, NFKC):
mathematical, full-width, letter-like, superscript and subscript ones, and ligatures."""
