"""SQL in tokens, as SQLite's tokenizer has them, in linear time and whatever the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

# After SQLite's `tokenize.c` and `complete.c`: quotes are doubled inside, brackets are not;
# what is not closed goes on to the end, which only for a comment is no fault.
_TOKEN = re.compile(
    r"""
      (?P<space>(?:[ \t\n\f\r\ufeff]++ | --[^\n]*+ | /\*(?:.*?\*/ | .*\Z))++)
    | (?P<semicolon>;)
    | (?P<word>[A-Za-z0-9_$\u0080-\U0010ffff]++)
    | (?P<quoted>'[^']*+(?:''[^']*+)*+' | "[^"]*+(?:""[^"]*+)*+" | `[^`]*+(?:``[^`]*+)*+`
        | \[[^\]]*+\])
    | (?P<open>['"`\[].*)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Kind(Enum):
    """What a token is; SPACE is white space and comments, OPEN a quote that nothing closes."""

    SPACE = "space"
    SEMICOLON = "semicolon"
    WORD = "word"
    QUOTED = "quoted"
    OPEN = "open"
    OTHER = "other"


_KINDS = {kind.value: kind for kind in Kind}


class Token(NamedTuple):
    """A token and where it begins in the text, in characters from 0."""

    kind: Kind
    text: str
    start: int


def tokens(sql: str) -> Iterator[Token]:
    """All tokens of a text; put together they are the text."""
    for found in _TOKEN.finditer(sql):
        yield Token(_KINDS[str(found.lastgroup)], found.group(), found.start())


def significant(sql: str) -> Iterator[Token]:
    """The tokens that are neither white space nor comment."""
    return (token for token in tokens(sql) if token.kind is not Kind.SPACE)


def is_hollow(sql: str) -> bool:
    """Whether a text holds no statement: only white space, comments and semicolons."""
    return all(token.kind is Kind.SEMICOLON for token in significant(sql))
