"""Which path patterns can match nothing, and which paths no repository holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

Fault = tuple[str, str]
"""What is wrong, and what to do."""

_DRIVE = r"[A-Za-z]:"
# gitignore(5) escapes these; before anything else a backslash was meant to separate.
_ESCAPE = r"\\(?![!#?\[\]\\ ]|\*(?!\*))"
# Matching backtracks: with five wildcards one long path can cost seconds, with seven hours.
_MOST_WILDCARDS = 4
_CONTROL = r"[\x00-\x1f\x7f]"


def glob_fault(pattern: str) -> Fault | None:
    """Why a gitignore pattern can never match a path of a repository; None if it can."""
    body = pattern.removeprefix("!").strip(" ")
    if not body.strip("/"):
        return (f'The pattern "{pattern}" matches nothing.', "Name a path, as in src/**.")
    if pattern.startswith("#"):
        return (f'The pattern "{pattern}" is a comment to git.', r'Write "\#" for the character.')
    return (
        _text_fault(body)
        or _backslash_fault(body)
        or _parts_fault(body.strip("/"))
        or _stars_fault(body)
        or _class_fault(body)
        or _cost_fault(body)
    )


def globs_fault(patterns: Sequence[str]) -> Fault | None:
    """Why a list of patterns, each fine by itself, can never match."""
    if patterns and all(pattern.startswith("!") for pattern in patterns):
        return ("Patterns that begin with ! only take paths out.", "Name what to take them from.")
    return None


def path_fault(path: str) -> Fault | None:
    """Why `path` names no file of a repository; None if it can."""
    if not path.strip("/ ") or path.endswith("/"):
        return (f'"{path}" is no path of a file.', "Name a file, as in contracts/stage-2.md.")
    if path.startswith("/"):
        return (f'"{path}" is absolute.', "Write it relative to the root of the repository.")
    if "\\" in path:
        return (f'"{path}" has a backslash in it.', "Separate folders with /.")
    return _text_fault(path) or _parts_fault(path)


def _text_fault(text: str) -> Fault | None:
    if not text.isprintable() and re.search(_CONTROL, text):
        return (f"{text!r} holds a line break or control character.", "Write it on one line.")
    if ":" in text and re.match(_DRIVE, text):
        return (
            f'"{text}" begins with a drive.',
            "Write it relative to the root of the repository.",
        )
    return None


def _backslash_fault(text: str) -> Fault | None:
    trailing = len(text) - len(text.rstrip("\\"))
    if trailing % 2:
        return (f'The pattern "{text}" ends with a backslash.', "Take it away.")
    if "\\" in text and re.search(_ESCAPE, text.replace("\\\\", "")):
        return (f'The pattern "{text}" has a backslash in it.', "Separate folders with /.")
    return None


def _stars_fault(pattern: str) -> Fault | None:
    """What is wrong with a `**` that is no whole part: git itself reads it in different ways."""
    plain = pattern.replace("\\*", "")
    if any("**" in part and part != "**" for part in plain.split("/")):
        return (
            f'The pattern "{pattern}" has ** beside other characters.',
            "Put it between slashes, as in src/**/x, or write *.",
        )
    if plain.endswith("**/"):
        return (f'The pattern "{pattern}" ends with **/.', "Write ** for all that is below.")
    return None


def _class_fault(pattern: str) -> Fault | None:
    """What is wrong with a character class; only patterns that may have one are compiled."""
    if "[" not in pattern:
        return None
    import warnings

    from pathspec import GitIgnoreSpec

    try:
        with warnings.catch_warnings(action="error"):
            GitIgnoreSpec.from_lines([pattern])
    except (re.error, ValueError, FutureWarning):
        message = f'The pattern "{pattern}" has a character class that cannot be read.'
        return (message, "Name single characters and ranges, as in [a-c_].")
    return None


def _cost_fault(pattern: str) -> Fault | None:
    wildcards = sum(star for star, _ in groupby(pattern.replace("\\*", ""), "*".__eq__))
    floating = "/" not in pattern.rstrip("/")  # found in any folder: one wildcard more
    if wildcards + floating > _MOST_WILDCARDS:
        return (f'The pattern "{pattern}" has too many wildcards.', "Make several of it.")
    return None


def _parts_fault(text: str) -> Fault | None:
    for part in text.split("/"):
        if part in ("", ".", ".."):
            what = f'a part "{part}"' if part else "an empty part"
            message = f'"{text}" has {what}, which no path in a repository has.'
            return (message, "Write it relative to the root of the repository.")
    return None
