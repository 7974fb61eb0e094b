"""Files that hold both ways behind lines of a tool that is not known here: named, and not run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatekeeper.migrations.migration import Chain, Fault, FaultKind
from gatekeeper.migrations.tokens import is_hollow
from gatekeeper.value import replace

# sql-migrate `-- +migrate Down`, rambler `-- rambler down`, node-sqlite `-- Down`, MyBatis
# `-- //@UNDO`, Play `# --- !Downs`, Liquibase `--rollback`, migrant `-- @down`.
_BEGINS = (
    r"^[ \t]*(?:--|\#)[ \t]*(?:-+[ \t]*)?(?:\+migrate[ \t]+|rambler[ \t]+|//[ \t]*|[!@+][ \t]*)*"
)
_UP = re.compile(_BEGINS + r"ups?\b[ \t:]*$", re.MULTILINE | re.IGNORECASE)
_DOWN = re.compile(_BEGINS + r"(?:downs?|undo|rollback)\b[ \t:]*$", re.MULTILINE | re.IGNORECASE)


def with_other_sections(chain: Chain) -> Chain:
    """The chain, with a fault where the tool of its files would run a part of each alone."""
    found = next(_found(chain), None)
    return chain if found is None else replace(chain, faults=(*chain.faults, found))


def _found(chain: Chain) -> Iterator[Fault]:
    for each in chain.migrations:
        text = each.up.text
        down = _DOWN.search(text)
        if down is None or _UP.search(text) is None or is_hollow(text[down.end() :]):
            continue
        line = each.up.line + text.count("\n", 0, down.start())
        says = (
            f"{each.up.path} holds a way back as well, behind a line of a tool that is not known "
            "here: it cannot be run as that tool does."
        )
        mend = (
            "Write `-- +goose Up` and `-- +goose Down`, or put ways back into files of their own."
        )
        yield Fault(FaultKind.ELSEWHERE, each.up.path, line, says, mend)
