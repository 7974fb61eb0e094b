"""The names and signs of a Rust file, without its comments and strings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gatekeeper.cache import Extractor
from gatekeeper.errors import Unreadable

_MOST = 2_000_000
# The Rust Reference, "Lexical structure". A quotation mark that is not closed ends with the file,
# and a quote behind which no character is closed begins a lifetime.
_TOKEN = re.compile(
    r"""//[^\n]*+
    |(?P<comment>/\*)
    |(?:br|cr|r)(?P<raw>\#*+")
    |(?:b|c)?+"(?:[^"\\]++|\\.?)*+(?:"|(?P<open>\Z))
    |b?+'(?:[^'\\\n]|\\(?:u\{[0-9a-fA-F_]{0,12}\}|x[^'\n]{0,2}+|.))'
    |'\w++
    |(?:r\#)?+(?P<name>[^\W\d]\w*+)
    |\d[\w.]*+
    |(?P<sign>\S)""",
    re.DOTALL | re.VERBOSE,
)
_BOUNDARY = re.compile(r"/\*|\*/")


class Token(NamedTuple):
    """A name or a sign, and where it stands, from 1."""

    text: str
    line: int
    column: int


class Rust(NamedTuple):
    """What a file says, in order, and the line from which on it is all comment or string."""

    tokens: tuple[Token, ...]
    lost: int | None


def _read(content: bytes, path: str) -> Rust:
    if len(content) > _MOST:
        raise Unreadable(path, f"it has {len(content):,} bytes; {_MOST:,} are read at most")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(path, "it is not UTF-8", line) from None
    tokens: list[Token] = []
    lost: int | None = None
    for token, is_open in _tokens(text):
        if is_open:
            lost = token.line
        else:
            tokens.append(token)
    return Rust(tuple(tokens), lost)


def _tokens(text: str) -> Iterator[tuple[Token, bool]]:
    """Each name and sign; at last what is not closed, and that it is not."""
    place, line, start, last = 0, 1, 0, 0
    while found := _TOKEN.search(text, place):
        between = text.count("\n", last, found.start())
        if between:
            line += between
            start = text.rfind("\n", 0, found.start()) + 1
        last, place = found.start(), found.end()
        token = Token(found["name"] or found["sign"] or "", line, found.start() - start + 1)
        if found["comment"] or found["raw"]:
            place = _closed(text, found)
        if token.text:
            yield token, False
        elif place < 0 or found["open"] is not None:
            yield token, True
            return


def _closed(text: str, found: re.Match[str]) -> int:
    """Where a raw string or a comment ends, comments in it included; -1 where neither does."""
    if found["raw"]:
        end = '"' + "#" * found["raw"].count("#")
        place = text.find(end, found.end())
        return place + len(end) if place >= 0 else -1
    depth = 1
    for boundary in _BOUNDARY.finditer(text, found.end()):
        depth += 1 if boundary[0] == "/*" else -1
        if not depth:
            return boundary.end()
    return -1


RUST: Extractor[Rust] = Extractor("rust", 1, _read)
"""Raises `Unreadable` for what is no text or too large."""
