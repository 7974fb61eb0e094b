"""The strings of a Python file as its bytes show them, without a parser."""

from __future__ import annotations

import re
from ast import literal_eval
from typing import NamedTuple

from gatekeeper.migrations.query_shape import Reads, reads

_TOKEN = re.compile(
    rb"""
    (?P<comment>\#[^\n]*)
    | (?P<prefix>\b[A-Za-z]{0,3}+)?
      (?:(?P<triple>\"{3}(?:[^"\\]|\\.|"(?!""))*+\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*+'{3})
        | (?P<single>"(?:[^"\\\n]|\\.)*+" | '(?:[^'\\\n]|\\.)*+'))
    | (?P<stray>["'])
    """,
    re.VERBOSE | re.DOTALL,
)
_CLOSED = re.compile(rb"(?:[^{}]++|\{\{|\}\}|\{(?:[^{}]++|\{[^{}]*+\})*+\})*+")
"""What a string with holes is like whose holes all end in it."""

_NEAR = 200
_FOLDED_WORDS = b"""
join format replace strip lstrip rstrip encode decode text dedent cleandoc str SQL TextClause cast
append extend insert
if elif while return yield await assert in is not and or else lambda print del raise from import
"""
_FOLDED = frozenset(_FOLDED_WORDS.split())
"""Calls whose arguments become a part of a string, and words that are no call."""

_ARGUMENT = re.compile(rb"(?<![\w\x80-\xff])(\w++)\(\Z")
_ARGUMENT_ENDS = re.compile(rb"\s*+[,)]")
_COMPARED = re.compile(rb"[=!]=\Z")
_COMPARED_ENDS = re.compile(rb"\s*+(?:[:),}\]]|and\b|or\b)")
_KEY_ENDS = re.compile(rb"\s*+:")
_HEADER = re.compile(rb"[\w)\]]:\Z")
_STATEMENT = re.compile(
    rb"""[ \t]*+\r?\n(?:\s|\#[^\n]*\n)*+
    (?!(?:or|and|in|is|not|else)\b)(?:@|[A-Za-z_]\w*+(?!["'\w])|\Z)""",
    re.VERBOSE,
)

_DOCSTRING = re.compile(rb'"{3}(?:[^"\\]|\\.|"(?!""))*+"{3}', re.DOTALL)
FIRST_WORD = re.compile(r"(?:[\s;\ufeff]++|--[^\n]*+\n|/\*.*?\*/)*+(\w++)", re.DOTALL)


class Literal(NamedTuple):
    """A string or a comment: offsets in bytes, of its prefix, its body, its quotes and its end.

    `has_holes` says that other code can stand in it.
    """

    start: int
    body: int
    closing: int
    end: int
    has_holes: bool
    is_comment: bool


def literals(content: bytes) -> tuple[Literal, ...] | None:
    """The strings and comments of a file, in their order; None where that is not clear."""
    found: list[Literal] = []
    for match in _TOKEN.finditer(content):
        start, end = match.span()
        if match["stray"]:
            return None
        if match["comment"]:
            found.append(Literal(start, start, end, end, has_holes=False, is_comment=True))
            continue
        prefix, quotes = match["prefix"] or b"", 3 if match["triple"] else 1
        holes = b"f" in prefix.lower() or b"t" in prefix.lower()
        body = start + len(prefix) + quotes
        if holes and not _CLOSED.fullmatch(content, body, end - quotes):
            return None  # strings in it may have the same quotes
        holes = holes and b"{" in content[body:end]
        found.append(Literal(start, body, end - quotes, end, has_holes=holes, is_comment=False))
    return tuple(found)


def first_word(content: bytes, literal: Literal) -> str | None:
    """The word that a string begins with, in capitals; None where only its code would say.

    So it is where something is put in before any word.
    """
    text = None if literal.has_holes else _evaluated(content[literal.start : literal.end])
    if text is None:
        return None
    found = FIRST_WORD.match(text)
    if found is None:
        return None if "{" in text or "%" in text else "-"
    return found[1].upper()


def is_harmless_docstring(content: bytes, at: int) -> bool:
    """Whether the last of three quotes that stand here begin a docstring that is no SQL.

    Where they are the end of a string, the answer is of no use, and does no harm: what begins
    a string is asked about by itself.
    """
    start = at - 2
    if content[start : at + 1] != b'"""':
        return False
    found = _DOCSTRING.match(content, start)
    if found is None or not _HEADER.search(_before(content, start)):
        return False
    if not _STATEMENT.match(content, found.end()):
        return False
    text = _evaluated(found.group())
    return text is not None and reads(text, handed=False) is Reads.NOT


def reads_alone(content: bytes, literal: Literal) -> bool:
    """Whether a string reads as SQL, or may be a part of one that does.

    It stands alone as a statement, as a key, compared with something, or handed to a call that
    puts it into no other string.
    """
    if literal.has_holes or not _stands_alone(content, literal):
        return True
    text = _evaluated(content[literal.start : literal.end])
    return text is None or reads(text, handed=False) is not Reads.NOT


def _evaluated(source: bytes) -> str | None:
    try:
        text = literal_eval(source.decode())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    if isinstance(text, bytes):
        return text.decode("utf-8", "replace")
    return text if isinstance(text, str) else None


def _stands_alone(content: bytes, literal: Literal) -> bool:
    before = _before(content, literal.start)
    if _HEADER.search(before):
        return _STATEMENT.match(content, literal.end) is not None
    if _COMPARED.search(before) and _COMPARED_ENDS.match(content, literal.end):
        return True
    if before[-1:] in (b"{", b",") and _KEY_ENDS.match(content, literal.end):
        return True
    called = _ARGUMENT.search(before)
    if called is None or called[1] in _FOLDED:
        return False
    return _ARGUMENT_ENDS.match(content, literal.end) is not None


def _before(content: bytes, at: int) -> bytes:
    """The code before a place; nothing where it may be a comment."""
    before = content[max(0, at - _NEAR) : at].rstrip()
    return b"" if b"#" in before.rpartition(b"\n")[2] else before
