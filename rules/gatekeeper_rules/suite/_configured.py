"""What a change of configuration hides from tools: new exceptions, lost settings, other files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
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
from gatekeeper.source.code_configuration import is_program, read_program
from gatekeeper.source.configuration import hidden_by, is_settings
from gatekeeper.source.suppression import Suppression

_SHOWN = 300
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
        if is_program(path) and path not in unread:
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
    known = [each for found in base.values() for each in found if not each.guard]
    for path, found in sorted(head.items()):
        fresh = (each for each in found if not each.guard)
        for each in dict.fromkeys(
            each for each in fresh if not any(_takes_in(k, each) for k in known)
        ):
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
    kept = [each for found in head.values() for each in found if each.guard]
    for path, found in sorted(base.items()):
        lost: dict[str, list[Suppression]] = defaultdict(list)
        for each in found:
            if (
                each.guard
                and not any(_takes_in(k, each) for k in kept)
                and _named(each) not in told
            ):
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


def _takes_in(one: Suppression, other: Suppression) -> bool:
    """Whether one setting does at least what another one does."""
    if (one.kind, one.text) != (other.kind, other.text):
        return False
    mine, its = one.codes[0], other.codes[0]
    if mine == its or mine in _LOOSER.get(its, ()):
        return True
    return "prefixed" in one.around and (mine == "ALL" or its.startswith(mine))


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
