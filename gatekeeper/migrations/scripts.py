"""The text of a migration file, and what keeps it from being one."""

from __future__ import annotations

import codecs

from gatekeeper.cache import Extractor
from gatekeeper.errors import Unreadable
from gatekeeper.migrations.migration import Fault, FaultKind, Script
from gatekeeper.migrations.shelf import Item, Sort, resolved
from gatekeeper.snapshot import Snapshot
from gatekeeper.value import dataclass

LARGEST = 4 << 20
"""Bytes of the largest migration that is read; a statement may have 100,000 on D1."""

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The text of a file as its runner reads it, and why it is not quite what stands there.

    Bytes that are not UTF-8 are U+FFFD in `text`, which is what JavaScript makes of them; a
    byte order mark is taken off. `flaw` completes the sentence "PATH …", `line` is its line.
    """

    text: str
    flaw: str = ""
    line: int = 1
    marked: bool = False


def _read(content: bytes, _: str) -> Sheet:
    if len(content) > LARGEST:
        return Sheet("", f"is larger than the {LARGEST >> 20} MiB that are read of a migration")
    marked = content.startswith(codecs.BOM_UTF8)
    text = content.decode("utf-8-sig", "replace")
    flaw, at = _flaw(content)
    return Sheet(text, flaw, content.count(b"\n", 0, at) + 1, marked)


def _flaw(content: bytes) -> tuple[str, int]:
    if content.startswith(_UTF16):
        return "is UTF-16, which no runner reads as SQL; write it as UTF-8", 0
    nul = content.find(b"\0")
    if nul >= 0:
        return "holds a NUL byte, at which SQLite stops reading", nul
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return "holds bytes that are not UTF-8, which would be stored as other characters", (
            error.start
        )
    return "", 0


SHEET = Extractor("sql-sheet", 1, _read)


@dataclass(frozen=True, slots=True)
class Opened:
    """A migration file as it was read: its script, where it stands, and its faults."""

    script: Script
    faults: tuple[Fault, ...]
    marked: bool = False


def opened(snapshot: Snapshot, item: Item) -> Opened:
    """The file behind an item, links followed; the script is empty where there is none."""
    if item.sort is Sort.FOLDER:
        return _unread(item.path, "is a folder, which stops a runner that opens it as a file")
    try:
        path = resolved(snapshot, item.path)
        if path not in snapshot:
            return _unread(item.path, f"is a link to `{path}`, which is no file of the repository")
        sheet = snapshot.facts(SHEET, path)
    except Unreadable as lost:
        return Opened(Script(item.path, ""), (unread(lost),))
    faults = (unfit(path, sheet.flaw, sheet.line),) if sheet.flaw else ()
    return Opened(Script(path, sheet.text), faults, sheet.marked)


def _unread(path: str, why: str) -> Opened:
    return Opened(Script(path, ""), (unfit(path, why),))


def unread(lost: Unreadable) -> Fault:
    """The fault that something could not be read at all."""
    return Fault(FaultKind.UNREADABLE, lost.path, lost.line or 1, f"{lost}.")


def unfit(path: str, why: str, line: int = 1) -> Fault:
    """The fault that a file is no text of SQL; `why` completes the sentence "PATH …"."""
    return Fault(FaultKind.UNREADABLE, path, line, f"{path} {why}.")
