"""The options of the rules that are planned: they are checked already, so that a binding lasts."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from gatekeeper import Glob, ModuleName, Stricter, option
from gatekeeper.value import dataclass, field


class Additions(Enum):
    """Whether new routes, operations and public symbols are a fault."""

    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class ApiChanged:
    """What counts as a change of the API, and how to see it."""

    additions: Additions = option(
        Additions.ALLOWED, says="whether new routes and operations are a fault"
    )
    openapi: str | None = option(None, says="a command that writes the OpenAPI document of a tree")
    probes: tuple[str, ...] = option(
        (), stricter=Stricter.MORE, says="requests whose answers must not change"
    )


@dataclass(frozen=True, slots=True)
class CriticalPath:
    """What proves one critical path: its tests, and the files that they must run through."""

    tests: tuple[str, ...] = option((), says="patterns of the node ids of its tests")
    exercises: tuple[Glob, ...] = option((), says="the files that those tests must run through")


@dataclass(frozen=True, slots=True)
class CriticalPathUntested:
    """The critical paths and edge cases, by the names that the prose gives them."""

    paths: Mapping[str, CriticalPath] = field(
        default_factory=dict,
        metadata={"stricter": Stricter.MORE, "says": "the critical paths, each by its name"},
    )


@dataclass(frozen=True, slots=True)
class DependentUntested:
    """What is depended on, and how far away a dependent may be."""

    modules: tuple[ModuleName, ...] = option((), stricter=Stricter.MORE, says="what is depended on")
    depth: int = option(1, stricter=Stricter.HIGHER, says="how many imports away")
