"""A room: one checked-out tree, set up and ready for something to be run in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gatekeeper.value import dataclass


@dataclass(frozen=True, slots=True)
class Room:
    """Where a reading is taken.

    `tree` is the root of the checkout (files written from blobs, resolved), `out` an empty
    folder of ours beside it for what tools write, `cwd` the plan's folder in the tree. `env`
    is the whole environment, with the room's own programs first in PATH. `files` are the
    tracked paths of the tree, sorted. `base` is the root of a checkout of the base with the
    same layout, for tools that must use the base's configuration; None where the room is the
    base's own.
    """

    tree: Path
    out: Path
    cwd: Path
    env: Mapping[str, str]
    files: tuple[str, ...]
    base: Path | None
