"""The ground a run stands on: what is on disk, and how it is put right before the next run."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from gatekeeper.reading.materialise import check_links, in_order, write
from gatekeeper.snapshot import Entry, Snapshot
from gatekeeper.tools import Limits, run

Mark = tuple[int, ...]

_PATIENCE = 120.0


class Spoiled(Exception):
    """Something that the setup made was altered by a run: the room must be made anew."""


class Ground:
    """A folder of ours: the checkout in `tree`, and beside it what the setup installed.

    A run may write where it likes. Before the next one, what it added is taken away and
    what it did to tracked files is undone; of all else it must have altered nothing, by
    size, mode and times as the file system keeps them (the time of the last change of a
    file's state cannot be set by a program).
    """

    def __init__(self, root: Path) -> None:
        self.tree = root / "tree"
        self._root = root
        self._tracked: dict[str, tuple[Entry, Mark]] = {}
        self._made: dict[str, Mark] | None = None
        self.tree.mkdir(parents=True)

    def settle(self, snapshot: Snapshot) -> None:
        """What is there now, beyond the snapshot's own files, was made by the setup."""
        tracked = [f"tree/{path}" for path in snapshot.entries]
        own = {*tracked, *(above for path in tracked for above in _above(path))}
        self._made = {path: mark for path, mark in _walk(self._root) if path not in own}
        self.lay(snapshot)

    def lay(self, snapshot: Snapshot) -> None:
        """Bring the checkout to a snapshot, and all else to what it was after the setup.

        Raises `Spoiled`, and Unusable where the snapshot cannot be written out.
        """
        self._sweep(snapshot)
        fresh = [path for path in snapshot.entries if path not in self._tracked]
        for path in in_order(snapshot, fresh):
            write(snapshot, path, self.tree)
            mark = _mark(os.lstat(self.tree / path))
            self._tracked[path] = (snapshot.entries[path], mark)
        check_links(snapshot, self.tree)

    def _sweep(self, snapshot: Snapshot) -> None:
        """Take away what is neither as tracked nor as the setup made it."""
        kept = self._made or {}
        right = {
            **kept,
            **{
                f"tree/{path}": mark
                for path, (entry, mark) in self._tracked.items()
                if snapshot.entries.get(path) == entry
            },
        }
        folders = {"tree", *(above for path in right for above in _above(path))}
        there = set[str]()
        for path, mark in _walk(self._root):
            if right.get(path) == mark:
                there.add(path)
            elif path in kept:
                raise Spoiled(path)
            elif path not in folders or not stat.S_ISDIR(mark[0]):
                _take_away(self._root / path)
        if missing := kept.keys() - there:
            raise Spoiled(min(missing))
        self._tracked = {
            path: known for path, known in self._tracked.items() if f"tree/{path}" in there
        }


def _above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _walk(root: Path) -> Iterator[tuple[str, Mark]]:
    """Everything below a folder with its mark, each folder before what is in it.

    What is removed while one walks is not entered. Raises `Spoiled` for what a run made so
    deep, or closed so well, that it cannot be looked at.
    """
    # Of files there are many, so that no `Path` is made for each.
    top, waiting = os.fspath(root), [""]
    while waiting:
        folder = waiting.pop()
        for name in _names(root / folder):
            path = f"{folder}/{name}" if folder else name
            try:
                status = os.lstat(f"{top}/{path}")
            except FileNotFoundError:
                continue
            except OSError:
                raise Spoiled(path) from None
            yield path, _mark(status)
            if stat.S_ISDIR(status.st_mode):
                waiting.append(path)


def _names(folder: Path) -> list[str]:
    """What is in a folder; nothing where it has been removed meanwhile."""
    try:
        return _listed(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except PermissionError:
        _open_up(folder)
        return _listed(folder)
    except OSError:
        raise Spoiled(folder.name) from None


def _listed(folder: Path) -> list[str]:
    with os.scandir(folder) as found:
        return [each.name for each in found]


def _mark(status: os.stat_result) -> Mark:
    """What changes when a file changes; of a folder only that it is one."""
    if stat.S_ISDIR(status.st_mode):
        return (stat.S_IFDIR,)
    times = (status.st_mtime_ns, status.st_ctime_ns)
    return (status.st_mode, status.st_ino, status.st_size, *times)


def _open_up(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.chmod(stat.S_IMODE(folder.lstat().st_mode) | 0o700)


def _take_away(at: Path) -> None:
    """Remove what must not be there; raises `Spoiled` where it cannot be."""
    try:
        if not at.is_symlink() and at.is_dir():
            remove(at)
        elif not os.access(at.parent, os.W_OK | os.X_OK):
            _open_up(at.parent)
        at.unlink(missing_ok=True)
    except OSError:
        raise Spoiled(at.name) from None
    if os.path.lexists(at):
        raise Spoiled(at.name)


def remove(folder: Path) -> None:
    """Remove a folder, however deep it is and whatever is closed in it; as far as that goes.

    Where a link stands in its place, the link goes, and what it leads to is left alone.
    """
    with contextlib.suppress(Spoiled, OSError):
        for path, mark in () if folder.is_symlink() else _walk(folder):
            if stat.S_ISDIR(mark[0]):
                _open_up(folder / path)
    # Python's own removal recurses, and gives up where a run has nested too deeply.
    run(["rm", "-rf", "--", str(folder)], Limits(_PATIENCE))
