"""Functions that base and head have alike are read once, wherever in the file they stand."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from gatekeeper_rules.suite._written import Written

MOST = 20_000
"""Functions that are remembered; with one more all are forgotten."""

_KNOWN: dict[bytes, Written] = {}


def digest(facts: object) -> bytes:
    """The same for two facts just when they are written alike."""
    return sha256(repr(facts).encode("utf-8", "surrogatepass")).digest()


def read_once(circumstances: object, line: int, read: Callable[[], Written]) -> Written:
    """What `read` gives, or gave for the same circumstances at another line.

    `circumstances` are all that the function's facts depend on, but for the line it begins
    at: its text, and what it finds around it.
    """
    key = digest(circumstances)
    known = _KNOWN.get(key)
    if known is None:
        known = read()
        if len(_KNOWN) >= MOST:
            _KNOWN.clear()
        _KNOWN[key] = known
    return moved(known, line - known.line)


def moved(function: Written, by: int) -> Written:
    """The same function, so many lines further down; what it is never run with stays."""
    if not by:
        return function
    return function._replace(
        line=function.line + by,
        expectations=tuple(each._replace(line=each.line + by) for each in function.expectations),
        faults=tuple(each._replace(line=each.line + by) for each in function.faults),
        calls=tuple(each._replace(line=each.line + by) for each in function.calls),
        exits=tuple(each._replace(line=each.line + by) for each in function.exits),
        around=tuple(each._replace(line=each.line + by) for each in function.around),
    )
