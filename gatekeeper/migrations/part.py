"""A script in the parts that an engine runs one after the other, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from gatekeeper.migrations.statements import statements
from gatekeeper.migrations.tokens import tokens
from gatekeeper.value import dataclass

# A statement up to its semicolon where no trigger has others inside; it does not match where
# a quote or a comment does not end. A tenth of the time of going from token to token.
_STATEMENT = re.compile(
    r"""
      (?:[ \t\n\f\r\ufeff;]++ | --[^\n]*+\n | /\*.*?\*/)*+
      (?P<text>
        (?:[^;'"`\[/-]++ | '[^']*+' | "[^"]*+" | `[^`]*+` | \[[^\]]*+\]
          | --[^\n]*+\n | -(?!-) | /\*.*?\*/ | /(?!\*)
        )++
        ;
      )
    """,
    re.VERBOSE | re.DOTALL,
)
_TRIGGER = re.compile("trigger", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z0-9_$\u0080-\U0010ffff]*")


@dataclass(frozen=True, slots=True)
class Part:
    """One statement of a script: its text, the line it begins on, its first word in capitals."""

    text: str
    line: int = 1
    word: str = ""


@lru_cache(maxsize=512)
def parts(text: str, line: int = 1) -> tuple[Part, ...]:
    """The statements of a text that begins at `line`."""
    return tuple(_parts(text, line))


def _parts(text: str, line: int) -> Iterator[Part]:
    end = counted = 0
    is_simple = _TRIGGER.search(text) is None
    while is_simple and (found := _STATEMENT.match(text, end)):
        end, start = found.end(), found.start("text")
        line += text.count("\n", counted, start)
        counted = start
        yield _part(found["text"], line)
    line += text.count("\n", counted, end)
    for each in statements(text[end:]):
        yield _part(each.text, line - 1 + each.line)


def _part(text: str, line: int) -> Part:
    word = _WORD.match(text)
    return Part(text, line, word.group().upper() if word else "")


def placeholders(sql: str) -> tuple[int, ...]:
    """Where each `?` of a statement stands, those in strings and comments left out."""
    return tuple(token.start for token in tokens(sql) if token.text == "?")


def unfit(part: Part) -> str:
    """Why no engine can be given a statement; "" where it can."""
    if "\0" in part.text:
        return "there is a NUL character in it, where SQLite stops reading"
    try:
        part.text.encode()
    except UnicodeEncodeError:
        return "it is not UTF-8"
    return ""
