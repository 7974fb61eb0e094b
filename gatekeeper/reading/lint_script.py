"""A linter's commands as one shell script, and what each of them left."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path

from gatekeeper.reading.content import json_of
from gatekeeper.reading.method import Order
from gatekeeper.reading.output import told, written
from gatekeeper.reading.room import Room
from gatekeeper.reading.unusable import Unusable
from gatekeeper.tools import Ended, Outcome
from gatekeeper.value import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command printed, and its exit status."""

    status: int
    out: bytes
    err: bytes

    @property
    def says(self) -> str:
        """How it ended, with its last words, on one line."""
        return told(Outcome(_signalled(self.status), self.out, self.err, Ended.BY_ITSELF))


def script(room: Room, commands: Sequence[Sequence[str]]) -> Order:
    """Run the commands one after the other, whatever becomes of them, each into its files."""
    lines = ["exec < /dev/null"]
    for number, command in enumerate(commands):
        out = shlex.quote(str(room.out / f"{number}"))
        lines.append(f"{shlex.join(command)} > {out}.out 2> {out}.err; echo $? > {out}.status")
    file = room.out / "lint.sh"
    file.write_bytes(os.fsencode("\n".join((*lines, ""))))
    return Order(f"exec /bin/sh {shlex.quote(str(file))}")


def answers(room: Room, count: int, ended: Outcome) -> tuple[Answer, ...]:
    """What the commands left; raises Unusable where one of them did not come to an end."""
    return tuple(_answer(room.out, number, ended) for number in range(count))


def _answer(folder: Path, number: int, ended: Outcome) -> Answer:
    status, out, err = (
        written(folder / f"{number}.{name}", ended) for name in ("status", "out", "err")
    )
    if not status.strip().isdigit():
        raise Unusable(f"the linter did not come to an end: {told(ended)}")
    return Answer(int(status), out, err)


def _signalled(status: int) -> int:
    """A shell says 128 and the signal's number of what a signal ended."""
    shell = 128
    return shell - status if status > shell else status


def program(name: str, room: Room) -> Path:
    """The room's own program of a name; raises Unusable where it is none, or a tracked file."""
    found = shutil.which(name, path=_outside(room))
    if found is None:
        raise Unusable(f"{name} is not installed; install it in the reading's `setup`")
    file = Path(found)
    if file.resolve().is_relative_to(room.tree):
        raise Unusable(f"{name} is a file of the tree itself, and nobody vouches for it")
    return file


def _outside(room: Room) -> str:
    """The folders of PATH without those of the tree, where packages could bring a program."""
    entries = room.env.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(
        each for each in entries if each and not Path(each).resolve().is_relative_to(room.tree)
    )


def package(name: str, room: Room) -> Path:
    """The folder of an installed Node package, links followed.

    Raises Unusable where it is not installed, or is a folder of the tree by another name.
    """
    folder = room.cwd
    while True:
        found = folder / "node_modules" / name
        if found.is_dir():
            real = found.resolve()
            inside = real.is_relative_to(room.tree)
            if inside and "node_modules" not in real.relative_to(room.tree).parts:
                raise Unusable(f"{name} is a folder of the tree itself, and nobody vouches for it")
            return real
        if folder == room.tree:
            raise Unusable(f"{name} is not installed; install it in the reading's `setup`")
        folder = folder.parent


def version_of(name: str, room: Room) -> str:
    """The version that an installed Node package says it has."""
    said = json_of((package(name, room) / "package.json").read_bytes())
    return str(said.get("version")) if isinstance(said, dict) else ""
