"""The text of a Python file, decoded as Python decodes it, or the reason it cannot be."""

from __future__ import annotations

import re

from gatekeeper.errors import Unreadable

LARGEST = 2_000_000
"""Bytes; a larger file would take its parser seconds and gigabytes."""

_COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_EMPTY = re.compile(rb"[ \t\f]*(?:#|$)")
_UTF_8 = frozenset({"utf-8", "utf8", "u8", "utf-8-sig", "ascii", "us-ascii"})
_ONE_BYTE = re.compile(
    r"latin-?1|l1|(?:iso-?8859|latin)-?\d{1,2}|(?:cp|windows-?)125[0-8]|koi8-[rut]"
)
_BOM = b"\xef\xbb\xbf"
STAND_INS = (b"version https://git-lfs.github.com/spec/", b"\0GITCRYPT\0")
"""How a file begins that only stands for another: a pointer of Git LFS, git-crypt's cipher."""

_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")


def cookie(content: bytes) -> str:
    """The encoding that a comment in the first two lines names (PEP 263); `utf-8` if none."""
    first, *rest = content[:2000].removeprefix(_BOM).splitlines()[:2] or [b""]
    lines = [first, *rest] if _EMPTY.match(first) else [first]
    for line in lines:
        if found := _COOKIE.match(line):
            return found.group(1).decode("ascii", "replace").lower().replace("_", "-")
    return "utf-8"


def is_plain(content: bytes) -> bool:
    """Whether bytes that look like ASCII mean what they look like, and no others mean ASCII."""
    return cookie(content) in _UTF_8


def python_text(content: bytes, path: str) -> str:
    """The decoded text; raises `Unreadable` for what is too large or not honest text.

    Encodings in which ASCII bytes may mean something else (utf-7, unicode-escape, ...) are
    refused: what such a file says cannot be compared with what a person reads in it.
    """
    if len(content) > LARGEST:
        raise Unreadable(path, f"it has {len(content):,} bytes; more than {LARGEST:,} are not read")
    if content.startswith(STAND_INS):
        raise Unreadable(path, "it only stands for a file that git keeps elsewhere or encrypted")
    if content.startswith(_WIDE):
        raise Unreadable(
            path, "it is UTF-16 or UTF-32; Python source must be UTF-8 or say otherwise"
        )
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        raise Unreadable(path, "it holds a NUL byte", line)
    return _decoded(content, path)


def _decoded(content: bytes, path: str) -> str:
    name = cookie(content)
    if name in _UTF_8:
        name = "utf-8"
    elif not _ONE_BYTE.fullmatch(name):
        raise Unreadable(path, f"it declares the encoding {name!r}, which is not read", 1)
    elif content.startswith(_BOM):
        raise Unreadable(path, f"it begins with a UTF-8 mark and declares {name!r}", 1)
    try:
        return content.removeprefix(_BOM).decode(name)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unreadable(path, f"its bytes are not {name}", line) from None
    except LookupError:
        raise Unreadable(path, f"there is no encoding {name!r}", 1) from None
