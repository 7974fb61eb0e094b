"""Warnings of linters by what they are about, so that moved lines are none that are new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from gatekeeper import Snapshot, Unreadable
from gatekeeper.reading.lint import Linted, Warned
from gatekeeper.source.code_lines import CodeLines


class Identity(NamedTuple):
    """What stays of a warning when lines move: code, path, enclosing symbol, code of its line."""

    code: str
    path: str
    symbol: str
    text: str


def identities(side: Snapshot, linted: Linted) -> Iterator[tuple[Warned, Identity]]:
    """Each warning with its identity, in the order of paths and lines."""
    lines = cache(lambda path: _lines(side, path))
    for each in sorted(linted.warnings, key=lambda each: (each.path, each.line or 0, each.code)):
        symbol, text = lines(each.path).at(each.line) if each.line else ("", each.message)
        yield each, Identity(each.code, each.path, symbol, text)


def new(
    base: tuple[Snapshot, Linted], head: tuple[Snapshot, Linted], former: Callable[[str], str]
) -> Iterator[tuple[Warned, Identity]]:
    """The warnings of the head that the base has not, one for one."""
    known = Counter(identity for _, identity in identities(*base))
    for warned, identity in identities(*head):
        was = identity._replace(path=former(identity.path))
        if known[was]:
            known[was] -= 1
        else:
            yield warned, identity


def _lines(side: Snapshot, path: str) -> CodeLines:
    try:
        return CodeLines(side.read(path), path)
    except (KeyError, Unreadable):
        return CodeLines(b"", path)
