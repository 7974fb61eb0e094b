"""Texts that hold JSON: opened, and written again as they were written."""

from __future__ import annotations

import json

from gatekeeper.carrying.document import Json, parsed
from gatekeeper.value import dataclass

_WAYS: tuple[tuple[str, str], ...] = ((", ", ": "), (",", ":"))
"""What stands between values, as Python and as JavaScript write it."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """The value that a text holds, and how the text was written."""

    value: Json
    between: tuple[str, str]
    escaped: bool

    def text(self, value: Json) -> str:
        """Another value, written in the same way."""
        return json.dumps(value, separators=self.between, ensure_ascii=self.escaped)


def embedded(text: str) -> Embedded | None:
    """What a text holds that is an object or a list in JSON, written in a way that is known."""
    if not text.startswith(("{", "[")):
        return None
    try:
        value = parsed(text.encode("utf-8"))
        if not isinstance(value, dict | list):
            return None
        ways = (Embedded(value, way, escaped) for way in _WAYS for escaped in (False, True))
        return next((each for each in ways if each.text(value) == text), None)
    except ValueError:
        return None
