"""Letters that Python takes for ASCII letters in a name (PEP 3131 normalises to NFKC)."""

from __future__ import annotations

_TWO_BYTES = "ªºĲĳſǇǈǉǊǋǌǱǲǳʰʲʳʷʸˡˢˣ"
_LEADS = (
    b"\xe1\xb4", b"\xe1\xb5", b"\xe1\xb6",  # phonetic extensions
    b"\xe2\x81", b"\xe2\x82",  # superscripts and subscripts
    b"\xe2\x84", b"\xe2\x85",  # letterlike symbols, Roman numerals
    b"\xe2\xb1", b"\xea\x9f",  # Latin extended C and D
    b"\xef\xac",  # ligatures
    b"\xef\xb8", b"\xef\xb9",  # low lines
    b"\xef\xbc", b"\xef\xbd",  # full width
    b"\xf0\x90\x9e",  # Latin extended F
    b"\xf0\x9d\x90", b"\xf0\x9d\x91", b"\xf0\x9d\x92", b"\xf0\x9d\x93", b"\xf0\x9d\x94",
    b"\xf0\x9d\x95", b"\xf0\x9d\x96", b"\xf0\x9d\x97", b"\xf0\x9d\x98", b"\xf0\x9d\x99",
    b"\xf0\x9d\x9a", b"\xf0\x9d\x9f",  # mathematical letters and digits
    b"\xf0\x9f\xaf",  # segmented digits
)  # fmt: skip

LOOKALIKES: tuple[bytes, ...] = (*(letter.encode() for letter in _TWO_BYTES), *_LEADS)
"""Byte strings of which a UTF-8 text holds one if it can spell an ASCII name in other letters."""


def plain(content: bytes) -> bytes:
    """The content with lookalikes as ASCII; what is not UTF-8 comes back as it is."""
    if content.isascii():
        return content
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return content
    from unicodedata import is_normalized, normalize

    return content if is_normalized("NFKC", text) else normalize("NFKC", text).encode()
