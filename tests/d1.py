"""What D1 takes and refuses, asked of Miniflare's D1 binding and kept as data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict, cast

from gatekeeper.value import dataclass

_DATA = Path(__file__).parent / "data" / "d1" / "statements.json"


class _Long(TypedDict):
    begins: str
    each: str
    times: int
    by: str
    ends: str


class _Case(TypedDict):
    says: str
    before: list[str | _Long]
    statements: list[str | _Long]
    accepted: bool
    accepted_by_1_20260426: bool
    error: str


@dataclass(frozen=True, slots=True)
class Statements:
    """Statements run as one batch, after others that are run one by one, and what D1 said."""

    says: str
    before: tuple[str, ...]
    batch: tuple[str, ...]
    is_accepted: bool
    error: str


def measured() -> tuple[Statements, ...]:
    """All that was asked of workerd 1.20261117.1."""
    return tuple(_read(case) for case in cast("list[_Case]", json.loads(_DATA.read_text("utf-8"))))


def _read(case: _Case) -> Statements:
    before, batch = (tuple(map(_text, case[of])) for of in ("before", "statements"))
    return Statements(case["says"], before, batch, case["accepted"], case["error"])


def _text(given: str | _Long) -> str:
    if isinstance(given, str):
        return given
    each = (given["each"].replace("{n}", str(n)) for n in range(given["times"]))
    return given["begins"] + given["by"].join(each) + given["ends"]
