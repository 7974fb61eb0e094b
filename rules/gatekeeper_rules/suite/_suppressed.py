"""What a change hides from linters, type checkers, formatters and coverage, file by file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial

from gatekeeper import (
    LINK,
    Change,
    Difference,
    Doubt,
    Entry,
    Evidence,
    Examined,
    Excerpt,
    Finding,
    NoSubject,
    Observation,
    Side,
    Snapshot,
    Unreadable,
)
from gatekeeper.source.source_paths import is_source
from gatekeeper.source.suppression import Suppression
from gatekeeper.source.suppression_edits import hides_the_same
from gatekeeper.source.suppressions import SUPPRESSIONS
from gatekeeper_rules.suite import _configured, _precedence
from gatekeeper_rules.suite._former import is_renamed
from gatekeeper_rules.suite._ledger import Ledger, New
from gatekeeper_rules.suite._no_loss import Base

_SHOWN = 300
_TESTS = re.compile(r"(?:^|/)(?:tests?/|test_[^/]*$|[^/]*_test\.py$|conftest\.py$)")
_PRIVATE = re.compile(r"(?:^|/)_(?!_)")
_TYPE_TESTS = re.compile(r"\.(?:test-d|tst)\.[mc]?tsx?$")
_BOUNDARY = ("Any", "cast")


def observations(change: Change) -> Iterator[Observation]:
    """Findings for what is new, doubts for what cannot be read."""
    doubts: list[Doubt] = []
    paths = tuple(path for path in change.files if not _is_the_same(change, path))
    base, head = (_entries(paths, side, doubts) for side in (change.base, change.head))
    yield from doubts
    unread = {doubt.path for doubt in doubts}
    ledger, known = Ledger(base, head, partial(is_renamed, change)), Base(change)
    if ledger.too_many:
        yield Doubt("more suppressions differ than are compared; let the change be smaller")
    lines = cache(partial(_lines, change.head))
    for new in () if ledger.too_many else ledger.new():
        if new.path not in unread and not known.loses_nothing(new):
            yield _finding(new, lines(new.path))
    yield from _configured.observations(change)
    yield from _precedence.findings(change)
    if not change.files:
        yield NoSubject("nothing differs")
        return
    yield Examined("changed files", len(change.files))
    yield Examined("suppressions", sum(map(len, head.values())))


def _is_the_same(change: Change, path: str) -> bool:
    """Whether a file that differs hides what it did, as the lines tell that differ."""
    changed = change.files[path]
    if not all(entry is not None and entry.is_file for entry in (changed.before, changed.after)):
        return False
    try:
        before, after = change.base.read(path), change.head.read(path)
    except Unreadable:
        return False
    return hides_the_same(path, before, after)


def _entries(
    paths: Iterable[str], side: Snapshot, doubts: list[Doubt]
) -> dict[str, tuple[Suppression, ...]]:
    found: dict[str, tuple[Suppression, ...]] = {}
    for path in paths:
        entry = side.entries.get(path)
        try:
            if entry is not None and _is_read(side, path, entry):
                found[path] = _counting(path, side.facts(SUPPRESSIONS, path))
        except Unreadable as unreadable:
            doubts.append(Doubt(unreadable.reason, path, unreadable.line))
    return found


def _is_read(side: Snapshot, path: str, entry: Entry) -> bool:
    if entry.mode == LINK:
        return False
    if "." in path.rpartition("/")[2]:
        return is_source(path)
    return entry.is_file and is_source(path, side.read(path))


def _counting(path: str, found: tuple[Suppression, ...]) -> tuple[Suppression, ...]:
    """Those that count: what nobody may import has no public boundary.

    A test of types says `@ts-expect-error` where another one asserts.
    """
    idle: tuple[str, ...] = ()
    if _TESTS.search(path) or _PRIVATE.search(path):
        idle = _BOUNDARY
    if _TYPE_TESTS.search(path):
        idle = (*idle, "@ts-expect-error")
    return tuple(each for each in found if each.kind not in idle)


def _lines(side: Snapshot, path: str) -> list[str]:
    return side.read(path).decode("utf-8", "replace").splitlines()


def _finding(new: New, lines: Sequence[str]) -> Finding:
    each = new.suppression
    line = lines[each.line - 1] if each.line <= len(lines) else ""
    evidence: list[Evidence] = [Excerpt(each.line, line[:_SHOWN])]
    if new.was is not None:
        evidence.append(Difference("what it hides", _codes(new.was), _codes(each)))
    return Finding(
        _message(new),
        Side.HEAD,
        new.path,
        tuple(evidence),
        "Mend what it hides and take it out; if it must stay, have a waiver say why.",
        line=each.line,
        end_line=each.line,
        column=each.column,
        symbol=each.symbol,
        quoted=" ".join((each.kind, *each.codes, each.text)),
    )


def _message(new: New) -> str:
    each = new.suppression
    if new.endless:
        return f"what ended {each.kind} is gone: it now hides all that comes after it"
    if new.was is not None:
        return f"{each.kind} hides {_codes(each)}, and at base {_codes(new.was)}"
    return _SAYS.get(each.kind, f"{each.kind} is new, and hides {_codes(each)}")


_SAYS = {
    "Any": "Any is new at a public boundary, where nothing is checked any more",
    "cast": "what a public function gives back is cast, and no longer checked",
    "no_type_check": "no_type_check is new: what it stands on is not checked",
    "TYPE_CHECKING": "what stands here runs, and type checkers never look at it",
    "declare … any": "the declaration makes everything it names any, which is not checked",
}


def _codes(each: Suppression) -> str:
    return ", ".join(each.codes) if each.codes else "everything"
