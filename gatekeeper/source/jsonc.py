"""JSON with comments and trailing commas, read strictly, every value with its place."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from typing import NoReturn

from gatekeeper.errors import Unreadable
from gatekeeper.source.located import MAX_DEPTH, Array, Member, Node, Scalar, Span, Table, decoded

# A line comment ends at a carriage return as well: that is how the parser inside wrangler
# (jsonc-parser) sees it, and what it does not see as commented out must not be so here.
_BLANK = re.compile(r"(?:[ \t\r\n]++|//[^\r\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)*+")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORD = re.compile(r"true|false|null")
_WORDS = {"true": True, "false": False, "null": None}

# Python refuses to turn more digits than this into an int (sys.int_info); JavaScript reads
# every number as a float anyway.
_MAX_DIGITS = 4300


def parse(content: bytes, path: str) -> Node:
    """What the file holds, every value and key located.

    Accepts RFC 8259 JSON and, as wrangler does for `.json` and `.jsonc` alike, comments
    and a comma before a closing bracket. Keys that are given twice are kept twice. Raises
    `Unreadable` with the line for anything else, and for nesting deeper than `MAX_DEPTH`.
    """
    reader = _Reader(decoded(content, path), path)
    node = reader.value(0)
    reader.skip()
    if reader.at < len(reader.text):
        reader.fail("there is something after the end of the value")
    return node


class _Reader:
    """A text and how far it is read."""

    __slots__ = ("at", "lines", "path", "text")

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.at = 0
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def value(self, depth: int) -> Node:
        self.skip()
        if depth > MAX_DEPTH:
            self.fail(f"values stand in each other more than {MAX_DEPTH} deep")
        match self.text[self.at : self.at + 1]:
            case "{":
                return self._table(depth)
            case "[":
                return self._array(depth)
            case '"':
                start = self.at
                return Scalar(self._string(), self._span(start))
            case _:
                return self._number_or_word()

    def skip(self) -> None:
        """Go past white space and comments."""
        blank = _BLANK.match(self.text, self.at)
        self.at = blank.end() if blank else self.at

    def fail(self, reason: str) -> NoReturn:
        line, column = self._place(self.at)
        raise Unreadable(self.path, f"it is no JSON at {line}:{column}: {reason}", line)

    def _table(self, depth: int) -> Table:
        start = self.at
        members: list[Member] = []
        while self._another("}", first=not members):
            members.append(self._member(depth))
        return Table(tuple(members), self._span(start))

    def _array(self, depth: int) -> Array:
        start = self.at
        items: list[Node] = []
        while self._another("]", first=not items):
            items.append(self.value(depth + 1))
        return Array(tuple(items), self._span(start))

    def _another(self, closing: str, *, first: bool) -> bool:
        """Go past the opening bracket, a comma, or the closing bracket."""
        self.skip()
        if first or self._took(","):
            self.at += first
            self.skip()
            return not self._took(closing)
        if not self._took(closing):
            self.fail(f"a comma or {closing} is missing")
        return False

    def _took(self, character: str) -> bool:
        if not self.text.startswith(character, self.at):
            return False
        self.at += 1
        return True

    def _member(self, depth: int) -> Member:
        start = self.at
        key = self._string()
        span = self._span(start)
        self.skip()
        if not self._took(":"):
            self.fail("a colon is missing after the key")
        return Member(key, span, self.value(depth + 1))

    def _string(self) -> str:
        found = _STRING.match(self.text, self.at)
        if not found:
            self.fail("a string in double quotes is missing or not well formed")
        self.at = found.end()
        token = found.group()
        return str(json.loads(token)) if "\\" in token else token[1:-1]

    def _number_or_word(self) -> Scalar:
        start = self.at
        if word := _WORD.match(self.text, start):
            self.at = word.end()
            return Scalar(_WORDS[word.group()], self._span(start))
        number = _NUMBER.match(self.text, start)
        if not number:
            self.fail("a value is missing or not well formed")
        self.at = number.end()
        whole = number.group(1) is None and number.group(2) is None
        read = int if whole and len(number.group()) <= _MAX_DIGITS else float
        return Scalar(read(number.group()), self._span(start))

    def _span(self, start: int) -> Span:
        """From `start` to where the reader is."""
        line, column = self._place(start)
        return Span(line, column, max(line, bisect_right(self.lines, self.at - 1)))

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1
