"""Markdown's top-level blocks, and their text without Markdown's marks (CommonMark 0.31)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum, auto

from markdown_it import MarkdownIt
from markdown_it.token import Token

from gatekeeper.value import dataclass

# Inline Markdown takes quadratic time on hostile text; nothing that people agreed on is
# anywhere near these.
MOST_IN_A_TEXT = 4_000
MOST_IN_ALL = 200_000
MOST_BRACKETS = 100
# Where markdown-it stops reading and drops the rest: its CommonMark preset's `maxNesting`,
# counted on the container around the text.
_DEEPEST = 19

_LISTS = ("bullet_list_open", "ordered_list_open")
_CONTAINERS = ("blockquote_open", "list_item_open")
_CHECKBOX = re.compile(r"^\[[ xX]\]\s+")
_PUNCTUATED = re.compile(r"[.:;,!?\u2026]$")


class TooMuch(Exception):
    """A block is too long or too deep to be read; the text says which, `line` where."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line


class Kind(Enum):
    """What a top-level block is; a BULLET is one item of a list, OTHER holds no clause."""

    HEADING = auto()
    BULLET = auto()
    PARAGRAPH = auto()
    BREAK = auto()
    OTHER = auto()


_KINDS = {"heading_open": Kind.HEADING, "paragraph_open": Kind.PARAGRAPH, "hr": Kind.BREAK}


@dataclass(frozen=True, slots=True)
class Block:
    """A top-level block with its lines, from 1, and all that is nested in it.

    `level` is a heading's: 1 for the title's.
    """

    kind: Kind
    line: int
    end_line: int
    column: int
    level: int
    inside: tuple[Token, ...]


class Document:
    """Markdown read once: its blocks in order, and the text of any of them."""

    def __init__(self, text: str) -> None:
        self._parser = MarkdownIt("commonmark")
        self._parser.core.ruler.disable("inline")
        self._definitions: dict[str, object] = {}
        self._read = 0
        self._lines = text.split("\n")
        self.blocks = tuple(self._blocks(self._parser.parse(text, self._definitions)))

    def plain(self, block: Block) -> str:
        """The text of `block` on one line, nested bullets joined in; raises TooMuch."""
        said = ""
        for token in block.inside:
            if token.type in _CONTAINERS and token.level >= _DEEPEST:
                raise TooMuch(block.line, "this is nested too deeply to be read")
            if piece := self._piece(token, block.line):
                joint = "" if not said else " " if _PUNCTUATED.search(said) else "; "
                said += joint + piece
        return said

    def _piece(self, token: Token, line: int) -> str:
        self._read += len(token.content)
        if len(token.content) > MOST_IN_A_TEXT:
            raise TooMuch(line, f"this is too long to be read (over {MOST_IN_A_TEXT:,} characters)")
        if self._read > MOST_IN_ALL:
            raise TooMuch(line, f"there is more text than is read ({MOST_IN_ALL:,} characters)")
        if token.content.count("[") > MOST_BRACKETS:
            raise TooMuch(line, f"this has more than {MOST_BRACKETS} opening brackets")
        if token.type in ("fence", "code_block"):
            return " ".join(token.content.split())
        return self._unmarked(token.content) if token.type == "inline" else ""

    def _unmarked(self, content: str) -> str:
        tokens: list[Token] = []
        text = _CHECKBOX.sub("", content)
        self._parser.inline.parse(text, self._parser, self._definitions, tokens)
        return " ".join("".join(map(_shown, tokens)).split())

    def _blocks(self, tokens: Sequence[Token]) -> Iterator[Block]:
        for token, inside in _siblings(tokens):
            if token.type in _LISTS:
                for item, within in _siblings(inside):
                    yield self._block(Kind.BULLET, item, within)
            else:
                yield self._block(_KINDS.get(token.type, Kind.OTHER), token, inside)

    def _block(self, kind: Kind, token: Token, inside: tuple[Token, ...]) -> Block:
        first, end = token.map or (0, 1)
        while end > first + 1 and not self._lines[end - 1].strip():
            end -= 1
        start = self._lines[first]
        column = len(start) - len(start.lstrip()) + 1
        level = int(token.tag[1:]) if kind is Kind.HEADING else 0
        return Block(kind, first + 1, end, column, level, inside)


def _siblings(tokens: Sequence[Token]) -> Iterator[tuple[Token, tuple[Token, ...]]]:
    """Each outermost token that opens something (or stands alone), with what is in it."""
    start = 0
    while start < len(tokens):
        end = start
        if tokens[start].nesting == 1:
            end = _closing(tokens, start)
        yield tokens[start], tuple(tokens[start + 1 : end])
        start = end + 1


def _closing(tokens: Sequence[Token], start: int) -> int:
    level = tokens[start].level
    return next(
        index
        for index in range(start + 1, len(tokens))
        if tokens[index].nesting == -1 and tokens[index].level == level
    )


def _shown(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    if token.type == "html_inline":
        return " " if token.content.lower().startswith("<br") else ""
    return token.content
