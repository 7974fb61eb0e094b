"""A room for tests: a project of a few files, in which a method's command is really run."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from gatekeeper.reading.method import Method
from gatekeeper.reading.room import Room
from gatekeeper.terms import ReadingPlan
from gatekeeper.tools import Limits, run
from tests.lean import STRANGE


def room_of(folder: Path, files: Mapping[str, str], **env: str) -> Room:
    """The files on disk under `folder/tree`, with this Python's programs first in PATH."""
    tree, out = folder.resolve() / "tree", folder.resolve() / "out"
    out.mkdir(parents=True)
    for path, content in files.items():
        target = tree / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {
        "PATH": path,
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "PYTEST_ADDOPTS": " ".join(STRANGE),
        **env,
    }
    return Room(tree, out, tree, environment, tuple(sorted(files)), None)


def taken(method: Method, plan: ReadingPlan, room: Room, seconds: float = 60) -> object:
    """The reading, as a whole measurement takes it: ordered, run, read."""
    order = method.order(plan, room)
    ended = run(
        ["sh", "-c", order.command],
        Limits(seconds=seconds),
        cwd=str(room.cwd),
        env={**room.env, **order.env},
    )
    return method.read(plan, room, ended)
