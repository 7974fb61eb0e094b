"""Which modules a script takes something from, told from its bytes without parsing it."""

from __future__ import annotations

import re

from gatekeeper.cache import Extractor
from gatekeeper.source.script_strings import text_of

_GAP = rb"(?:\s|/\*(?:[^*]|\*(?!/))*+\*/|//[^\r\n]*+)*+"
_TAKEN = re.compile(
    rb"(?:\bfrom|\bimport|\brequire|\bgetBuiltinModule)"
    + _GAP
    + rb"\(?"
    + _GAP
    + rb"(?:\"((?:[^\"\\\r\n]|\\.)*+)\"|'((?:[^'\\\r\n]|\\.)*+)'|`((?:[^`\\$]|\\.)*+)`)"
)
MOST_TAKEN = 5_000
"""Specifiers of one script that are told; a bundle has some hundred."""


def taken(content: bytes) -> tuple[str, ...]:
    """The specifiers that stand behind `from`, `import` and `require`, each once.

    More than there are, where a comment or a string reads like an import; less, where a
    specifier is put together from pieces.
    """
    found = (next(filter(None, each.groups()), b"") for each in _TAKEN.finditer(content))
    said = dict.fromkeys(text_of(each.decode("utf-8", "replace")) for each in found)
    return tuple(said)[:MOST_TAKEN]


def _read(content: bytes, _: str) -> tuple[str, ...]:
    return taken(content)


def _unpack(data: object) -> tuple[str, ...]:
    match data:
        case list(said) if all(isinstance(each, str) for each in said):
            return tuple(said)
    raise ValueError("these are no specifiers")


SCRIPT_TAKEN: Extractor[tuple[str, ...]] = Extractor("what a script takes", 1, _read, list, _unpack)
