"""Where the experiments on one data migration are made, each on a fresh checkout, within bounds."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from gatekeeper.carrying.contents import Contents
from gatekeeper.carrying.document import Json
from gatekeeper.carrying.place import Files, Place, Run
from gatekeeper.carrying.told import Ear
from gatekeeper.reading.room import Room
from gatekeeper.terms import DataMigrationPlan
from gatekeeper.value import dataclass

SECONDS = 180.0
"""For all experiments on one data migration."""

MOST_RUNS = 600
"""Runs of commands in them."""


class TimeIsUp(Exception):
    """The bounds of a proof are reached; what was not tried is unproven."""


@dataclass(frozen=True, slots=True)
class Fixture:
    """A file to carry: `name` says which, `value` what it holds where it is JSON, else None."""

    name: str
    content: bytes
    value: Json = None


@dataclass(frozen=True, slots=True)
class Clean:
    """What one undisturbed run makes of a fixture: the database as a file, and what it holds.

    `empty` is what the database held before; `ear` knows what the command says when all is well.
    `steady` says whether two such runs come out alike, so that others can be held against them.
    """

    fixture: Fixture
    files: Files
    empty: Contents
    contents: Contents
    run: Run
    ear: Ear
    steady: bool = True


class Bench:
    """Makes places and runs commands in them; `room` lays the checkout afresh."""

    def __init__(self, plan: DataMigrationPlan, image: bytes, room: Callable[[], Room]) -> None:
        self.plan = plan
        self.image: Files = {"": image}
        self.runs = 0
        self._fresh = room
        self._room: Room | None = None
        self._marks: Marks = frozenset()
        self._deadline = time.monotonic() + SECONDS

    def place(self, fixture: Fixture, database: Files | None = None) -> Place:
        """A fresh place with a database, that of the migrated schema where none is given.

        Raises TimeIsUp, and Unusable where no room can be made.
        """
        if self.runs >= MOST_RUNS or time.monotonic() > self._deadline:
            raise TimeIsUp(f"the bounds of the proof were reached after {self.runs} runs")
        files = self.image if database is None else database
        return Place(self._clean_room(), fixture.name, files)

    def _clean_room(self) -> Room:
        """A room in which nothing is left of what was run before."""
        room = self._room
        if room is not None and _emptied(room.out) and _marks(room) == self._marks:
            return room
        room = self._room = self._fresh()
        self._marks = _marks(room)
        return room

    def forward(self, place: Place, content: bytes) -> Run:
        """Run forward in a place."""
        self.runs += 1
        return place.run(self.plan.forward, content)

    def forward_within(self, place: Place, content: bytes, largest: int) -> Run:
        """Run forward where no file may come to hold more bytes than `largest`."""
        self.runs += 1
        return place.run(self.plan.forward, content, largest=largest)

    def reverse(self, place: Place, content: bytes) -> Run:
        """Run the way back in a place."""
        self.runs += 1
        return place.run(self.plan.reverse, content)


Marks = frozenset[tuple[object, ...]]


def _emptied(folder: Path) -> bool:
    """Take away what a run has left in a folder; whether that went without a hitch."""
    try:
        for each in tuple(folder.iterdir()):
            if each.is_dir() and not each.is_symlink():
                shutil.rmtree(each)
            else:
                each.unlink()
    except (OSError, RecursionError):
        return False
    return True


def _marks(room: Room) -> Marks:
    """What changes where a run has written anything besides its output: tree, home and the like."""
    folders = [room.tree.parent, Path(room.env.get("TMPDIR", room.tree.parent))]
    found = set[tuple[object, ...]]()
    # A run can have nested folders too deep to be walked: then the marks are no longer the same.
    with contextlib.suppress(RecursionError):
        for above, names, files in (each for folder in folders for each in os.walk(folder)):
            found |= {_mark(above, name, is_file=False) for name in names}
            found |= {_mark(above, name, is_file=True) for name in files}
    return frozenset(found)


def _mark(above: str, name: str, *, is_file: bool) -> tuple[object, ...]:
    path = Path(above, name)
    try:
        status = path.lstat()
    except OSError:
        return (str(path), "gone")
    times = (status.st_size, status.st_ctime_ns) if is_file else ()
    return (str(path), status.st_mode, status.st_ino, *times)
