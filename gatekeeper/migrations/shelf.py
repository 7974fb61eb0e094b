"""The folder in which migrations stand, as a runner that opens it would see it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from enum import Enum

from gatekeeper.errors import Unreadable
from gatekeeper.snapshot import LINK, SUBMODULE, Snapshot
from gatekeeper.value import dataclass

_MOST_LINKS = 40  # what Linux follows before it gives up (path_resolution(7))


class Sort(Enum):
    """What stands under a name."""

    FILE = "a file"
    FOLDER = "a folder"
    LINK = "a link"
    SUBMODULE = "a submodule"


@dataclass(frozen=True, slots=True)
class Item:
    """What a folder holds under `name`; `path` is where that stands in the snapshot."""

    name: str
    path: str
    sort: Sort


def joined(folder: str, name: str) -> str:
    """The path of what stands in a folder; the root of the repository is the empty folder."""
    return f"{folder}/{name}" if folder else name


def resolved(snapshot: Snapshot, path: str) -> str:
    """Where `path` is when all links on the way are followed; it need not exist.

    Raises `Unreadable` naming the link where the way leaves the repository or has no end.
    """
    waiting = path.split("/")[::-1]
    done: list[str] = []
    last = path
    followed = 0
    while waiting:
        part = waiting.pop()
        if part in ("", "."):
            continue
        if part == "..":
            if not done:
                raise Unreadable(last, "it leads out of the repository", 1)
            done.pop()
            continue
        here = "/".join((*done, part))
        target = _target(snapshot, here, is_last=not waiting)
        if target is None:
            done.append(part)
            continue
        last, followed = here, followed + 1
        if followed > _MOST_LINKS:
            raise Unreadable(here, "its links lead round in a circle", 1)
        waiting.extend(target.split("/")[::-1])
    return "/".join(done)


def _target(snapshot: Snapshot, path: str, *, is_last: bool) -> str | None:
    """Where a link leads; None for what is none. Raises `Unreadable` where nothing goes on."""
    entry = snapshot.entries.get(path)
    if entry is not None and entry.mode == SUBMODULE and not is_last:
        raise Unreadable(path, _SUBMODULE, 1)
    if entry is None or entry.mode != LINK:
        return None
    target = os.fsdecode(snapshot.read(path))
    if target.startswith("/"):
        raise Unreadable(path, "it is a link that leads out of the repository", 1)
    return target


_SUBMODULE = "it is a submodule; its content is in another repository"


def resolved_folder(snapshot: Snapshot, path: str) -> str:
    """Where a folder is when all links on the way are followed; it need not exist.

    Raises `Unreadable` as `resolved` does, and where something else than a folder is there.
    """
    folder = resolved(snapshot, path)
    entry = snapshot.entries.get(folder)
    if entry is not None:
        why = _SUBMODULE if entry.mode == SUBMODULE else "it is a file, and should be a folder"
        raise Unreadable(folder, why, 1)
    return folder


def held(snapshot: Snapshot, folder: str) -> tuple[Item, ...]:
    """What stands in a folder, sorted by name; `folder` has no link on its way."""
    return tuple(sorted(_held(snapshot, folder), key=lambda item: item.name))


def _held(snapshot: Snapshot, folder: str) -> Iterator[Item]:
    start = len(folder) + 1 if folder else 0
    folders = set[str]()
    for path in snapshot.below(folder) if folder else snapshot.entries:
        name, deeper, _ = path[start:].partition("/")
        if not deeper:
            yield Item(name, path, _sort(snapshot, path))
        elif name not in folders:
            folders.add(name)
            yield Item(name, joined(folder, name), Sort.FOLDER)


def _sort(snapshot: Snapshot, path: str) -> Sort:
    mode = snapshot.entries[path].mode
    if mode == LINK:
        return Sort.LINK
    return Sort.SUBMODULE if mode == SUBMODULE else Sort.FILE
