"""The names and strings of a Cap'n Proto file, as workerd's configuration is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gatekeeper.cache import Extractor
from gatekeeper.errors import Unreadable

_MOST = 2_000_000
# Cap'n Proto's text: `#` comments, strings in double quotes with C's escapes, names, signs. What
# is not closed ends with its line: sought again from each sign, it would take for ever.
_TOKEN = re.compile(
    rb"#[^\n]*|(?P<string>\"(?:[^\"\\\n]++|\\.)*+\"?)|(?P<name>[A-Za-z_]\w*)|(?P<sign>[^\s\w#\"])|\d\w*"
)


class Token(NamedTuple):
    """A name, a sign, or a string (with its quotation marks), and where it stands, from 1."""

    text: str
    line: int
    column: int


def _read(content: bytes, path: str) -> tuple[Token, ...]:
    if len(content) > _MOST:
        raise Unreadable(path, f"it has {len(content):,} bytes; {_MOST:,} are read at most")
    return tuple(_tokens(content))


def _tokens(content: bytes) -> Iterator[Token]:
    line, start, last = 1, 0, 0
    for found in _TOKEN.finditer(content):
        between = content.count(b"\n", last, found.start())
        if between:
            line += between
            start = content.rfind(b"\n", 0, found.start()) + 1
        last = found.start()
        if found.lastgroup:
            yield Token(found[0].decode("utf-8", "replace"), line, found.start() - start + 1)


CAPNP: Extractor[tuple[Token, ...]] = Extractor("capnp", 2, _read)
"""What a file says besides comments and numbers; raises `Unreadable` for what is too large."""
