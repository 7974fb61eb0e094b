"""How each kind of reading is taken in a room: what to run there, and how to read it."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Protocol

from gatekeeper.reading.command_line import program_of
from gatekeeper.reading.room import Room
from gatekeeper.reading.unusable import Unusable
from gatekeeper.terms import ReadingPlan
from gatekeeper.tools import Outcome
from gatekeeper.value import dataclass, field

_FILES = ("coverage-json", "coverage-data", "cobertura", "lcov", "junit", "sarif")

_METHODS: Mapping[str, tuple[str, str]] = {
    "pytest": ("pytest_method", "PytestMethod"),
    **dict.fromkeys(_FILES, ("file_method", "FileMethod")),
    "ruff": ("linters", "RuffMethod"),
    "mypy": ("linters", "MypyMethod"),
    "eslint": ("linters", "EslintMethod"),
    "tsc": ("linters", "TscMethod"),
    "build": ("built_method", "BuildMethod"),
    "wrangler": ("wrangler_method", "WranglerMethod"),
}


@dataclass(frozen=True, slots=True)
class Order:
    """What to run: a shell line ("sh -c") with `{out}` replaced; `env` is added to the room's."""

    command: str
    env: Mapping[str, str] = field(default_factory=dict)


class Method(Protocol):
    """How one kind of reading is taken in a room."""

    def order(self, plan: ReadingPlan, room: Room) -> Order:
        """What to run; raises Unusable where it cannot be run."""
        ...

    def read(self, plan: ReadingPlan, room: Room, ended: Outcome) -> object:
        """The value of the reading; raises Unusable where what came out is none."""
        ...


def method_of(name: str, plan: ReadingPlan) -> Method:
    """How the reading `name` is taken; raises Unusable naming the formats that there are."""
    chosen = format_of(name, plan)
    if chosen not in _METHODS:
        there = ", ".join(sorted(_METHODS))
        asked = f"there is no format {chosen}" if chosen else "it is not clear what comes out"
        raise Unusable(f"{asked}; give the reading one as its `format`: {there}")
    module, kind = _METHODS[chosen]
    try:
        made: Method = getattr(import_module(f"gatekeeper.reading.{module}"), kind)()
    except ModuleNotFoundError:
        raise Unusable(f"the format {chosen} is not available in this version") from None
    return made


def format_of(name: str, plan: ReadingPlan) -> str:
    """The format that the plan gives, or that its command and name speak of; else nothing."""
    if plan.format:
        return plan.format
    program = program_of(plan.run)
    if program in _METHODS and program not in _FILES:
        return program
    return "build" if name.startswith("build") else ""
