"""What files are searched for: byte strings, whole words, and expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gatekeeper.value import dataclass

_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


@dataclass(frozen=True, slots=True)
class Word:
    """Bytes that count only where no letter, digit or underscore of ASCII stands around them.

    Raises ValueError for bytes that are no such word themselves.
    """

    text: bytes

    def __post_init__(self) -> None:
        if not self.text or not _LETTERS.issuperset(self.text):
            raise ValueError(f"{self.text!r} is no word of ASCII")

    @staticmethod
    def of(text: bytes) -> Needle:
        """A word, or, where it is none of ASCII, the bytes, which more files hold."""
        return Word(text) if text and _LETTERS.issuperset(text) else text


@dataclass(frozen=True, slots=True)
class InLine:
    """A regular expression that matches inside of a line, and that Python and Perl read alike."""

    pattern: bytes


Needle = bytes | Word | InLine
"""What a file can hold."""


def holds(content: bytes, needles: Iterable[Needle]) -> bool:
    """Whether a content holds one of the needles."""
    return any(_is_in(content, each) for each in needles)


def _is_in(content: bytes, needle: Needle) -> bool:
    if isinstance(needle, bytes):
        return needle in content
    if isinstance(needle, Word):
        return says(needle.text, content)
    return re.search(needle.pattern, content) is not None


def says(text: bytes, content: bytes) -> bool:
    """Whether a word stands in a content, not as a part of a longer one."""
    return next(ends(text, content), 0) > 0


def ends(text: bytes, content: bytes) -> Iterator[int]:
    """Where a word ends, each time that it stands alone; an empty one stands nowhere."""
    start = content.find(text) if text else -1
    while start >= 0:
        end = start + len(text)
        around = content[max(start - 1, 0) : start] + content[end : end + 1]
        if not any(each in _LETTERS for each in around):
            yield end
        start = content.find(text, end)
