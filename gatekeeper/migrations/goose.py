"""goose: files in the order of their numbers, taken apart by `-- +goose` lines.

After goose 3 (github.com/pressly/goose, `internal/sqlparser/parser.go` and `migrate.go`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatekeeper.migrations.migration import (
    Chain,
    Dialect,
    Fault,
    FaultKind,
    Runner,
    Script,
)
from gatekeeper.migrations.sections import (
    Halves,
    chain_of_halves,
    line_at,
    numbered,
    part,
    refused,
)
from gatekeeper.migrations.statements import statements
from gatekeeper.migrations.ways_back import scripts_in
from gatekeeper.snapshot import Snapshot
from gatekeeper.value import replace

NEEDLE = "+goose Up"
LEDGER = "goose_db_version"

_NAME = re.compile(r"(0*[1-9][0-9]*)_.*\.sql", re.DOTALL)
_LINE = re.compile(r"^--[ \t]*\+goose[ \t]+([^\n]*?)[ \t\r]*$", re.MULTILINE | re.IGNORECASE)
_BOUNDS = (
    "Put `-- +goose StatementBegin` before the statement and `-- +goose StatementEnd` behind it."
)


def goose(snapshot: Snapshot, folder: str, source: str) -> Chain:
    """The chain of a folder; a script without a number of its own is a fault."""
    made = Chain(Runner.GOOSE, folder, Dialect.SQLITE, (), ledger=LEDGER, source=source)
    items = scripts_in(snapshot, folder)
    fitting = numbered(items, _NAME)
    fits = {item.name for _, item in fitting}
    left = (
        Fault(
            FaultKind.UNSETTLED,
            each.path,
            1,
            f"{each.path} has no number before a `_`: goose stops at it, or passes over it, as "
            "its version is.",
            "Give it the next free number.",
        )
        for each in items
        if each.name not in fits
    )
    ordered = sorted(fitting, key=lambda each: (each[0], each[1].name))
    return chain_of_halves(snapshot, replace(made, faults=tuple(left)), ordered, _apart)


def _apart(script: Script) -> Halves:
    marks = [(found.group(1).upper(), found.start()) for found in _LINE.finditer(script.text)]
    words = [word for word, _ in marks]
    ups = [at for word, at in marks if word == "UP"]
    downs = [at for word, at in marks if word == "DOWN"]
    if len(ups) != 1 or len(downs) > 1 or (downs and downs[0] < ups[0]):
        says = "does not begin with one `-- +goose Up`, and one `-- +goose Down` behind it"
        return Halves(replace(script, text=""), None, faults=(refused(script, 0, says, ""),))
    up = part(script, ups[0], downs[0] if downs else None)
    down = part(script, downs[0]) if downs else None
    halves = (up,) if down is None else (up, down)
    faults = [fault for half in halves for fault in _faults(half)]
    if any(word.startswith("ENVSUB") and word.endswith(" ON") for word in words):
        says = f"{script.path} takes values from the environment, which are not known here."
        faults.append(Fault(FaultKind.UNREADABLE, script.path, 1, says))
    return Halves(up, down, "NO TRANSACTION" not in words, tuple(faults))


def _faults(half: Script) -> Iterator[Fault]:
    """Statements that goose cuts, which it does at every line that ends with a semicolon."""
    meant = statements(half.text)
    bounds = set(_cuts(half.text))
    for each in meant:
        inside = [at for at in bounds if each.start < at < each.end]
        if inside:
            yield Fault(
                FaultKind.MANGLED_TEXT,
                half.path,
                line_at(half, each.start),
                f"{half.path} holds a statement that goose cuts at the first line that ends with "
                "a semicolon.",
                _BOUNDS,
            )
    if meant and not meant[-1].complete and not _enclosed(half.text, meant[-1].start):
        yield refused(
            half,
            meant[-1].start,
            "has no semicolon behind a last statement, which goose refuses",
            "End the statement with a semicolon.",
        )


def _cuts(text: str) -> Iterator[int]:
    """Where goose ends a statement: behind lines that end with a semicolon, but for a comment."""
    at = 0
    enclosed = False
    for line in text.split("\n"):
        at += len(line) + 1
        mark = _LINE.match(line)
        if mark:
            word = mark.group(1).upper()
            enclosed = word == "STATEMENTBEGIN" or (enclosed and word != "STATEMENTEND")
        elif not enclosed and _ends(line):
            yield at - 1


def _ends(line: str) -> bool:
    last = ""
    for word in line.split():
        if word.startswith("--"):
            break
        last = word
    return last.endswith(";")


def _enclosed(text: str, at: int) -> bool:
    words = [found.group(1).upper() for found in _LINE.finditer(text, 0, at)]
    begun = words.count("STATEMENTBEGIN")
    return begun > words.count("STATEMENTEND")
