"""Plain data as YAML that people read and any safe loader takes: words bare, the rest quoted."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

# No sign that means something to YAML, at the beginning or inside a flow list.
_BARE = re.compile(
    r"[A-Za-z/][\w./@~+-]*(?:\*{1,2}[\w./@~+-]*)*(?: [\w./@~+-][\w./@~+*-]*)*", re.ASCII
)
_TAKEN = re.compile(r"(?i:null|true|false|yes|no|on|off|y|n|~)|\d.*", re.ASCII)


def scalar(value: object) -> str:
    """One value; text that could be taken for something else is quoted."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    if _BARE.fullmatch(value) and not _TAKEN.fullmatch(value):
        return value
    return quoted(value)


def quoted(text: str) -> str:
    """Text in double quotes, whatever it holds, on one line."""
    return "".join(_shown(character) for character in json.dumps(text, ensure_ascii=False))


def flow(value: object) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


def comment(text: str) -> str:
    """Text that may stand behind a `#`: one line, nothing that a terminal would obey."""
    return "".join(each if each.isprintable() else " " for each in text)


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    return f"\\U{ord(character):08x}"
