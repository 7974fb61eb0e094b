"""Whether a file says a word, or could put it together from pieces so that a search misses it."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from gatekeeper.needles import ends
from gatekeeper.needles import says as _says
from gatekeeper.source.python_lookalikes import plain

# What each pattern begins with is plain text, or `re` would try it at every byte. They are
# compiled when they are first asked (`re` keeps them): few files need any.
_ESCAPE = (
    rb"(?<!\\)\\++(?:x([0-7][0-9a-fA-F])|u00([0-7][0-9a-fA-F])|U000000([0-7][0-9a-fA-F])"
    rb"|u\{0*+([0-7][0-9a-fA-F])\}|([01][0-7][0-7]))"
)
_NAMED = rb"\\N\{"
_DEEPEST = 3
_CODES = rb"(?<!\w)(?:chr\s{0,9}\(\s{0,9}\d|fromhex|unhexlify|b64decode)"
_CODE_NAMES = (b"chr", b"fromhex", b"unhexlify", b"b64decode")
_RUNS = (b"import_module", b"__import__", b"exec", b"eval", b"modules")
_MANGLED = (
    rb"\s{0,40}[(\[][^()\]\n\"']{0,300}[\"'][^()\]\n]{0,300}"
    rb"(?:\.\s*(?:replace|join|translate|strip|format|removeprefix|removesuffix)\b|\[)"
)
# Letters of any word that is sought, and maybe others. A run of them is tried from its start.
_RUN = rb"[\w:.-]++"
_ENDING = rb"(?<![\w:.-])" + _RUN + rb"(?=[\"'{%])"
_BEGINNING = rb"[\"'}%](?:(?<!%)|s)(" + _RUN + rb")"
_WHOLE = _BEGINNING + rb"(?=[\"'{%])"


says = _says


def could_say(words: Collection[bytes], content: bytes) -> bool:
    """Whether Python says one of the words, in whatever letters and escapes, or nobody can tell."""
    if any(word in content for word in words):
        return True
    if content.isascii() and b"\\" not in content:
        return False
    held = spelled_out(plain(content))
    return held is None or any(word in held for word in words)


def can_spell(words: tuple[str, ...], content: bytes) -> bool:
    """Whether string constants in `content` could make one of `words` when put together.

    They could where pieces of a word end, fill and begin strings, also backwards, in another
    case and written as escapes, or where characters are written as codes. Quotation marks and
    braces are all that is looked at: a string cannot be told from code between two strings.
    """
    if _says_code(content) or _runs_mangled(content):
        return True
    if b"\\" in content:
        held = spelled_out(content)
        if held is None:
            return True
        content = content if held == content else b"\n".join((content, held))
    strings = _strings_of(content.lower())
    ways = (way for word in words for way in (word.lower(), word.lower()[::-1]))
    return any(_pieced(way.encode(), strings) for way in ways)


def spelled_out(content: bytes) -> bytes | None:
    """The content with ASCII in the place of escapes, also of those that stand in strings of code.

    None where that cannot be told: they name a letter, or are made of others again and again.
    """
    if re.search(_NAMED, content):
        return None
    for _ in range(_DEEPEST):
        before, content = content, re.sub(_ESCAPE, _letter, content)
        if content == before:
            return content
    return None


def _letter(escape: re.Match[bytes]) -> bytes:
    octal = escape.group(5)
    digits = octal or next(filter(None, escape.groups()))
    return bytes((int(digits, 8 if octal else 16),))


def _runs_mangled(content: bytes) -> bool:
    behind = [end for run in _RUNS for end in ends(run, content)]
    mangled = re.compile(_MANGLED) if behind else None
    return mangled is not None and any(mangled.match(content, end) for end in behind)


def _says_code(content: bytes) -> bool:
    return any(name in content for name in _CODE_NAMES) and bool(re.search(_CODES, content))


class _Strings(NamedTuple):
    """What stands in quotation marks or braces, and around them, in a content in lower case.

    `ending` holds what ends before such a mark, and then the mark `"`; `beginning` the mark,
    and then what begins behind one; `whole` what stands between two.
    """

    content: bytes
    ending: bytes
    beginning: bytes
    whole: frozenset[bytes]


def _strings_of(content: bytes) -> _Strings:
    ending = b'"'.join((*set(re.findall(_ENDING, content)), b""))
    beginning = b'"'.join((b"", *set(re.findall(_BEGINNING, content))))
    return _Strings(content, ending, beginning, frozenset(re.findall(_WHOLE, content)))


def _pieced(word: bytes, strings: _Strings) -> bool:
    if word in strings.content and _within(word).search(strings.content):
        return True
    inner = range(1, len(word))
    reached = {end for end in inner if word[:end] + b'"' in strings.ending}
    finishing = {start for start in inner if b'"' + word[start:] in strings.beginning}
    if not reached or not finishing:
        return False
    for start in inner:
        if start in reached:
            reached |= {end for end in inner if word[start:end] in strings.whole}
    return bool(reached & finishing)


@cache
def _within(word: bytes) -> re.Pattern[bytes]:
    """The word as a part of what may be a longer string."""
    return re.compile(re.escape(word) + rb"[^\"'\n]{0,20}[\"']")
