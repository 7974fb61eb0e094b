"""Words spelled so that their bytes do not stand in the file, though a parser reads them."""

from __future__ import annotations

import re
import unicodedata

from gatekeeper.source.python_text import is_plain

_ESCAPES = (b"\\x", b"\\u", b"\\U", b"\\N{", b"\\1")
_COOKIES = (b"coding:", b"coding=")
_LOOKALIKES = (
    *(b"\xf0\x9d", b"\xef\xbc", b"\xef\xbd", b"\xef\xac", b"\xe2\x84", b"\xe2\x85"),
    *(b"\xe1\xb4", b"\xe1\xb5", b"\xe1\xb6", b"\xe2\x81", b"\xe2\x82", b"\xe2\xb1"),
    *(b"\xc5\xbf", b"\xc2\xaa", b"\xc2\xba", b"\xca\xb0", b"\xca\xb2", b"\xca\xb3", b"\xcb"),
)

SIGNS = (*_ESCAPES, *_COOKIES, *_LOOKALIKES)
"""Bytes of which a file has at least one where it disguises a word: escapes, the encoding
that a Python file names (PEP 263), and the first bytes of letters that Python takes for
ASCII ones in a name (PEP 3131, NFKC): mathematical, full-width, letter-like, superscript and
subscript ones, and ligatures."""

_ASCII_ESCAPED = re.compile(rb"\\(?:x[2-7]|u(?:00|\{0*)[2-7]|U000000[2-7]|N\{|1[0-7][0-7])")
_ANY_ESCAPED = re.compile(rb"\\[xuUN0-7]")


def is_escaped(content: bytes, words: tuple[bytes, ...]) -> bool:
    """Whether an escape in the content could stand for a letter of one of the words."""
    plain = all(word.isascii() for word in words)
    return (_ASCII_ESCAPED if plain else _ANY_ESCAPED).search(content) is not None


def python_may_say(content: bytes, words: tuple[bytes, ...]) -> bool:
    """Whether one of the words could stand in a Python file, disguised or not."""
    if any(word in content for word in words) or is_escaped(content, words):
        return True
    if any(sign in content for sign in _LOOKALIKES):
        text = content.decode("utf-8", "replace")
        said = unicodedata.normalize("NFKC", text).encode("utf-8")
        if any(word in said for word in words):
            return True
    return not is_plain(content)
