"""Which files of test code define a function of some name, told from their bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatekeeper import Snapshot, Unreadable
from gatekeeper_rules.suite._test_paths import may_help

_DEFINED = re.compile(rb"\bdef[\s\\]+([\w\x80-\xff]+)")

_ANY = "*"
"""Stands for a name with letters that Python takes for others."""


class Defined:
    """The files of one snapshot in which test code may define a name: all that do, and some more.

    A whole project's tests take a minute to parse, and a second to search.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._files: dict[str, list[str]] = {}
        for path in sorted(snapshot.entries):
            for name in _names(snapshot, path):
                self._files.setdefault(name, []).append(path)

    def where(self, name: str) -> list[str]:
        """The files that may define it, sorted."""
        return sorted({*self._files.get(name, ()), *self._files.get(_ANY, ())})


def _names(snapshot: Snapshot, path: str) -> set[str]:
    if not (may_help(path) and path.endswith(".py") and snapshot.entries[path].is_file):
        return set()
    try:
        return set(map(_name, _found(snapshot.read(path))))
    except Unreadable:
        return set()


def _found(content: bytes) -> Iterator[bytes]:
    return (each.group(1) for each in _DEFINED.finditer(content))


def _name(spelled: bytes) -> str:
    return spelled.decode("ascii") if spelled.isascii() else _ANY
