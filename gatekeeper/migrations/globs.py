"""The glob in which wrangler's configuration says which files are migrations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

Matches = Callable[[str], bool]

_UNREAD = re.compile(r"^[!#]|[?*+@!]\(|\{[^{},]*\.\.[^{},]*\}|\[\[:")
_LONGEST = 500
_MOST = 64


def glob(pattern: str) -> Matches | None:
    """The test of paths that a glob makes, as minimatch has it with `dot: false`.

    None for what is not read here: extended groups, ranges in braces, character classes by
    name, negation.
    """
    if len(pattern) > _LONGEST or _UNREAD.search(pattern):
        return None
    whole = tuple(islice(_braced(pattern), _MOST + 1))
    if len(whole) > _MOST:
        return None
    try:
        compiled = re.compile("|".join(f"(?:{_expression(each)})" for each in whole), re.DOTALL)
    except re.error:
        return None
    return lambda path: compiled.fullmatch(path) is not None


def _braced(pattern: str) -> Iterator[str]:
    """What a pattern with `{a,b}` stands for; braces without a comma are only braces."""
    found = re.search(r"\{([^{}]*,[^{}]*)\}", pattern)
    if found is None:
        yield pattern
        return
    for part in found.group(1).split(","):
        yield from _braced(pattern[: found.start()] + part + pattern[found.end() :])


def _expression(pattern: str) -> str:
    parts = pattern.split("/")
    found = ""
    for n, part in enumerate(parts):
        is_last = n == len(parts) - 1
        if part == "**":
            inside = r"(?!\.)[^/]+"
            found += rf"{inside}(?:/{inside})*" if is_last else rf"(?:{inside}/)*"
        else:
            found += _part(part) + ("" if is_last else "/")
    return found


def _part(part: str) -> str:
    shown = "" if part.startswith(".") else r"(?!\.)"
    pieces = re.findall(r"\*+|\?|\[[^\]/]+\]|.", part, re.DOTALL)
    return shown + "(?=[^/])" + "".join(map(_piece, pieces))


def _piece(piece: str) -> str:
    if piece.startswith("*"):
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if len(piece) > 1:
        inside = piece[1:-1].replace("\\", "\\\\").replace("[", "\\[")
        negated = inside[:1] in ("!", "^")
        return f"[^/{inside[1:]}]" if negated else f"[{inside}]"
    return re.escape(piece)
