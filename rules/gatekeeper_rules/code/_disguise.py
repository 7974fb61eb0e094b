"""Words spelled so that their bytes do not stand in the file, though a parser reads them."""

from __future__ import annotations

import re

from gatekeeper.source.python_lookalikes import LOOKALIKES, plain

_ESCAPES = (b"\\x", b"\\u", b"\\U", b"\\N{", b"\\1")
_COOKIES = (b"coding:", b"coding=")
SIGNS = (*_ESCAPES, *_COOKIES, *LOOKALIKES)
"""Bytes of which a file has at least one where it disguises a word: escapes, the encoding
that a Python file names (PEP 263), and letters that Python takes for ASCII ones in a name."""

_ASCII_ESCAPED = rb"\\(?:x[2-7]|u(?:00|\{0*)[2-7]|U000000[2-7]|N\{|1[0-7][0-7])"
_ANY_ESCAPED = rb"\\[xuUN0-7]"


def is_escaped(content: bytes, words: tuple[bytes, ...]) -> bool:
    """Whether an escape in the content could stand for a letter of one of the words."""
    ascii_only = all(word.isascii() for word in words)
    return re.search(_ASCII_ESCAPED if ascii_only else _ANY_ESCAPED, content) is not None


def python_may_say(content: bytes, words: tuple[bytes, ...]) -> bool:
    """Whether one of the words could stand in a Python file, disguised or not."""
    if any(word in content for word in words) or is_escaped(content, words):
        return True
    said = plain(content)
    if said is not content and any(word in said for word in words):
        return True
    from gatekeeper.source.python_text import is_plain

    return not is_plain(content)
