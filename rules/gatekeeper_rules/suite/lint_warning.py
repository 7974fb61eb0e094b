"""The rule lint-warning: a lint or type warning at head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from gatekeeper import (
    Case,
    Doubt,
    Evidence,
    Examined,
    Excerpt,
    Finding,
    Need,
    Note,
    Observation,
    Rule,
    Side,
    Stricter,
    Trail,
    Unmeasured,
    Which,
    option,
)
from gatekeeper.reading.lint import Linted, Warned
from gatekeeper.value import dataclass
from gatekeeper_rules.wordings import WORDINGS

if TYPE_CHECKING:
    from gatekeeper_rules.suite._warned import Identity

_MOST = 1000  # findings of one reading; what comes after them says nothing new
_SHOWN_WIDTH = 300


@dataclass(frozen=True, slots=True)
class Options:
    """Which linters count, and whether old warnings do."""

    readings: tuple[str, ...] = option(
        (), stricter=Stricter.MORE, says="which entries of `readings:` are linters"
    )
    ratchet: bool = option(
        False, stricter=Stricter.FALSE, says="only warnings that the base does not have"
    )


def needs(options: Options) -> Iterable[Need]:
    """Every reading of the head, and with a ratchet of the base as well."""
    sides = (Which.BASE, Which.HEAD) if options.ratchet else (Which.HEAD,)
    return tuple(Need(name, which) for name in options.readings for which in sides)


def check(case: Case[Options]) -> Iterator[Observation]:
    """One finding for each warning; doubts for what no linter has looked at."""
    if not case.options.readings:
        yield Doubt("it names no linter: say in `readings` which entries of `readings:` count")
    for name in dict.fromkeys(case.options.readings):
        try:
            yield from _of_reading(case, name)
        except Unmeasured as missing:
            yield Doubt(str(missing))


def _of_reading(case: Case[Options], name: str) -> Iterator[Observation]:
    head = case.measured(name, Which.HEAD, Linted)
    base = case.measured(name, Which.BASE, Linted) if case.options.ratchet else None
    if not head.files:
        yield Doubt(f"{head.tool} looked at no file")
    yield Examined("linted files", len(head.files))
    yield from (Doubt(f"{head.tool} did not look at it", path) for path in sorted(head.unread))
    if base is not None:
        yield from _compared(base, head)
    found = _warnings(case, base, head)
    yield from (_finding(case, head.tool, *each) for each in islice(found, _MOST))
    if more := sum(1 for _ in found):
        yield Note(f"{head.tool} has {more} more warnings, which are not told one by one")


def _compared(base: Linted, head: Linted) -> Iterator[Observation]:
    """What the base's own reading cannot say, and so the comparison neither."""
    if base.tool != head.tool:
        yield Note(f"the base was read by {base.tool}, the head by {head.tool}")
    for path in sorted(base.unread & head.files):
        yield Note(f"{base.tool} did not look at {path} at base: all in it counts as new")


def _warnings(
    case: Case[Options], base: Linted | None, head: Linted
) -> Iterator[tuple[Warned, Identity]]:
    from functools import partial

    from gatekeeper_rules.suite._former import former
    from gatekeeper_rules.suite._warned import identities, new

    change = case.change
    if base is None:
        return identities(change.head, head)
    return new((change.base, base), (change.head, head), partial(former, change))


def _finding(case: Case[Options], tool: str, warned: Warned, identity: Identity) -> Finding:
    name = tool.partition(" ")[0]
    said = f"{warned.code}: {warned.message}" if warned.code else warned.message
    return Finding(
        f"{name} says {said}",
        Side.HEAD,
        warned.path,
        _evidence(case, warned, said),
        "Mend it; a comment that hides it would be a finding of its own.",
        line=warned.line,
        end_line=warned.line,
        column=warned.column,
        symbol=identity.symbol,
        quoted=f"{name} {warned.code} {identity.text}",
    )


def _evidence(case: Case[Options], warned: Warned, said: str) -> tuple[Evidence, ...]:
    head = case.change.head
    if warned.line is None or warned.path not in head:
        return (Trail((said[:_SHOWN_WIDTH],)),)
    lines = head.read(warned.path).decode("utf-8", "replace").splitlines()
    text = lines[warned.line - 1] if warned.line <= len(lines) else ""
    return (Excerpt(warned.line, text[:_SHOWN_WIDTH]),)


RULE = Rule(
    name="lint-warning",
    summary="a lint or type warning at head",
    options=Options,
    check=check,
    runs=True,
    needs=needs,
    wordings=WORDINGS["lint-warning"],
)
