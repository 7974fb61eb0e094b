"""Whether a Python file can hold SQL, told from its bytes, so that few files need be parsed."""

from __future__ import annotations

import re
from bisect import bisect_right
from unicodedata import normalize

from gatekeeper.migrations.query_literals import (
    Literal,
    first_word,
    is_harmless_docstring,
    literals,
    reads_alone,
)
from gatekeeper.migrations.query_splits import STARTS, can_make, is_beginning
from gatekeeper.source.python_text import LARGEST, is_plain

CAN_HOLD = re.compile(
    rb"select|insert|update|delete|replace|create|alter|drop|pragma|with|prepare|exec|raw|tables|read_sql|to_sql",
    re.IGNORECASE,
)
"""What a file has somewhere in it if it has SQL."""

# What is named so is handed SQL, reads a table by its name, or makes tables.
_CALLS = re.compile(
    rb"\.(?:\s|\\\r?\n|#[^\n]*\n)*+(?:prepare|exec|execute|executemany|executescript|execute_sql"
    rb"|exec_driver_sql|raw|batch|fetch_all|fetch_one|fetch_val|fetchall|fetchone|fetchval"
    rb"|execute_many|create_all|drop_all|create_tables?|generate_schemas)\b|read_sql|to_sql"
)
_LONE_RETURN = re.compile(rb"\r(?!\n)")
"""What ends a line for Python, and for nothing that is told from bytes here."""

_ALMOST_ASCII = ("\u0131".encode(), "\u017f".encode())
"""The two letters that are none of ASCII, but whose capitals are."""

# A word that SQL begins with, or the first letters of one, at the beginning of a string or right
# behind what is put into one: a quote, the end of a hole, a field of `%`.
_BEGINS = re.compile(
    rb"""(?:["'}]|%(?:\([\w\x80-\xff]*\))?[^%"'])(?:[\s;\x1c-\x1f\x80-\xff]|\\(?-i:[\r\nabfnrtv]))*+
    (?=[acdeghilmnoprstuwx\\/-])
    (?:(?P<word>select|insert|replace|update|delete|with|create|alter|drop|pragma|explain)
        (?![a-z0-9_])
      |(?P<odd>[a-z]{0,8}\\(?-i:[xuUN0-7\r\n])|/[*\\]|-[-\\])
      |(?P<part>[a-z]{1,7})(?=["'{%]))""",
    re.IGNORECASE | re.VERBOSE,
)
_BLANK = re.compile(rb"(?:[\s;\x1c-\x1f\x80-\xff]|\\[\r\nabfnrtv])*+")
_SPACE = rb"(?:[\s;\x80-\xff]|\\[\r\nabfnrtv])++"
_FOLLOWS = {
    b"create": rb"temp|unique|table|view|trigger|virtual|index",
    b"alter": rb"table",
    b"drop": rb"table|view|index|trigger",
    b"delete": rb"from",
}
_FOLLOWED = {
    word: re.compile(
        rb"""["'{%%\\;/-]|%s(?:["'{%%\\/-]|[a-z]*["'{%%\\]|(?:%s))""" % (_SPACE, after),
        re.IGNORECASE,
    )
    for word, after in _FOLLOWS.items()
}
_AS = re.compile(
    rb"""(?:\\[abfnrtv]|(?<!\w))
    a(?:s(?:[\s\x80-\xff]|\\[\r\nabfnrtv])*+(?:["'({%\\/-]|materialized|not\b)|["'{%\\])
    |\\(?-i:[xuUN0-7])""",
    re.IGNORECASE | re.VERBOSE,
)
"""What a file with WITH has, or may have: AS and what follows it, cut or spelled out."""

_WITH_CUT = re.compile(rb"""(?:%s)?+(?:\w++(?:%s)?+){0,2}["'{%%\\(/-]""" % (_SPACE, _SPACE))
"""What follows a WITH whose AS may stand in another file: hardly a word, and the string's end."""

_GOES_ON = re.compile(rb"[\n\\{%]")
"""What ends a comment of SQL in a string, or may."""


def has_evidence(content: bytes) -> bool:
    """Whether a file has what a file with SQL of its own, or with letters of it, must have.

    True too often rather than too rarely: a call that takes SQL, or a string that begins with a
    word of SQL, in one piece or put together from pieces that all stand in this file.
    """
    if len(content) > LARGEST or b"\0" in content or not is_plain(content):
        return True
    if _LONE_RETURN.search(content) or _CALLS.search(content):
        return True
    if not (content.isascii() or _reads_as_ascii(content)):
        return True
    begun = _begun(content)
    if not begun:
        return False
    parts = {each["part"].upper() for each in begun if each["part"] is not None}
    if parts and can_make(content, parts):
        return True
    return _begins_sql(content, [each for each in begun if each["part"] is None])


def _reads_as_ascii(content: bytes) -> bool:
    """Whether no name is another one once Python has read it, and no letter another's capital.

    What is not UTF-8 is left to the parser, which says so.
    """
    if any(each in content for each in _ALMOST_ASCII):
        return False
    try:
        text = normalize("NFKC", content.decode())
    except UnicodeDecodeError:
        return False
    return _CALLS.search(text.encode()) is None


def _begun(content: bytes) -> list[re.Match[bytes]]:
    """Where something begins that may be SQL; AS can stand before the WITH it is put behind."""
    found = [each for each in _BEGINS.finditer(content) if not _is_harmless(content, each)]
    if any(map(_is_with, found)) and not _AS.search(content):
        return [each for each in found if not _is_with(each) or _is_cut(content, each)]
    return found


def _is_cut(content: bytes, match: re.Match[bytes]) -> bool:
    return _WITH_CUT.match(content, match.end("word")) is not None


def _is_with(match: re.Match[bytes]) -> bool:
    return match["word"] is not None and match["word"].lower() == b"with"


def _is_harmless(content: bytes, match: re.Match[bytes]) -> bool:
    """Whether a match is none, wherever it stands: no string has to be looked for."""
    if match["part"] is not None:
        return not is_beginning(match)
    if match["word"] is None:
        return False
    word = match["word"].lower()
    if word in _FOLLOWED and not _FOLLOWED[word].match(content, match.end("word")):
        return True
    return is_harmless_docstring(content, match.start())


def _begins_sql(content: bytes, begun: list[re.Match[bytes]]) -> bool:
    found = literals(content) if begun else ()
    if found is None:
        return True
    starts = [each.start for each in found]
    for match in begun:
        at = bisect_right(starts, match.start()) - 1
        if at >= 0 and _can_begin(content, match, found[at]):
            return True
    return False


def _can_begin(content: bytes, match: re.Match[bytes], literal: Literal) -> bool:
    """Whether a match stands at the beginning of a string that can be SQL, or be a part of it."""
    if match.start() >= literal.end or literal.is_comment:
        return False
    if literal.has_holes and match.start() >= literal.body:
        return True  # another string can stand in it
    if match.start() >= literal.closing:
        return False
    if match.start() == literal.body - 1:
        return _can_go_on(content, match["odd"], literal)
    blank = _BLANK.match(content, literal.body)
    first = blank.end() if blank is not None else literal.body
    return content[first : first + 1] in (b"{", b"%")


def _can_go_on(content: bytes, odd: bytes | None, literal: Literal) -> bool:
    """Whether a string is SQL or a part of it that begins with a word, or with a comment (`odd`).

    An escape (`odd` as well) is looked at as what it stands for.
    """
    if odd is None:
        return reads_alone(content, literal)
    if odd == b"--":
        return _GOES_ON.search(content, literal.body, literal.closing) is not None
    word = None if odd[:1] in (b"/", b"-") else first_word(content, literal)
    return word is None or any(word in each for each in STARTS)
