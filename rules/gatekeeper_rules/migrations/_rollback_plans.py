"""Rollback plans: a text that says what a migration loses, and from where it is brought back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatekeeper import Snapshot
from gatekeeper.migrations.proofs import ChainProof
from gatekeeper.migrations.proven import Proven, Trouble

LOSSES = (
    Trouble.TABLE_LOST,
    Trouble.COLUMN_LOST,
    Trouble.ROWS_LOST,
    Trouble.VALUES_CHANGED,
    Trouble.ROWS_NOT_RESTORED,
)

# How D1 is brought back: https://developers.cloudflare.com/d1/reference/time-travel/ and
# https://developers.cloudflare.com/d1/best-practices/import-export-data/
_RESTORES = re.compile(
    r"\btime[ -]travel\b.{0,400}?\bbookmark\b|\bbookmark\b.{0,400}?\btime[ -]travel\b"
    r"|\bd1 time-travel restore\b|\bd1 export\b"
    r"|\brestored? from\b.{0,80}\b(?:backup|dump|export)\b",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST = 200_000


def covering(head: Snapshot, chain: ChainProof, proven: Proven) -> str | None:
    """The path of a plan that names all that was measured to be lost; None where there is none."""
    lost = sorted({name for each in _lost(proven) for name in each.split(".")})
    for path in _plans(chain.folder, proven):
        if path in head:
            text = head[path][:_LONGEST].decode("utf-8", "replace")
            if _RESTORES.search(text) and all(_names(text, each) for each in lost):
                return path
    return None


def _lost(proven: Proven) -> Iterator[str]:
    """The tables and columns of which the proof has seen rows or values go."""
    for failing in proven.failings:
        if failing.trouble in LOSSES and failing.subject:
            yield failing.subject


def _plans(folder: str, proven: Proven) -> Iterator[str]:
    """Where a plan may stand: beside the migration or with the ways back, named after it."""
    stem = proven.path.rpartition("/")[2].removesuffix(".sql").removesuffix(".up")
    before = f"{folder}/" if folder else ""
    yield f"{before}{stem}.rollback.md"
    yield f"{before}down/{stem}.md"
    yield f"{before}rollback/{stem}.md"


def _names(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None
