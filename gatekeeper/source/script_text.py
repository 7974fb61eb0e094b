"""The bytes of a script as its grammar reads them, or the reason that they cannot be read."""

from __future__ import annotations

import re
from enum import Enum

from gatekeeper.errors import Unreadable
from gatekeeper.source.python_text import STAND_INS

LARGEST = 2_000_000
"""Bytes; a larger script would take some ten seconds and a gigabyte."""

MARKUP = (".vue", ".svelte", ".astro")
SUFFIXES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", *MARKUP)

_BOM = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
# ECMA-262 ends lines there as well; the grammars do not. The length stays what it was.
_CONTINUED = re.compile(rb"\\\xe2\x80[\xa8\xa9]")
_SEPARATORS = ((b"\xe2\x80\xa8", b"\n  "), (b"\xe2\x80\xa9", b"\n  "))
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_SCRIPT = re.compile(
    rb"<script\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>([\s\S]*?)</script\s*>", re.IGNORECASE
)
_FRONT = re.compile(rb"\s*---\r?\n([\s\S]*?)\r?\n---(?:\r?\n|\Z)")
_TYPED = re.compile(rb"\blang\s*=\s*[\"']?(?:ts|typescript)\b", re.IGNORECASE)
_TYPED_JSX = re.compile(rb"\blang\s*=\s*[\"']?tsx\b", re.IGNORECASE)
_DATA = re.compile(
    rb"\btype\s*=\s*[\"']?(?:application/(?:ld\+)?json|text/template)", re.IGNORECASE
)
_CODE = re.compile(rb"[^\r\n]")


class Dialect(Enum):
    """Which grammar reads a script."""

    JAVASCRIPT = "JavaScript, JSX in it"
    TYPESCRIPT = "TypeScript"
    TSX = "TypeScript, JSX in it"


def is_script(path: str) -> bool:
    """Whether a path has the name of a script, or of markup that can hold one."""
    return path.lower().endswith(SUFFIXES)


def script_text(content: bytes, path: str) -> tuple[bytes, Dialect]:
    """The script in UTF-8, every byte at its place, and what it is written in.

    Of markup all is blank but its scripts. Raises `Unreadable` for what is too large, no
    UTF-8, holds a NUL byte, or only stands for another file.
    """
    if len(content) > LARGEST:
        raise Unreadable(path, f"it has {len(content):,} bytes; more than {LARGEST:,} are not read")
    if content.startswith(STAND_INS):
        raise Unreadable(path, "it only stands for a file that git keeps elsewhere or encrypted")
    if content.startswith(_WIDE):
        raise Unreadable(path, "it is UTF-16 or UTF-32; scripts must be UTF-8")
    if b"\0" in content:
        raise Unreadable(path, "it holds a NUL byte", _line(content, content.index(b"\0")))
    _refuse_undecodable(content, path)
    if content.startswith(_BOM):
        content = b"   " + content[3:]
    _refuse_continued(content, path)
    for separator, newline in _SEPARATORS:
        content = content.replace(separator, newline)
    content = _LONE_RETURN.sub(b"\n", content)
    if path.lower().endswith(MARKUP):
        return _in_markup(content, path)
    return content, _dialect(path)


def _refuse_undecodable(content: bytes, path: str) -> None:
    try:
        content.decode()
    except UnicodeDecodeError as error:
        raise Unreadable(path, "its bytes are not UTF-8", _line(content, error.start)) from None


def _refuse_continued(content: bytes, path: str) -> None:
    # Such a string goes on without the separator, which no newline of as many bytes can say.
    found = _CONTINUED.search(content)
    if found is not None:
        reason = "a backslash stands before U+2028 or U+2029, which hides what the string says"
        raise Unreadable(path, reason, _line(content, found.start()))


def _line(content: bytes, at: int) -> int:
    return content.count(b"\n", 0, at) + 1


def _dialect(path: str) -> Dialect:
    name = path.lower()
    if name.endswith(".tsx"):
        return Dialect.TSX
    return Dialect.TYPESCRIPT if name.endswith((".ts", ".mts", ".cts")) else Dialect.JAVASCRIPT


def _in_markup(content: bytes, path: str) -> tuple[bytes, Dialect]:
    found = [each for each in _SCRIPT.finditer(content) if not _DATA.search(each.group(1))]
    spans = [each.span(2) for each in found]
    front = _FRONT.match(content) if path.lower().endswith(".astro") else None
    if front:
        spans.insert(0, front.span(1))
    return _only(content, spans), _dialect_of(b" ".join(each.group(1) for each in found), front)


def _dialect_of(attributes: bytes, front: object) -> Dialect:
    if _TYPED_JSX.search(attributes):
        return Dialect.TSX
    typed = front is not None or _TYPED.search(attributes)
    return Dialect.TYPESCRIPT if typed else Dialect.JAVASCRIPT


def _only(content: bytes, spans: list[tuple[int, int]]) -> bytes:
    """The content with all outside of some spans blank; a semicolon keeps scripts apart."""
    pieces: list[bytes] = []
    last = 0
    for start, end in sorted(spans):
        if start < last:
            continue
        between = _CODE.sub(b" ", content[last:start])
        pieces += [between[:-1] + b";" if pieces else between, content[start:end]]
        last = end
    return b"".join((*pieces, _CODE.sub(b" ", content[last:])))
