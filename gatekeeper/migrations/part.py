"""A script in the parts that an engine runs one after the other, each with its line."""

from __future__ import annotations

from gatekeeper.migrations.statements import statements
from gatekeeper.migrations.tokens import tokens
from gatekeeper.value import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One statement of a script: its text, the line it begins on, its first word in capitals."""

    text: str
    line: int = 1
    word: str = ""


def parts(text: str, line: int = 1) -> tuple[Part, ...]:
    """The statements of a text that begins at `line`."""
    return tuple(
        Part(each.text, line - 1 + each.line, next(iter(each.words), ""))
        for each in statements(text)
    )


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
