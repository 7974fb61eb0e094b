"""What a stage promised to deliver, and the patterns that say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gatekeeper import Contract, Glob, Patterns, Stricter, option

OUTPUT_MISSING = "output-missing"


@dataclass(frozen=True, slots=True)
class Outputs:
    """The options of `output-missing`: what the stage adds, rewrites and removes."""

    new: tuple[Glob, ...] = option(
        (), stricter=Stricter.MORE, says="each must match a file that was not there before"
    )
    updated: tuple[Glob, ...] = option(
        (), stricter=Stricter.MORE, says="each must match a file that was there and differs"
    )
    deleted: tuple[Glob, ...] = option(
        (), stricter=Stricter.MORE, says="each must match nothing any more"
    )


def promised(contract: Contract) -> tuple[Patterns, ...]:
    """The paths that the outputs of all clauses name."""
    terms = (term for bound in contract.clauses for term in bound.terms)
    outputs = (
        term.options
        for term in terms
        if term.rule == OUTPUT_MISSING and isinstance(term.options, Outputs)
    )
    return tuple(
        Patterns(tuple(lines))
        for each in outputs
        for lines in (each.new, each.updated, each.deleted)
        if lines
    )


def one_by_one(lines: tuple[Glob, ...]) -> Iterator[tuple[str, Patterns]]:
    """Each pattern that names paths, with the later `!patterns` that take some out again."""
    for number, line in enumerate(lines):
        if not line.startswith("!"):
            without = tuple(other for other in lines[number:] if other.startswith("!"))
            yield line, Patterns((line, *without))
