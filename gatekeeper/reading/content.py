"""The bytes a tool wrote, as text or as JSON, held to bounds."""

from __future__ import annotations

import codecs
import gc
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

from gatekeeper.reading.unusable import Unusable

LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file that any reader of a format takes."""

MOST = 500_000
"""Tests, warnings, files or the like that are read of one file; lines of code may be more."""

_WIDEST = 80
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def bounded(content: bytes) -> bytes:
    """The content itself; raises Unusable where there is none of it, or too much."""
    if len(content) > LARGEST:
        raise Unusable(f"it holds {len(content)} bytes, and {LARGEST} are read at most")
    if not content.strip():
        raise Unusable("it is empty")
    return content


def not_too_many(count: int, what: str) -> None:
    """Raise Unusable where a file holds more than `MOST` of something."""
    if count > MOST:
        raise Unusable(f"it holds more than {MOST} {what}")


def text_of(content: bytes) -> str:
    """The text: UTF-8 with or without a byte order mark, or UTF-16 with one.

    Raises Unusable for other encodings, and for a file that is empty or too large.
    """
    encoding = "utf-16" if bounded(content).startswith(_UTF_16) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.removesuffix("-sig").upper()
        raise Unusable(f"it is no {name} text at byte {error.start}") from None


def json_of(content: bytes) -> object:
    """The value of a JSON file; raises Unusable for what is no JSON, or is ambiguous."""
    return parsed(text_of(content))


def parsed(text: str) -> object:
    """The value of a JSON text in which no key is given twice; raises Unusable."""
    try:
        value: object = json.loads(text, object_pairs_hook=_once, parse_constant=_refused)
    except json.JSONDecodeError as error:
        place = f"{error.lineno}:{error.colno}"
        raise Unusable(f"it is no JSON at {place}, or is cut off: {error.msg}") from None
    except RecursionError:
        raise Unusable("its values stand in each other too deep") from None
    except ValueError as error:
        raise Unusable(f"it is no JSON that can be read: {error}") from None
    return value


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) != len(pairs):
        times = Counter(key for key, _ in pairs)
        [(twice, _)] = times.most_common(1)
        raise Unusable(f"the key {shown(twice)} is given twice in one object")
    return table


def _refused(word: str) -> NoReturn:
    raise Unusable(f"it holds {word}, which is no JSON")


@contextmanager
def in_one_go() -> Iterator[None]:
    """Look for no garbage meanwhile: of the much that a reader makes, most stays."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def shown(value: object) -> str:
    """A value as an error may quote it: short, and without control characters."""
    if isinstance(value, str):
        return repr(value) if len(value) <= _WIDEST else f"{value[:_WIDEST]!r}…"
    if isinstance(value, dict | list):
        return "an array" if isinstance(value, list) else "an object"
    return repr(value)[:_WIDEST]
