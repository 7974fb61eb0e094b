"""The findings of query-broken, one function for each kind."""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper import Difference, Evidence, Finding, Side, Trail
from gatekeeper.migrations.queries import Query
from gatekeeper.migrations.query_proof import Answer, Heard
from gatekeeper_rules.migrations._query_changes import Change
from gatekeeper_rules.migrations._query_names import did_you_mean

_LONGEST = 400
_QUOTED = 2_000


def refused(query: Query, heard: Sequence[tuple[Heard, Answer]]) -> Finding:
    """No database takes it."""
    said = [(chain, answer.refusal) for chain, answer in heard if answer.refusal is not None]
    says = said[0][1].says
    meant = did_you_mean(says, (chain for chain, _ in said), query.text)
    return _finding(
        query,
        f"The migrated schema does not take this SQL: {says}.{meant}",
        (
            Difference("in the code", None, _shown(query.text)),
            Trail(tuple(f"{chain.folder}: {refusal.says}" for chain, refusal in said)),
        ),
        "Name what the migrations make, or add a migration that makes what is named.",
    )


def cut(query: Query, chain: Heard, answer: Answer) -> Finding:
    """D1's `exec` cuts it into what is no statement."""
    assert answer.line is not None, "a line of it was refused"
    return _finding(
        query,
        f"D1's exec runs each line by itself, and a line is no statement: {answer.line.says}.",
        (
            Difference("the line", None, _shown(answer.line.statement)),
            Trail((f"{chain.folder}: {answer.line.says}",)),
        ),
        "Write each statement on one line, or hand it to prepare.",
    )


def taken_for_text(query: Query, name: str, meant: str, chain: Heard) -> Finding:
    """A name in double quotes is no column."""
    return _finding(
        query,
        f'"{_shown(name)}" is no column: SQLite takes it for text. Did you mean {meant}?',
        (
            Difference(f"a column in {chain.folder}", meant, _shown(name)),
            Trail((_shown(query.text),)),
        ),
        "Name the column as it is, and put text into single quotes.",
        quoted=f"{name} in {query.text}",
    )


def changed(query: Query, change: Change) -> Finding:
    """The code changes the schema."""
    shown = _shown(query.text) if query.text else change.says
    return _finding(
        query,
        f"The schema is changed in code, outside of the migrations: {change.says}.",
        (Difference("in the code", None, shown),),
        "Move it into a migration, where its way back and its loss of data are proven.",
    )


def _finding(
    query: Query, message: str, evidence: tuple[Evidence, ...], fix: str, quoted: str = ""
) -> Finding:
    return Finding(
        message.replace("..", "."),
        Side.HEAD,
        query.path,
        evidence,
        fix,
        line=query.line,
        column=query.column,
        symbol=query.symbol,
        quoted=_plain((quoted or query.text or query.maker)[:_QUOTED]),
    )


def _shown(sql: str) -> str:
    text = _plain(" ".join(sql[: 4 * _LONGEST].split()))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _plain(text: str) -> str:
    """A text that can be written to any file: what is no character is spelled out."""
    return text.encode("utf-8", "backslashreplace").decode()
