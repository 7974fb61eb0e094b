"""What wrangler makes of a migration's text before the database sees any of it.

It takes the first `BEGIN TRANSACTION;` and the first `COMMIT;` out wherever they stand,
appends the statement that records the migration, and cuts the whole into statements, up to
version 4.86 by rules of its own (`old_splitter`), later by SQLite's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gatekeeper.cache import Extractor
from gatekeeper.migrations.migration import Fault, FaultKind, Script
from gatekeeper.migrations.old_splitter import pieces
from gatekeeper.migrations.scripts import SHEET
from gatekeeper.migrations.statements import Statement, statements
from gatekeeper.migrations.tokens import Kind
from gatekeeper.snapshot import Snapshot
from gatekeeper.value import dataclass

_BEGIN, _COMMIT = "BEGIN TRANSACTION", "COMMIT;"
_RECORDED = "\nINSERT INTO ledger (name)\nvalues ('name.sql');"
# Without any of these, both ways of cutting come to the same: statements may be sent together,
# but only in the body of a trigger is there a semicolon to cut at.
_RISKY = re.compile(r"[$\[]|/\*")
_TRIGGER = re.compile(r"\bTRIGGER\b", re.IGNORECASE)
_IN_TRIGGER = re.compile(r"\bCASE\b|[^ \t\n\r]BEGIN\b|\bBEGIN(?:[^ \t\n\r\w]|\Z)", re.IGNORECASE)
_SHOWN = 60

Tokens = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A fault of a text, whatever its path; `says` completes the sentence "PATH …"."""

    kind: FaultKind
    line: int
    says: str
    mend: str

    def at(self, path: str) -> Fault:
        """The fault, now that the path is known."""
        return Fault(self.kind, path, self.line, f"{path} {self.says}.", self.mend)


def _read(content: bytes, path: str) -> tuple[Said, ...]:
    return tuple(_said(SHEET.read(content, path).text))


def _said(text: str) -> Iterator[Said]:
    refused = _several_transactions(text)
    if refused:
        yield refused
    elif not _is_complete(text):
        yield from _incomplete(text)
    else:
        yield from _mangled(text)


def _is_complete(text: str) -> bool:
    """Whether SQLite says that the text ends with a whole statement: quicker than reading it."""
    from sqlite3 import complete_statement

    return complete_statement(text)


def _incomplete(text: str) -> Iterator[Said]:
    """What is wrong where the text goes on to its end with something that was begun."""
    meant = statements(text)
    if meant and not meant[-1].complete:
        yield _unfinished(text, meant[-1])
    elif _is_complete(f"{text}\n;"):
        yield from _mangled(text)
    else:
        yield Said(
            FaultKind.MANGLED_TEXT,
            _line(text, text.rfind("/*")),
            "opens a comment that nothing closes, and with it goes the statement by which wrangler "
            "records the migration: it would be run again each time",
            "Close the comment with `*/`.",
        )


def _several_transactions(text: str) -> Said | None:
    left = executed(text)
    at = left.find(_BEGIN)
    if at < 0:
        return None
    return Said(
        FaultKind.REFUSED_TEXT,
        _line(left, at),
        f"says `{_BEGIN}`, for which wrangler refuses the whole file, even in a comment",
        "Take it out: D1 runs each file in a transaction of its own.",
    )


def executed(text: str) -> str:
    """The text with what wrangler takes out of it made blank, so that all else keeps its place."""
    if _BEGIN not in text:
        return text
    for taken in (f"{_BEGIN};", _COMMIT):
        text = text.replace(taken, " " * len(taken), 1)
    return text


def _unfinished(text: str, last: Statement) -> Said:
    opened = next((each for each in last.tokens if each.kind is Kind.OPEN), None)
    if opened is not None:
        return Said(
            FaultKind.REFUSED_TEXT,
            _line(text, opened.start),
            f"opens a quote with {opened.text[0]} that nothing closes",
            "Close the quote.",
        )
    return Said(
        FaultKind.REFUSED_TEXT,
        last.line,
        "has no `;` behind its last statement, which so runs into the one by which wrangler "
        "records the migration",
        "End the last statement with `;`.",
    )


def _mangled(text: str) -> Iterator[Said]:
    """The first statement that is not sent as it stands."""
    if _BEGIN in text:
        sent = text.replace(f"{_BEGIN};", "", 1).replace(_COMMIT, "", 1)
        stripped = _contents(statements(sent + _RECORDED))
        yield from _lost(
            statements(text), stripped, "by taking out the first `COMMIT;` that it finds"
        )
    if _is_risky(text):
        left = executed(text)
        cut = (each for piece in pieces(left + _RECORDED) for each in statements(piece))
        how = "by cutting it up as versions up to 4.86 do"
        yield from _lost(statements(left), _contents(cut), how)


def _is_risky(text: str) -> bool:
    if _RISKY.search(text):
        return True
    return bool(_TRIGGER.search(text) and _IN_TRIGGER.search(text))


def _contents(sent: Iterable[Statement]) -> Iterator[Tokens]:
    return (_content(each) for each in sent)


def _content(statement: Statement) -> Tokens:
    ended = statement.tokens[-1].kind is Kind.SEMICOLON
    return tuple(each.text for each in (statement.tokens[:-1] if ended else statement.tokens))


def _lost(meant: Iterable[Statement], sent: Iterator[Tokens], how: str) -> Iterator[Said]:
    for each in meant:
        content = _content(each)
        if _is_transaction(content):
            continue
        if next(sent, ()) != content:
            shown = " ".join(each.text[:_SHOWN].split())
            yield Said(
                FaultKind.MANGLED_TEXT,
                each.line,
                f"holds a statement that wrangler breaks {how}: {shown}",
                "Write it without comments between `/*` and `*/`, names in brackets, `$`, and "
                "CASE in the body of a trigger; end a trigger with `END;`.",
            )
            return


def _is_transaction(content: Tokens) -> bool:
    return content in (tuple(_BEGIN.split()), (_COMMIT[:-1],))


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _pack(said: tuple[Said, ...]) -> object:
    return [[each.kind.value, each.line, each.says, each.mend] for each in said]


def _unpack(data: list[tuple[str, int, str, str]]) -> tuple[Said, ...]:
    return tuple(Said(FaultKind(kind), line, says, mend) for kind, line, says, mend in data)


WRANGLER_TEXT = Extractor("wrangler-sql", 1, _read, _pack, _unpack)


def text_faults(snapshot: Snapshot, script: Script) -> tuple[Fault, ...]:
    """What wrangler would refuse or break in a script that is a whole file."""
    if script.path not in snapshot:
        return ()
    return tuple(each.at(script.path) for each in snapshot.facts(WRANGLER_TEXT, script.path))
