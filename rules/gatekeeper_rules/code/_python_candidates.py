"""Which Python files can matter to Durable Objects at all, told from their bytes."""

from __future__ import annotations

import re

from gatekeeper import Needle, Word
from gatekeeper.source.python_lookalikes import LOOKALIKES, plain
from gatekeeper.source.python_spelling import can_spell, says
from gatekeeper.source.python_text import STAND_INS, is_plain

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
        "onNextSessionRestore",
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

UPLOADED = "durable_object_namespace"
"""The type of a binding, to Cloudflare's interface for uploads and to all that calls it."""

_NAMES = (
    *("DurableObject", "django_cf", "_pyodide_entrypoint_helper", "storage"),
    *(HANDLER, UPLOADED),
)
_DYNAMIC = (
    "CodeRunner",
    "__builtins__",
    "__import__",
    "builtins",
    "eval",
    "eval_code",
    "eval_code_async",
    "exec",
    "import_string",
    "importlib",
    "modules",
    "pydoc",
    "resolve_name",
    "runPython",
    "runPythonAsync",
    "run_js",
    "runpy",
)
_MARKS = (b"\xff\xfe", b"\xfe\xff")
_STAND_INS = (b"git-lfs.github.com/spec/", b"GITCRYPT")
_COOKIES = (b"coding:", b"coding=")

RUN: tuple[bytes, ...] = tuple(name.encode() for name in _DYNAMIC)
_PIECES = (
    *(name.encode() for name in (*_NAMES, *sorted(API)) if name != "storage"),
    *_MARKS,
    *_STAND_INS,
    *_COOKIES,
    *LOOKALIKES,
)
NEEDLES: tuple[Needle, ...] = (*_PIECES, *map(Word, (b"workers", b"sql", *RUN)))
"""What a file that can matter holds at least one of."""

PIECES: tuple[tuple[bytes, ...], ...] = ((b"storage", b"sql"), *((each,) for each in _PIECES))
WORDS: tuple[str, ...] = ("workers", *_DYNAMIC)
"""A file without all of any of `PIECES` and without any of `WORDS` cannot matter by itself."""

_MODULE = re.compile(rb"workers(?!\w)")
_BEFORE = frozenset(b".abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
# Where the dot is on a line before, a backslash or a comment may stand between.
_SQL = re.compile(rb"(?:\.\s*|[\r\n][ \t\f]*)sql\b")
_SPELLED = ("workers", "DurableObject")
_PLAIN = tuple(name.encode() for name in (*_NAMES, *sorted(API)) if name != "storage")


def can_matter(content: bytes) -> bool:
    """Whether a file with this content is worth parsing.

    It is where it says the name of the platform's module, of a Durable Object or of one of
    their methods, in whatever letters; where it runs or imports something by name and could
    put that name together; and where its bytes may not mean what they look like.
    """
    if content.startswith((*_MARKS, *STAND_INS)) or not is_plain(content):
        return True
    text = plain(content)
    return _is_direct(text) or matters_by_name(text)


def matters_by_name(text: bytes) -> bool:
    """Whether a file, in plain letters, runs or imports by name what it could put together."""
    return any(says(word, text) for word in RUN) and can_spell(_SPELLED, text)


def _is_direct(text: bytes) -> bool:
    if any(name in text for name in _PLAIN) or (b"storage" in text and _SQL.search(text)):
        return True
    return any(
        not found.start() or text[found.start() - 1] not in _BEFORE
        for found in _MODULE.finditer(text)
    )
