"""Strings and identifiers of scripts with their escapes resolved (ECMA-262, 12.7 and 12.9.4)."""

from __future__ import annotations

import re

_ESCAPE = re.compile(
    r"\\(?:u\{0*([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-3]?[0-7]{1,2})"
    r"|(\r\n|[\s\S]))"
)
_IN_NAME = re.compile(r"\\u(?:\{0*([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{4}))")
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}
_CONTINUED = frozenset({"\n", "\r", "\r\n", "\u2028", "\u2029"})
_LAST = 0x10FFFF
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def text_of(raw: str) -> str:
    """What stands between the quotation marks of a string or template means."""
    return _paired(_ESCAPE.sub(_resolved, raw)) if "\\" in raw else raw


def name_of(raw: str) -> str:
    r"""An identifier, `Durab\u006ceObject` as `DurableObject`."""
    return _IN_NAME.sub(lambda found: _character(found.group(1) or found.group(2), 16), raw)


def _resolved(found: re.Match[str]) -> str:
    braced, four, two, octal, other = found.groups()
    if digits := braced or four or two:
        return _character(digits, 16)
    if octal:
        return _character(octal, 8)
    return "" if other in _CONTINUED else _PLAIN.get(other, other)


def _character(digits: str, base: int) -> str:
    code = int(digits, base)
    return chr(code) if code <= _LAST else "\ufffd"


def _one(found: re.Match[str]) -> str:
    return found.group().encode("utf-16", "surrogatepass").decode("utf-16")


def _paired(text: str) -> str:
    """The text with surrogates that stand for one character made one."""
    return _PAIR.sub(_one, text)
