"""Conditions of a migration that turn out otherwise elsewhere: by chance, clock or catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper.migrations.lexemes import Kind, Lexeme, lexemes
from gatekeeper.migrations.migration import Migration
from gatekeeper.migrations.part import parts

_CONDITIONS = frozenset(("where", "when", "having", "on", "limit", "offset", "by", "iif", "nullif"))
_ENDS = frozenset(("then", "else", "set", "select", "values", "returning", "union", "from"))
_CHANCE = frozenset(("random", "randomblob"))
_MOMENTS = frozenset(("current_timestamp", "current_date", "current_time"))
_CLOCK = frozenset(("date", "time", "datetime", "julianday", "unixepoch", "strftime", "timediff"))
_CATALOGUE = frozenset(("sqlite_master", "sqlite_schema", "sqlite_stat1", "sqlite_stat4"))
_CONNECTION = frozenset(("changes", "total_changes", "last_insert_rowid"))
_SEQUENCES = "sqlite_sequence"


def unsettled(migration: Migration, ledger: str) -> Iterator[str]:
    """What the statements that write rows go by and no proof can show, in whole sentences."""
    for script in (migration.up, migration.down):
        if script is None:
            continue
        for part in parts(script.text, script.line):
            found = lexemes(part.text)
            for what in dict.fromkeys(_depends(found, ledger.lower())):
                yield f"{script.path}:{part.line}: which rows it writes depends on {what}"


def _depends(found: Sequence[Lexeme], ledger: str) -> Iterator[str]:
    words = [each.value.lower() for each in found]
    if not words or (words[0] == "create" and not _copies(words)):
        return
    names = {each.value.lower() for each in found if each.kind in (Kind.WORD, Kind.QUOTED)}
    catalogue = sorted(names & (_CATALOGUE | {ledger} - {""}))
    yield from (f"{name}, which is not the same everywhere" for name in catalogue)
    for at in _conditional(found):
        word = words[at]
        called = at + 1 < len(words) and words[at + 1] == "("
        if word in _CHANCE and called:
            yield "chance"
        elif word in _MOMENTS or (word in _CLOCK and called and _asks_now(words[at + 2 : at + 12])):
            yield "the moment at which it is run"
        elif word in _CONNECTION and called:
            yield f"{word}(), which says what was done before"
        elif word == _SEQUENCES and _SEQUENCES not in words[:4]:
            yield "the ids given before"


def _copies(words: Sequence[str]) -> bool:
    """Whether a CREATE writes rows."""
    return "table" in words[:3] and "select" in words


def _asks_now(words: Sequence[str]) -> bool:
    """Whether a function of time is asked for the present, which is also what no argument means."""
    return words[:1] == [")"] or "'now'" in words


def _conditional(found: Sequence[Lexeme]) -> Iterator[int]:
    """The places of the lexemes that a condition is made of, those of its subqueries included."""
    depth, since = 0, -1  # `since`: how deep the condition began; -1 outside of one
    for at, each in enumerate(found):
        word = each.value.lower()
        if each.kind is Kind.SIGN:
            depth += (word == "(") - (word == ")")
        if depth < since or (word in _ENDS and depth <= since):
            since = -1
        if since >= 0:
            yield at
        elif each.kind is Kind.WORD and word in _CONDITIONS:
            since = depth
