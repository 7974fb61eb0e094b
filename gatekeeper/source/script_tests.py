"""The tests that a script of vitest, jest or their like writes down, by their titles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gatekeeper.cache import Extractor
from gatekeeper.source.comment_sheet import line_starts
from gatekeeper.source.script_comments import BREAK, scan

SUFFIXES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")

_CALL = re.compile(
    r"(?<![\w$.])(?:describe|suite|it|test|[fx](?:describe|it|test))\b(?:\s*\.\s*\w+)*\s*(?=[(`])"
)
_OPEN, _CLOSING = "([{", {")": "(", "]": "[", "}": "{"}
_SPACE = re.compile(r"\s*")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_FILLED = re.compile(r"%[a-z#$]|\$\{[^{}]*\}|\$[\w.]+")
_LONGEST = 4000
_JOINTS = (" > ", " ")  # vitest's, and jest's
_AGAIN = re.compile(r" \([0-9]+\)\Z")


class Titles(NamedTuple):
    """The lines (from 1) of tests and groups by all their titles, joined as runs join them.

    `filled` are those into which `each` or a template fills something.
    """

    plain: Mapping[str, int]
    filled: tuple[tuple[str, int], ...]

    def line_of(self, name: str) -> int | None:
        """The line of the test that a run calls so, below its file; None where none is."""
        for called in (name, _AGAIN.sub("", name)):
            if called in self.plain:
                return self.plain[called]
        said = [(_said(title, name), line) for title, line in self.filled]
        most, line = max(said, key=lambda each: each[0], default=(-1, 0))
        return line if most >= 0 else None


def _said(title: str, name: str) -> int:
    """How much of a name a title says, whatever is filled in; -1 where it is another's."""
    begins, *pieces = _FILLED.split(title)
    at = len(begins)
    for piece in pieces[:-1]:
        found = name.find(piece, at)
        at = found + len(piece) if found >= 0 else len(name) + 1
    fits = name.startswith(begins) and name.endswith(pieces[-1])
    return sum(map(len, (begins, *pieces))) if fits and at + len(pieces[-1]) <= len(name) else -1


def _read(content: bytes, path: str) -> Titles:
    text = content.decode("utf-8-sig", "replace")
    _, bare = scan(text, path, jsx=not path.endswith((".ts", ".mts", ".cts")))
    plain: dict[str, int] = {}
    filled: list[tuple[str, int]] = []
    for titles, line in _titled(text, bare):
        if sum(map(len, titles)) > _LONGEST:
            continue
        for joined in dict.fromkeys(sign.join(titles) for sign in _JOINTS):
            if _FILLED.search(joined):
                filled.append((joined, line))
            else:
                plain.setdefault(joined, line)
    return Titles(plain, tuple(filled))


SCRIPT_TESTS: Extractor[Titles] = Extractor("script tests", 1, _read)
"""Raises `Unreadable` for a script that cannot be told apart into code and comments."""


def _titled(text: str, bare: str) -> Iterator[tuple[list[str], int]]:
    """The titles of each call that has one, those around it first, and its line."""
    closes = _closes(bare)
    starts = line_starts(text, BREAK)
    around: list[tuple[int, str]] = []
    line = 0
    for call in _CALL.finditer(bare):
        opened = _arguments(bare, call.end(), closes)
        title = _title(text, bare, opened)
        if title is None:
            continue
        while around and around[-1][0] < call.start():
            around.pop()
        while line < len(starts) and starts[line] <= call.start():
            line += 1
        around.append((closes.get(opened, len(bare)), title))
        yield [each for _, each in around], line


def _closes(bare: str) -> Mapping[int, int]:
    """Where each bracket is closed."""
    closes: dict[int, int] = {}
    waiting: list[int] = []
    for found in re.finditer(r"[()\[\]{}]", bare):
        if found.group() in _OPEN:
            waiting.append(found.start())
        elif waiting and bare[waiting[-1]] == _CLOSING[found.group()]:
            closes[waiting.pop()] = found.start()
    return closes


def _arguments(bare: str, at: int, closes: Mapping[int, int]) -> int:
    """The bracket before the title: behind the table, where `each` is given one first."""
    while at < len(bare):
        end = bare.find("`", at + 1) if bare[at] == "`" else closes.get(at, -1)
        if end < 0:
            return at
        after = _after_space(bare, end + 1)
        if not bare.startswith("(", after):
            return at
        at = after
    return at


def _title(text: str, bare: str, opened: int) -> str | None:
    start = _after_space(bare, opened + 1)
    quote = bare[start : start + 1]
    if not bare.startswith("(", opened) or quote not in ("'", '"', "`"):
        return None
    end = bare.find(quote, start + 1)
    return _ESCAPE.sub(r"\1", text[start + 1 : end]) if end > 0 else None


def _after_space(bare: str, at: int) -> int:
    found = _SPACE.match(bare, at)
    return found.end() if found else at
