"""Which function of the base a function of the head was."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

from gatekeeper import Change
from gatekeeper_rules.suite._written import Written

Place = tuple[str, Written]


class _File(Protocol):
    @property
    def functions(self) -> Sequence[Written]: ...


class Files(Protocol):
    """The test code of one snapshot."""

    def file(self, path: str) -> _File | None:
        """What is written in a file; None where there is none to read."""
        ...


class Twins:
    """Pairs functions by path and name, and by name alone where a file has moved."""

    def __init__(self, change: Change, base: Files, head: Files) -> None:
        self._change = change
        self._base = base
        self._head = head

    def before(self, path: str, function: Written) -> Place | None:
        """Where the function stood in the base; None where it is new."""
        number = _alike(self._head, path, function.name).index(function)
        found = _alike(self._base, path, function.name)
        if found:
            return path, found[min(number, len(found) - 1)]
        moved = self._left.get(function.name, [])
        same = [each for each in moved if each[1].code == function.code]
        if same or len(moved) == 1:
            return (same or moved)[0]
        return None

    @cached_property
    def _left(self) -> dict[str, list[Place]]:
        """The functions that the head no longer has where the base had them, by name."""
        found: dict[str, list[Place]] = {}
        for path in self._change.files:
            file = self._base.file(path)
            for each in file.functions if file is not None else ():
                if not _alike(self._head, path, each.name):
                    found.setdefault(each.name, []).append((path, each))
        return found


def _alike(files: Files, path: str, name: str) -> list[Written]:
    file = files.file(path)
    return [each for each in file.functions if each.name == name] if file is not None else []
