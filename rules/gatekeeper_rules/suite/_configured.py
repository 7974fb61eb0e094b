"""What a change of configuration hides from tools: new exceptions, lost settings, other files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice
from posixpath import dirname

from gatekeeper import (
    LINK,
    Change,
    Difference,
    Doubt,
    Excerpt,
    Finding,
    Observation,
    Side,
    Snapshot,
    Unreadable,
)
from gatekeeper.source.code_configuration import is_of_linter, is_program, read_program
from gatekeeper.source.configuration import hidden_by, is_settings
from gatekeeper.source.mypy_flags import IN_STRICT
from gatekeeper.source.suppression import Suppression

_SHOWN, _DIGITS = 300, 9
_MOST = 500  # findings in one file; what comes after them says nothing new
_LOOSER = {"warn": ("off",)}

_Held = Mapping[str, tuple[Suppression, ...]]


def is_configuration(path: str) -> bool:
    """Whether a tool reads its settings from a file of this name."""
    return is_settings(path) or is_program(path)


def observations(change: Change) -> Iterator[Observation]:
    """Findings for what is hidden now and was not; doubts for what cannot be told."""
    paths = [path for path in change.files if is_configuration(path)]
    doubts: list[Doubt] = []
    base, head = (_read(side, paths, doubts) for side in (change.base, change.head))
    yield from doubts
    unread = {doubt.path for doubt in doubts}
    for folder in sorted({dirname(path) for path in paths}):
        before, after = _within(folder, base), _within(folder, head)
        if not unread & (before.keys() | after.keys()):
            added = tuple(_added(change, before, after))
            yield from added
            yield from _lost(before, after, {each.quoted for each in added})
    for path in paths:
        if is_program(path) and is_of_linter(path) and path not in unread:
            yield from _unexplained(change, path)


def _read(side: Snapshot, paths: list[str], doubts: list[Doubt]) -> _Held:
    found: dict[str, tuple[Suppression, ...]] = {}
    for path in paths:
        entry = side.entries.get(path)
        if entry is None:
            continue
        if not entry.is_file:
            what = "a link" if entry.mode == LINK else "a submodule"
            doubts.append(Doubt(f"it is {what}, and tools would read their settings there", path))
            continue
        try:
            content = side.read(path)
            found[path] = (
                read_program(content, path)[0] if is_program(path) else hidden_by(content, path)
            )
        except Unreadable as unreadable:
            doubts.append(Doubt(unreadable.reason, path, unreadable.line))
    return found


def _within(folder: str, held: _Held) -> _Held:
    return {path: found for path, found in held.items() if dirname(path) == folder}


def _added(change: Change, base: _Held, head: _Held) -> Iterator[Finding]:
    known = _Known(base, guards=False)
    for path, found in sorted(head.items()):
        fresh = (each for each in found if not (each.guard or known.takes_in(each)))
        for each in islice(dict.fromkeys(fresh), _MOST):
            yield Finding(
                f"{_named(each)} is set to {each.codes[0]}, which hides what the base showed",
                Side.HEAD,
                path,
                (Excerpt(each.line, _line(change.head, path, each.line)),),
                "Take it out and mend what it hides; if it must be, have a waiver say why.",
                line=each.line,
                end_line=each.line,
                column=each.column,
                quoted=_named(each),
                symbol=each.codes[0],
            )


def _lost(base: _Held, head: _Held, told: set[str]) -> Iterator[Finding]:
    """Settings that made a tool look and are gone, each with all of its values at once."""
    kept = _Known(head, guards=True)
    for path, found in sorted(base.items()):
        lost: dict[str, list[Suppression]] = defaultdict(list)
        for each in found:
            if each.guard and not kept.takes_in(each) and _named(each) not in told:
                lost[_named(each)].append(each)
        for name, gone in sorted(lost.items()):
            values = ", ".join(dict.fromkeys(each.codes[0] for each in gone))
            yield Finding(
                f"{name} was set to {values}, and is no more",
                Side.BASE,
                path,
                (Difference(name, values, None),),
                "Put it back; what it made the tool say is to be mended, not unsaid.",
                line=gone[0].line,
                end_line=gone[0].line,
                quoted=f"{name} {values}",
            )


class _Known:
    """What some settings do, asked whether another one does no more."""

    def __init__(self, held: _Held, *, guards: bool) -> None:
        self._values: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._counts: dict[tuple[str, str], int] = defaultdict(int)
        for each in (each for found in held.values() for each in found if each.guard == guards):
            key, value = (each.kind, each.text), each.codes[0]
            self._values[key].add(value)
            if value.isdecimal():
                self._counts[key] = max(self._counts[key], int(value[:_DIGITS]))

    def takes_in(self, each: Suppression) -> bool:
        """Whether one of them does at least what this one does."""
        key, value = (each.kind, each.text), each.codes[0]
        held = self._values.get(key, set())
        if not held.isdisjoint((value, *_LOOSER.get(value, ()))):
            return True
        if each.guard and (self._in_strict(each) or _around(value, held)):
            return True
        if value.isdecimal() and self._counts.get(key, 0) >= int(value[:_DIGITS]):
            return True
        return "prefixed" in each.around and not held.isdisjoint(_broader(value))

    def _in_strict(self, each: Suppression) -> bool:
        tool, _, flag = each.kind.partition(": ")
        return tool == "mypy" and flag in IN_STRICT and "on" in self._values[("mypy: strict", "")]


def _around(value: str, held: set[str]) -> bool:
    """Whether a path is in one of the folders that are held: `src/click` in `src`."""
    parts = value.split("/")
    return any("/".join(parts[:end]) in held for end in range(1, len(parts)))


def _broader(code: str) -> Iterator[str]:
    """The shorter codes that take a code in: `E50`, `E5`, `E` and `ALL` for `E501`."""
    yield "ALL"
    letters = code.rstrip("0123456789")
    yield from (code[:end] for end in range(len(letters), len(code)))
    if letters.startswith("PL"):
        yield "PL"


def _named(each: Suppression) -> str:
    return f"{each.kind} for {each.text}" if each.text else each.kind


def _unexplained(change: Change, path: str) -> Iterator[Doubt]:
    """What is left of a program that changed, once its plain lists are taken out."""
    before, after = change.base, change.head
    if path not in before or path not in after:
        if path in after and after.read(path).strip():
            yield Doubt(
                "it is a program, new, and what it hides cannot be told without running it", path
            )
        return
    if read_program(before.read(path), path)[1] != read_program(after.read(path), path)[1]:
        yield Doubt(
            "it is a program that changed; what it hides cannot be told without running it", path
        )


def _line(side: Snapshot, path: str, line: int) -> str:
    lines = side.read(path).decode("utf-8", "replace").splitlines()
    return lines[line - 1][:_SHOWN] if line <= len(lines) else ""
