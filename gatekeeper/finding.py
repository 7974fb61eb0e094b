"""One fault at one place, with the evidence that a reviewer can check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import Enum
from typing import ClassVar

from gatekeeper.value import dataclass


class Side(Enum):
    """Where a finding's path and line are to be looked up."""

    BASE = "base"
    HEAD = "head"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines of a file as they stand there; `line` is the number of the first one."""

    kind: ClassVar[str] = "excerpt"
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Objects:
    """What git holds for a path before and after: `mode id`, or None for nothing."""

    kind: ClassVar[str] = "objects"
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Trail:
    """The places that lead to the fault, in order: `path:line  text`."""

    kind: ClassVar[str] = "trail"
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A thing that was agreed and what stands there now; None for nothing."""

    kind: ClassVar[str] = "difference"
    what: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Commits:
    """Commits that show the fault: `id` and the paths that matter in each."""

    kind: ClassVar[str] = "commits"
    commits: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Absence:
    """What was looked for and not found, and how many files were looked through."""

    kind: ClassVar[str] = "absence"
    sought: str
    looked_at: int


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as they stood at one moment, which `caption` names; values as they would be written."""

    kind: ClassVar[str] = "table"
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Evidence = Excerpt | Objects | Trail | Difference | Commits | Absence | Table


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. It cannot be made without evidence.

    `message` is one sentence; `fix` says how to mend it. `line`, `end_line` and `column`
    count from 1. `symbol` (the enclosing class or function, dotted) and `quoted` (the
    offending text, free of line numbers) identify the finding when lines move.
    """

    message: str
    side: Side
    path: str
    evidence: tuple[Evidence, ...]
    fix: str
    line: int | None = None
    end_line: int | None = None
    column: int | None = None
    symbol: str = ""
    quoted: str = ""

    def __post_init__(self) -> None:
        if not self.evidence:
            raise ValueError(f"a finding needs evidence: {self.message}")


def fingerprints(rule: str, findings: Iterable[Finding]) -> tuple[tuple[str, Finding], ...]:
    """Each finding with its identity: 16 hexadecimal digits that survive moved lines.

    Made of rule, path, enclosing symbol, quoted text, and the ordinal among equals in the
    order of the lines. Sorted by path, line, column, then text, whatever order they came in.
    """
    seen: Counter[tuple[str, str, str]] = Counter()
    named = []
    for finding in sorted(findings, key=_order):
        key = (finding.path, finding.symbol, finding.quoted)
        text = "\0".join((rule, *key, str(seen[key])))
        seen[key] += 1
        named.append((_digest(text)[:16], finding))
    return tuple(named)


def _digest(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _order(finding: Finding) -> tuple[str, int, int, str, str, str, str]:
    return (
        finding.path,
        finding.line or 0,
        finding.column or 0,
        finding.symbol,
        finding.quoted,
        finding.message,
        finding.side.value,
    )
