"""dbmate: files in the order of their names, with `-- migrate:up` and `-- migrate:down`.

After dbmate 2 (github.com/amacneil/dbmate, `pkg/dbmate/migration.go` and `db.go`).
"""

from __future__ import annotations

import re

from gatekeeper.migrations.migration import Chain, Dialect, Runner, Script
from gatekeeper.migrations.sections import Halves, chain_of_halves, numbered, part, refused
from gatekeeper.migrations.ways_back import scripts_in
from gatekeeper.snapshot import Snapshot
from gatekeeper.value import replace

NEEDLE = "migrate:up"
LEDGER = "schema_migrations"

_NAME = re.compile(r"([0-9]+).*\.sql", re.DOTALL)
_UP = re.compile(r"^--\s*migrate:up(?:\s*$|\s+\S+)", re.MULTILINE | re.ASCII)
_DOWN = re.compile(r"^--\s*migrate:down(?:\s*$|\s+\S+$)", re.MULTILINE | re.ASCII)
_NOTHING = re.compile(r"(?:\s*(?:--[^\n]*)?\n)*")
_MEND = "Write `-- migrate:up`, the statements, `-- migrate:down` and the way back, in this order."


def dbmate(snapshot: Snapshot, folder: str, source: str) -> Chain:
    """The chain of a folder, which dbmate orders by name: `10_` comes before `9_`."""
    made = Chain(Runner.DBMATE, folder, Dialect.SQLITE, (), ledger=LEDGER, source=source)
    items = numbered(scripts_in(snapshot, folder), _NAME)
    return chain_of_halves(
        snapshot, made, sorted(items, key=lambda each: each[1].name.encode(*_BYTES)), _apart
    )


_BYTES = ("utf-8", "surrogateescape")


def _apart(script: Script) -> Halves:
    up, down = _UP.search(script.text), _DOWN.search(script.text)
    if up is None or (down is not None and up.start() > down.start()):
        says = "has no `-- migrate:up` before anything else of dbmate's, which dbmate refuses"
        return Halves(replace(script, text=""), None, faults=(refused(script, 0, says, _MEND),))
    forward = part(script, up.start(), down.start() if down else None)
    faults = []
    if _NOTHING.fullmatch(script.text[: up.start()]) is None:
        says = "holds statements before `-- migrate:up`, which dbmate refuses"
        faults.append(refused(script, 0, says, _MEND))
    if down is None:
        says = "has no `-- migrate:down`, without which dbmate refuses it"
        faults.append(refused(script, 0, says, _MEND))
    return Halves(
        forward,
        part(script, down.start()) if down else None,
        "transaction:false" not in forward.text.split("\n", 1)[0].split(),
        tuple(faults),
    )
