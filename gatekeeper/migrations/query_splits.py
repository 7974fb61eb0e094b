"""Words of SQL that the strings of a Python file could make together: `"SEL" + "ECT"`."""

from __future__ import annotations

import re
from collections.abc import Set

_STARTS_WORDS = """
SELECT INSERT REPLACE UPDATE DELETE WITH CREATE ALTER DROP PRAGMA EXPLAIN
"""
STARTS = tuple(_STARTS_WORDS.split())
"""The words that SQL begins with."""

_WORDS = tuple(map(str.encode, STARTS))
_BEGINNINGS = frozenset(word[:end] for word in _WORDS for end in range(1, len(word)))

# The letters that a piece begins with, and what shows that it ends there as well.
_PIECE = re.compile(
    rb"""(?:["'}]|%(?:\([\w\x80-\xff]*\))?[^%"'])(?:\\\r?\n)*+([a-z]{1,7})(?=(["'{%])|[^a-z0-9_])""",
    re.IGNORECASE,
)


def is_beginning(match: re.Match[bytes]) -> bool:
    """Whether `part` of a match can begin a word of SQL."""
    part: bytes = match["part"].upper()
    return part in _BEGINNINGS


def can_make(content: bytes, first: Set[bytes]) -> bool:
    """Whether pieces that begin a word (in capitals), and others of the file, make one.

    Each piece of the file may be used as often as it takes.
    """
    last: set[bytes] = set()
    whole: set[bytes] = set()
    for text, ends in _PIECE.findall(content):
        last.add(text.upper())
        if ends:
            whole.add(text.upper())
    return any(_makes(word, first, whole, last) for word in _WORDS)


def _makes(word: bytes, first: Set[bytes], whole: Set[bytes], last: Set[bytes]) -> bool:
    reached = {len(each) for each in first if word.startswith(each)}
    for at in range(1, len(word)):
        if at in reached:
            rest = word[at:]
            if rest in last:
                return True
            reached |= {at + len(each) for each in whole if rest.startswith(each)}
    return False
