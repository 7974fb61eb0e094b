"""Which scripts can matter to Durable Objects at all, told from their bytes."""

from __future__ import annotations

import re

from gatekeeper import Extractor, InLine, Needle, holds
from gatekeeper.source.python_spelling import can_spell, spelled_out
from gatekeeper.source.python_text import STAND_INS
from gatekeeper_rules.code._durable_packages import SPECIFIERS
from gatekeeper_rules.code._python_candidates import API, HANDLER

_NAMES = (
    *(b"durableObject", b"durable-object", b"durable-sqlite", b"cloudflare-durable"),
    *(b"cloudflare_durable", b"experimental-config", b"@cloudflare/config"),
    *(b"durable_object_namespace", b"newSqliteClasses", b"new_sqlite_classes"),
    b"WebSocketRequestResponsePair",
    *(b"DurableObject", b"cloudflare:", b"SqlStorage", b"SyncKvStorage", HANDLER.encode()),
    *(name.encode() for name in sorted(API)),
)
_QUOTES = (b"'", b'"', b"`")
# What begins with another of them, or says one of the names, is not looked for by itself.
_PACKAGES = tuple(
    name.encode()
    for name in SPECIFIERS
    if not any(name != other and name.startswith(other) for other in SPECIFIERS)
    and not any(said in name.encode() for said in _NAMES)
)
_BROUGHT = re.compile(rb"[\"'`](?:" + b"|".join(map(re.escape, _PACKAGES)) + rb")")
_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\0")
_ASKS = (
    *(b"import(", b"import (", b"import\t", b"import/", b"getBuiltinModule", b"eval("),
    *(b"require" + end for end in (b"(", b" ", b"?", b")", b";", b".", b",")),
    b"Function(",
)
# `"cloudfl\are:"` and a string that goes on in the next line mean what they do without `\`.
# What is left out writes no letter, and stands in most scripts.
_ESCAPED = InLine(rb"\\(?:[^nrtbfv'\"`\\$ {}()\[\]|*+?^]|$)")
_IDLE = re.compile(rb"\\(?:\r\n|[\r\n]|\xe2\x80[\xa8\xa9]|(?![\r\nux0-7nrtbfv\xe2]))")
_IMPORTS = re.compile(rb"import\s*+(?:\(|/)")
_STORED = (b"storage", b"sql")
_SQL = re.compile(rb"storage\s*[?!]?\s*\.\s*sql\b")
_SPELLED = ("cloudflare:workers", "DurableObject")

_PLAIN = (*_NAMES, *_MARKS, *_ASKS, _STORED[0], *STAND_INS)

NEEDLES: tuple[Needle, ...] = (
    *_PLAIN,
    *(quote + name for name in _PACKAGES for quote in _QUOTES),
    _ESCAPED,
)
"""What a script that can matter holds at least one of."""


def can_matter(content: bytes) -> bool:
    """Whether a script with this content is worth parsing.

    It is where it says the name of the platform's module, of a Durable Object, of one of its
    methods or of a package that brings some; where it imports by a name that it could put
    together; and where its bytes may not mean what they look like.
    """
    if not _holds_needle(content):
        return False
    if content.startswith(STAND_INS) or any(mark in content for mark in _MARKS):
        return True
    if b"\\" in content:
        held = spelled_out(content)
        if held is None:
            return True
        content = b"\n".join({content, held, _IDLE.sub(b"", content), _IDLE.sub(b"", held)})
    if any(name in content for name in _NAMES) or _BROUGHT.search(content):
        return True
    if all(piece in content for piece in _STORED) and _SQL.search(content):
        return True
    # What stands in a template is in other marks, and is put together as well.
    asks = any(each in content for each in _ASKS) or _IMPORTS.search(content) is not None
    return asks and can_spell(_SPELLED, content.replace(b"`", b'"').replace(b"${", b"{"))


def _holds_needle(content: bytes) -> bool:
    """Whether one of `NEEDLES` stands in it: most scripts hold none, and not one backslash."""
    if any(each in content for each in _PLAIN) or _BROUGHT.search(content):
        return True
    return b"\\" in content and holds(content, (_ESCAPED,))


MATTERS: Extractor[bool] = Extractor("durable scripts", 3, lambda content, _: can_matter(content))
"""Whether a script is worth parsing; several clauses ask."""
