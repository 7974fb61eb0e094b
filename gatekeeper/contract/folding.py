"""Text as people meant it: mis-decoded characters mended, and the forms in which it is compared."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, partial

_ROUNDS = 8
# Longer text is no quotation of a clause; a loader need not spend time on it.
_LONGEST = 20_000

_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad"),
        "\u2026": "...",
    }
)

_TAG = r"</?[A-Za-z][^<>]*>"
_ADDRESS = r"<((?:https?|mailto):[^<>\s]*)>"
_LINK = r"!?\[([^\[\]]*)\](?:\([^()\s]*(?:\s[^()]*)?\)|\[[^\[\]]*\])"
_MARKER = r"(?:[-+] |\d{1,9}[.)] )?(?:\[[ xX]?\] )?"
_MARKS = r"[*_`\[\]]|\\(?=[!-/:-@\[-`{-~])"


def mend(text: str) -> str:
    """`text` with UTF-8 that was read as windows-1252 (even twice) read rightly.

    Text that is fine comes back as it is: a run of characters is touched only where it
    decodes as UTF-8 and cannot well be anything else.
    """
    if text.isascii():
        return text
    for _ in range(_ROUNDS):
        mended = _mend_once(text)
        if mended == text:
            break
        text = mended
    return text


def _mend_once(text: str) -> str:
    runs, _ = _misread()
    rest = runs.sub("", text)
    return runs.sub(partial(_decoded, agreed=rest.isascii()), text)


def _decoded(run: re.Match[str], *, agreed: bool) -> str:
    _, sure = _misread()
    found = run[0]
    before = run.string[run.start() - 1 : run.start()]
    likely = agreed and not before.isupper()
    if not (likely or sure.search(found)):
        return found
    try:
        return b"".join(map(_byte, found)).decode("utf-8")
    except UnicodeDecodeError:
        return found


@cache
def _misread() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Runs of what UTF-8 looks like when read as windows-1252, and a part that is surely such.

    Each byte of a character has become a character of its own (that of Latin-1, where
    windows-1252 has none). Three and four bytes are typography, symbols and emoji, and what
    they turn into meets in no language: after the first comes no quotation mark or dash that
    could end a word. Two bytes are accented letters and signs; their look may also be the end
    of a quoted word in capitals, so for these the whole text has to agree.
    """
    after, second = _looks(range(0x80, 0xC0)), _looks((*range(0x80, 0x91), *range(0x98, 0xC0)))
    second = second.replace("\u2026", "")
    sure = f"(?:\u00e2[{second}][{after}]|\u00f0[{after}]{{3}})"
    return re.compile(f"(?:{sure}|[\u00c2-\u00c5][{after}])+"), re.compile(sure)


def _looks(values: Iterable[int]) -> str:
    told = (bytes([byte]).decode("cp1252", errors="ignore") + chr(byte) for byte in values)
    return re.escape("".join(told))


def _byte(character: str) -> bytes:
    try:
        return character.encode("latin-1")
    except UnicodeEncodeError:
        return character.encode("cp1252")


def straighten(text: str) -> str:
    """`text` with typographic quotes, dashes, ellipses and blanks as ASCII has them."""
    if text.isascii():
        return " ".join(text.split())
    from unicodedata import normalize

    text = normalize("NFKC", mend(text).translate(_TYPOGRAPHY))
    return " ".join(text.translate(_TYPOGRAPHY).split())


def fold(text: str) -> str:
    """What of `text` counts when a quoted clause is compared with the prose, word for word.

    White space, typography and Markdown's marks are taken out, so that a quotation copied
    from the file, from a rendered page or from the report all come out the same. Folding
    what is folded changes nothing. The letters' case stays.
    """
    if len(text) > _LONGEST:
        return text
    for _ in range(_ROUNDS):
        folded = _fold_once(text)
        if folded == text:
            break
        text = folded
    return text


def _fold_once(text: str) -> str:
    text = straighten(_unescaped(text))
    if "<" in text:
        text = re.sub(_TAG, "", re.sub(_ADDRESS, r"\1", _uncommented(text)))
    if "[" in text:
        text = re.sub(_LINK, r"\1", text)
    text = " ".join(text.split())
    text = text[_marker_end(text) :]
    return " ".join(re.sub(_MARKS, "", text).split())


def _uncommented(text: str) -> str:
    """The text with a blank for each comment; a regular expression would take quadratic time."""
    said, at = "", 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        said += f"{text[at:start]} "
        at = end + len("-->")
    return said + text[at:]


def _marker_end(text: str) -> int:
    marker = None if text[:1].isalpha() else re.match(_MARKER, text)
    return marker.end() if marker else 0


def _unescaped(text: str) -> str:
    if "&" not in text:
        return text
    from html import unescape

    return unescape(text)
