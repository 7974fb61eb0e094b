"""Whether a file says a word, or could put it together from pieces so that a search misses it."""

from __future__ import annotations

import re
from functools import cache

# What each pattern begins with is plain text, or `re` would try it at every byte. They are
# compiled when they are first asked (`re` keeps them): few files need any.
_ESCAPES = rb"\\(?:x[4-7][0-9a-fA-F]|u00[4-7]|U000000[4-7]|N\{|1[0-7][0-7])"
_CODES = rb"(?<!\w)(?:chr\s{0,9}\(\s{0,9}\d|fromhex|unhexlify|b64decode)"
_CODE_NAMES = (b"chr", b"fromhex", b"unhexlify", b"b64decode")
_RUNS = (b"import_module", b"__import__", b"exec", b"eval", b"modules")
_MANGLED = (
    rb"\s{0,40}[(\[][^()\]\n\"']{0,300}[\"'][^()\]\n]{0,300}"
    rb"(?:\.\s*(?:replace|join|translate|strip|format|removeprefix|removesuffix)\b|\[)"
)
_OPENING = (b'"', b"'", b"}", b"%s")
_CLOSING = (b'"', b"'", b"{", b"%")
_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"


def says(word: bytes, content: bytes) -> bool:
    """Whether the word stands in the content, not as a part of a longer one."""
    return any(True for _ in _places(word, content))


def can_spell(words: tuple[str, ...], content: bytes) -> bool:
    """Whether string constants in `content` could make one of `words` when put together.

    They could where pieces of a word end, fill and begin strings, also backwards and in
    another case, or where characters are written as escapes or codes. Quotation marks and
    braces are all that is looked at: a string cannot be told from code between two strings.
    """
    if re.search(_ESCAPES, content) or _says_code(content):
        return True
    if _runs_mangled(content):
        return True
    lowered = content.lower()
    ways = (way for word in words for way in (word.lower(), word.lower()[::-1]))
    return any(_pieced(way, lowered) for way in ways)


def _runs_mangled(content: bytes) -> bool:
    ends = [end for run in _RUNS for end in _places(run, content)]
    mangled = re.compile(_MANGLED) if ends else None
    return mangled is not None and any(mangled.match(content, end) for end in ends)


def _says_code(content: bytes) -> bool:
    return any(name in content for name in _CODE_NAMES) and bool(re.search(_CODES, content))


def _places(word: bytes, content: bytes) -> list[int]:
    """Where the word ends, each time that it stands alone."""
    held, start = [], content.find(word)
    while start >= 0:
        end = start + len(word)
        around = content[max(start - 1, 0) : start] + content[end : end + 1]
        if not any(each in _LETTERS for each in around):
            held.append(end)
        start = content.find(word, end)
    return held


def _pieced(word: str, content: bytes) -> bool:
    if word.encode() in content and _within(word).search(content):
        return True
    inner = range(1, len(word))
    reached = {end for end in inner if _stands((b"",), word[:end], _CLOSING, content)}
    finishing = {start for start in inner if _stands(_OPENING, word[start:], (b"",), content)}
    if not reached or not finishing:
        return False
    pieces = set(_pieces(word).findall(content))
    for start in inner:
        if start in reached:
            reached |= {end for end in inner if word[start:end].encode() in pieces}
    return bool(reached & finishing)


@cache
def _within(word: str) -> re.Pattern[bytes]:
    """The word as a part of what may be a longer string."""
    return re.compile(f"{word}[^\"'\\n]{{0,20}}[\"']".encode())


@cache
def _pieces(word: str) -> re.Pattern[bytes]:
    """Strings, or what stands between two braces, of no other letters than the word's."""
    letters = re.escape("".join(sorted(set(word))))
    return re.compile(f"(?:[\"'}}]|%s)([{letters}]{{1,{len(word) - 1}}})(?=[\"'{{%])".encode())


def _stands(
    before: tuple[bytes, ...], piece: str, after: tuple[bytes, ...], content: bytes
) -> bool:
    return any(left + piece.encode() + right in content for left in before for right in after)
