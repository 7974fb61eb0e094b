"""SQL in lexemes, so that two texts can be compared by what they say.

Source: https://www.sqlite.org/lang_keywords.html, https://www.sqlite.org/draft/tokenreq.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import lru_cache

from gatekeeper.value import dataclass


class Kind(Enum):
    """What a lexeme is."""

    WORD = "word"  # a keyword, or a name without quotes
    QUOTED = "quoted name"  # "a", [a] or `a`: a name (or, where none fits, a string)
    STRING = "string"
    BLOB = "blob"
    NUMBER = "number"
    VARIABLE = "variable"
    SIGN = "sign"
    OPEN = "unterminated"  # a string, name or comment without its end


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A lexeme with where it begins; `value` is what it means: a name without its quotes."""

    kind: Kind
    value: str
    start: int
    end: int

    @property
    def key(self) -> tuple[str, str]:
        """Equal for lexemes that say the same: names compare without case and quotes."""
        if self.kind in (Kind.WORD, Kind.QUOTED):
            return ("name", self.value.lower())
        if self.kind in (Kind.NUMBER, Kind.BLOB):
            return (self.kind.value, self.value.lower())
        return (self.kind.value, self.value)


_TOKEN = re.compile(
    r"""
      (?P<space>[ \t\n\f\r]+|--[^\n]*|/\*.*?(?:\*/|\Z))
    | (?P<blob>[xX]'[0-9a-fA-F]*')
    | (?P<string>'(?:[^']|'')*')
    | (?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])
    | (?P<number>(?:0[xX][0-9a-fA-F]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?))
    | (?P<word>[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_$\x80-\U0010ffff]*)
    | (?P<variable>\?\d*|[:@\#$][A-Za-z0-9_$\x80-\U0010ffff:]+)
    | (?P<open>['"`\[].*)
    | (?P<sign><>|<=|>=|<<|>>|\|\||==|!=|->>|->|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_KINDS = {
    "blob": Kind.BLOB,
    "string": Kind.STRING,
    "quoted": Kind.QUOTED,
    "number": Kind.NUMBER,
    "word": Kind.WORD,
    "variable": Kind.VARIABLE,
    "open": Kind.OPEN,
    "sign": Kind.SIGN,
}


@lru_cache(maxsize=64)
def lexemes(sql: str) -> tuple[Lexeme, ...]:
    """The lexemes of a text, without white space and comments; never raises."""
    return tuple(_lexemes(sql))


def _lexemes(sql: str) -> Iterator[Lexeme]:
    for match in _TOKEN.finditer(sql):
        name = match.lastgroup or "sign"
        if name == "space":
            continue
        kind, text = _KINDS[name], match.group()
        yield Lexeme(kind, _meant(kind, text), match.start(), match.end())


def _meant(kind: Kind, text: str) -> str:
    if kind is Kind.QUOTED:
        return text[1:-1] if text[0] == "[" else text[1:-1].replace(text[0] * 2, text[0])
    return text


def keys(found: Iterable[Lexeme]) -> tuple[tuple[str, str], ...]:
    """What lexemes say, for comparison."""
    return tuple(lexeme.key for lexeme in found)


def said(found: Iterable[Lexeme]) -> str:
    """Lexemes as one line, for people."""
    return " ".join(lexeme.value for lexeme in found)


def is_hollow(sql: str) -> bool:
    """Whether a text holds no statement: only white space, comments and semicolons."""
    return all(each.value == ";" for each in lexemes(sql))
