"""Linters run for real in a room of two sides, as a measurement runs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from gatekeeper.reading.lint import Linted
from gatekeeper.reading.method import method_of
from gatekeeper.reading.room import Room
from gatekeeper.terms import ReadingPlan
from tests.node import node_modules
from tests.rooms import room_of, taken

Tree = Mapping[str, str]


def linted(folder: Path, run: str, head: Tree, base: Tree | None = None) -> Linted:
    """What the tool says of the head by the base's settings; of the base alone, without one."""
    return said(run, furnished(folder, run, head, base))


def said(run: str, room: Room) -> Linted:
    """What the tool says in a room; raises Unusable."""
    plan = ReadingPlan(run)
    reading = taken(method_of(run.split(maxsplit=1)[0], plan), plan, room)
    assert isinstance(reading, Linted)
    return reading


def furnished(folder: Path, run: str, head: Tree, base: Tree | None = None) -> Room:
    """A room with what its tool needs beside Python's programs."""
    room = room_of(folder, head)
    if run.startswith(("eslint", "tsc")):
        (room.tree / "node_modules").symlink_to(node_modules())
    if base is None:
        return room
    other = folder.resolve() / "base"
    for path, content in base.items():
        (other / path).parent.mkdir(parents=True, exist_ok=True)
        (other / path).write_text(content)
    other.mkdir(parents=True, exist_ok=True)
    return replace(room, base=other)


def told(reading: Linted) -> list[str]:
    """The warnings in short: `src/a.py:3 F401`."""
    return sorted(f"{each.path}:{each.line} {each.code}" for each in reading.warnings)
