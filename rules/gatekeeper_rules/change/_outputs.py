"""What a stage promised to deliver, and the patterns that say it."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Contract, Glob, Patterns, Stricter, Term, option
from gatekeeper.value import dataclass

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


def newly_allowed(agreed: Contract, proposed: Contract) -> Iterator[tuple[Term, str]]:
    """Outputs that `proposed` adds and `agreed` would not let change: they widen the scope.

    Whether one set of patterns holds another cannot be told in general, so a path that the
    added pattern matches stands for it, with a folder for each `**` and a letter for each `*`.
    """
    if not agreed.scope:
        return
    allowed = (Patterns(tuple(agreed.scope)), *promised(agreed))
    known = {line for patterns in promised(agreed) for line in patterns.lines}
    for term, line in _output_lines(proposed):
        sample = line.strip("/").replace("**", "a/b").replace("*", "a").replace("?", "a")
        if line not in known and not any(each.match(sample) for each in allowed):
            yield term, line


def _output_lines(contract: Contract) -> Iterator[tuple[Term, str]]:
    for bound in contract.clauses:
        for term in bound.terms:
            if isinstance(term.options, Outputs):
                options = term.options
                for line in (*options.new, *options.updated, *options.deleted):
                    yield term, line


def one_by_one(lines: tuple[Glob, ...]) -> Iterator[tuple[str, Patterns]]:
    """Each pattern that names paths, with the later `!patterns` that take some out again."""
    for number, line in enumerate(lines):
        if not line.startswith("!"):
            without = tuple(other for other in lines[number:] if other.startswith("!"))
            yield line, Patterns((line, *without))
