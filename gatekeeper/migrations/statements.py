"""A script in statements, cut where SQLite says that one is complete."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from gatekeeper.migrations.tokens import Kind, Token, tokens
from gatekeeper.value import dataclass


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement without what stands before it; `line` is its first, from 1.

    `tokens` are all but white space and comments; the semicolon that ends it is the last of
    them where it is `complete`. `start` and `end` are where it stands in the text.
    """

    text: str
    line: int
    start: int
    end: int
    tokens: tuple[Token, ...]
    complete: bool

    @property
    def words(self) -> tuple[str, ...]:
        """Its first few words, in capitals, up to what is no word."""
        found: list[str] = []
        for token in self.tokens[:_FIRST]:
            if token.kind is not Kind.WORD:
                break
            found.append(token.text.upper())
        return tuple(found)


_FIRST = 4


class _State(Enum):
    """The states of SQLite's `sqlite3_complete` (complete.c)."""

    START = 0
    NORMAL = 1
    EXPLAIN = 2
    CREATE = 3
    TRIGGER = 4
    SEMICOLON = 5
    END = 6


def statements(sql: str) -> tuple[Statement, ...]:
    """The statements of a text; a last one may be incomplete. Lone semicolons are none."""
    return tuple(_statements(sql))


def _statements(sql: str) -> Iterator[Statement]:
    line, counted = 1, 0
    for group, complete in _grouped(sql):
        start, end = group[0].start, group[-1].start + len(group[-1].text)
        line += sql.count("\n", counted, start)
        counted = start
        yield Statement(sql[start:end], line, start, end, tuple(group), complete)


def _grouped(sql: str) -> Iterator[tuple[list[Token], bool]]:
    state = _State.START
    group: list[Token] = []
    for token in tokens(sql):
        if token.kind is Kind.SPACE:
            continue
        state = _next(state, token)
        if group or token.kind is not Kind.SEMICOLON:
            group.append(token)
        if state is _State.START and group:
            yield group, True
            group = []
    if group:
        yield group, False


def _next(state: _State, token: Token) -> _State:
    if token.kind is Kind.SEMICOLON:
        inside = state in (_State.TRIGGER, _State.SEMICOLON)
        return _State.SEMICOLON if inside else _State.START
    word = token.text.upper() if token.kind is Kind.WORD else ""
    return _AFTER.get((state, word)) or _OTHERWISE.get(state, state)


_AFTER = {
    (_State.START, "EXPLAIN"): _State.EXPLAIN,
    (_State.START, "CREATE"): _State.CREATE,
    (_State.EXPLAIN, "CREATE"): _State.CREATE,
    **{
        (_State.EXPLAIN, word): _State.NORMAL
        for word in ("EXPLAIN", "TEMP", "TEMPORARY", "TRIGGER", "END")
    },
    (_State.CREATE, "TEMP"): _State.CREATE,
    (_State.CREATE, "TEMPORARY"): _State.CREATE,
    (_State.CREATE, "TRIGGER"): _State.TRIGGER,
    (_State.SEMICOLON, "END"): _State.END,
}
_OTHERWISE = {
    _State.START: _State.NORMAL,
    _State.CREATE: _State.NORMAL,
    _State.SEMICOLON: _State.TRIGGER,
    _State.END: _State.TRIGGER,
}
