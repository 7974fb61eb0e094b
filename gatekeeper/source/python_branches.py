"""Whether Python code has a branch that type checkers pass over, as far as its lines show."""

from __future__ import annotations

import re

_NAME = rb"(?:TYPE_CHECKING|MYPY)\b"
_NOT = re.compile(rb"\bnot\s[^\n]*" + _NAME)
_OTHERWISE = re.compile(
    rb"(?m)^([ \t]*)(?:el)?if\b[^\n]*" + _NAME + rb"[^\n]*\n"
    rb"(?:\1[ \t]+[^\n]*\n|[ \t]*\n)*+"
    rb"\1el(?:se|if)\b"
)


def has_passed_over(content: bytes) -> bool:
    """Whether something stands under `not TYPE_CHECKING`, or under the `else` of it."""
    if b"TYPE_CHECKING" not in content and b"MYPY" not in content:
        return False
    return _NOT.search(content) is not None or _OTHERWISE.search(content) is not None
