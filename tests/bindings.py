"""A small contract and a few fake rules, to load bindings with."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

from gatekeeper import Contract, Glob, ModuleName, NoOptions, Rule, Stricter, option
from gatekeeper.contract.binding import load_contract
from gatekeeper.errors import ConfigurationError
from gatekeeper.value import dataclass, field

PROSE = """\
# Stage 9

## Objective
- Make it small.

## Constraints
- No changes to artifact storage.
- Keep it fast.

## Disallowed
- Keep it fast.

## Validation
- It reads “well” — ≥90 % of the time.

---
This contract is committed before implementation.
"""
HEAD = "contract: stage-9.md\n"


class Mode(Enum):
    STRICT = "strict"
    LAX = "lax"


@dataclass(frozen=True, slots=True)
class Part:
    tests: tuple[str, ...]
    files: tuple[Glob, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    modules: tuple[ModuleName, ...] = option((), stricter=Stricter.MORE)
    paths: tuple[Glob, ...] = option((), stricter=Stricter.MORE)
    excused: tuple[str, ...] = option((), stricter=Stricter.FEWER)
    semantic: bool = option(False, stricter=Stricter.FALSE)
    deep: bool = option(False, stricter=Stricter.TRUE)
    minimum: Decimal | None = option(None, stricter=Stricter.HIGHER)
    how_far: int = option(1, stricter=Stricter.HIGHER)
    mode: Mode = option(Mode.LAX)
    command: str | None = option(None)
    replaced: Mapping[str, str] = field(
        default_factory=dict, metadata={"stricter": Stricter.FEWER, "says": ""}
    )
    parts: Mapping[str, Part] = field(
        default_factory=dict, metadata={"stricter": Stricter.MORE, "says": ""}
    )


@dataclass(frozen=True, slots=True)
class Pair:
    low: int
    high: int = 10

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError("low is above high")


@dataclass(frozen=True, slots=True)
class Unwritable:
    value: complex = 0


RULES: Mapping[str, Rule[Any]] = {
    rule.name: rule
    for rule in (
        Rule("thing-broken", "a thing is broken", Options, None),
        Rule("thing-missing", "a thing is missing", NoOptions, None),
        Rule("pair-crossed", "a pair is crossed", Pair, None),
        Rule("never-bound", "its options cannot be written", Unwritable, None),
    )
}


def load(binding: str | bytes, prose: str | bytes = PROSE, path: str = "stage-9.md") -> Contract:
    files = {"gatekeeper.yaml": _bytes(binding), path: _bytes(prose)}
    return load_contract(files, "gatekeeper.yaml", RULES, "commit 1a2b3c4")


def problems(binding: str | bytes, prose: str | bytes = PROSE) -> list[str]:
    try:
        load(binding, prose)
    except ConfigurationError as refused:
        return [str(problem) for problem in refused.problems]
    return []


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
