"""Which scripts can matter to Durable Objects at all, told from their bytes."""

from __future__ import annotations

import re

from gatekeeper import Extractor
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
    *(quote + name.encode() for name in SPECIFIERS for quote in (b"'", b'"', b"`")),
)
_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\0")
_ASKS = (b"import(", b"require(", b"getBuiltinModule", b"eval(", b"Function(")
_ESCAPED = (b"\\u", b"\\x")
_STORED = (b"storage", b"sql")
_SQL = re.compile(rb"storage\s*[?!]?\s*\.\s*sql\b")
_SPELLED = ("cloudflare:workers", "DurableObject")

NEEDLES: tuple[bytes, ...] = (
    *_NAMES,
    *_MARKS,
    *_ASKS,
    *_ESCAPED,
    _STORED[0],
    *STAND_INS,
)
"""Byte strings of which a script that can matter holds at least one."""


def can_matter(content: bytes) -> bool:
    """Whether a script with this content is worth parsing.

    It is where it says the name of the platform's module, of a Durable Object, of one of its
    methods or of a package that brings some; where it imports by a name that it could put
    together; and where its bytes may not mean what they look like.
    """
    if content.startswith(STAND_INS) or any(mark in content for mark in _MARKS):
        return True
    if b"\\" in content:
        held = spelled_out(content)
        if held is None:
            return True
        content = content if held == content else b"\n".join((content, held))
    if any(name in content for name in _NAMES):
        return True
    if all(piece in content for piece in _STORED) and _SQL.search(content):
        return True
    return any(each in content for each in _ASKS) and can_spell(_SPELLED, content)


MATTERS: Extractor[bool] = Extractor("durable scripts", 1, lambda content, _: can_matter(content))
"""Whether a script is worth parsing; several clauses ask."""
