"""Which Python files can matter to Durable Objects at all, told from their bytes."""

from __future__ import annotations

import re

from gatekeeper.source.python_lookalikes import LOOKALIKES, plain
from gatekeeper.source.python_spelling import can_spell, says
from gatekeeper.source.python_text import is_plain

NAMESPACE_CALLS = frozenset({"idFromName", "idFromString", "newUniqueId", "getByName"})
STATE_CALLS = frozenset(
    {
        "blockConcurrencyWhile",
        "acceptWebSocket",
        "getWebSockets",
        "setWebSocketAutoResponse",
        "getWebSocketAutoResponse",
        "getWebSocketAutoResponseTimestamp",
        "setHibernatableWebSocketEventTimeout",
        "getHibernatableWebSocketEventTimeout",
    }
)
STORAGE_CALLS = frozenset(
    {
        "setAlarm",
        "getAlarm",
        "deleteAlarm",
        "transactionSync",
        "getBookmarkForTime",
        "onNextSessionRestoreBookmark",
    }
)
API = NAMESPACE_CALLS | STATE_CALLS | STORAGE_CALLS
HANDLER = "webSocketMessage"

_NAMES = ("DurableObject", "django_cf", "_pyodide_entrypoint_helper", "storage", HANDLER)
_DYNAMIC = ("exec", "eval", "__import__", "importlib", "modules", "run_js", "resolve_name")
_MARKS = (b"\xff\xfe", b"\xfe\xff")
_COOKIES = (b"coding:", b"coding=")

NEEDLES: tuple[bytes, ...] = (
    b"workers",
    *(name.encode() for name in (*_NAMES, *sorted(API), *_DYNAMIC)),
    *_MARKS,
    *_COOKIES,
    *LOOKALIKES,
)
"""Byte strings of which a file that can matter holds at least one."""

_MODULE = re.compile(rb"workers(?!\w)")
_BEFORE = frozenset(b".abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_SQL = re.compile(rb"storage\s*\.\s*sql\b")
_PLAIN = tuple(name.encode() for name in (*_NAMES, *sorted(API)) if name != "storage")


def can_matter(content: bytes) -> bool:
    """Whether a file with this content is worth parsing.

    It is where it says the name of the platform's module, of a Durable Object or of one of
    their methods, in whatever letters; where it runs or imports something by name and could
    put that name together; and where its bytes may not mean what they look like.
    """
    if content.startswith(_MARKS) or not is_plain(content):
        return True
    text = plain(content)
    if _is_direct(text):
        return True
    return any(says(word.encode(), text) for word in _DYNAMIC) and can_spell("workers", text)


def _is_direct(text: bytes) -> bool:
    if any(name in text for name in _PLAIN) or _SQL.search(text):
        return True
    return any(
        not found.start() or text[found.start() - 1] not in _BEFORE
        for found in _MODULE.finditer(text)
    )
