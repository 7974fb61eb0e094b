"""A snapshot written to disk from its blobs: no git directory, no filter, nothing outside."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from gatekeeper.errors import Unreadable
from gatekeeper.git import printable
from gatekeeper.reading.unusable import Unusable
from gatekeeper.snapshot import EXECUTABLE, LINK, SUBMODULE, Entry, Snapshot

# Names that git, on one file system or another, takes for its own directory.
_GIT = frozenset({".git", "git~1"})


def materialise(snapshot: Snapshot, folder: Path) -> None:
    """Write all files of a snapshot into an empty folder; raises Unusable.

    `folder` is resolved. Links are made last, so that nothing is written through one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in in_order(snapshot, snapshot.entries):
        write(snapshot, path, folder)
    check_links(snapshot, folder)


def in_order(snapshot: Snapshot, paths: Iterable[str]) -> list[str]:
    """The paths in the order to write them: files, then links; refuses what cannot be."""
    chosen = sorted(paths, key=lambda path: (snapshot.entries[path].mode == LINK, path))
    for path in chosen:
        _refuse(path, snapshot.entries[path])
    _refuse_files_behind(_links(snapshot), snapshot.entries)
    return chosen


def _links(snapshot: Snapshot) -> frozenset[str]:
    return frozenset(path for path, entry in snapshot.entries.items() if entry.mode == LINK)


def _refuse(path: str, entry: Entry) -> None:
    shown = printable(path)
    if entry.mode == SUBMODULE:
        raise Unusable(f"{shown} is a submodule, whose files are in another repository")
    for part in path.split("/"):
        if part in ("", ".", "..") or "\0" in part:
            raise Unusable(f"the path {shown!r} leads elsewhere, so the tree is not written out")
        if _bare(part) in _GIT:
            raise Unusable(f"the path {shown!r} would be a git directory, so it is not written")


def _bare(name: str) -> str:
    """A name as file systems compare it that ignore case, trailing dots and invisible signs."""
    visible = name if name.isprintable() else "".join(filter(str.isprintable, name))
    return visible.rstrip(". ").casefold()


def write(snapshot: Snapshot, path: str, folder: Path) -> None:
    """Write one file, where nothing stands yet; raises Unusable."""
    entry = snapshot.entries[path]
    try:
        content, target = snapshot.read(path), folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if entry.mode == LINK:
            target.symlink_to(os.fsdecode(content))
            return
        mode = 0o755 if entry.mode == EXECUTABLE else 0o644
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(target, flags, mode), "wb") as file:
            file.write(content)
    except Unreadable as unreadable:
        raise Unusable(f"the tree cannot be written out: {unreadable}") from None
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise Unusable(f"{printable(path)} cannot be written out: {said}") from None


def check_links(snapshot: Snapshot, folder: Path) -> None:
    """Raises Unusable where a link, or what it leads to, leads out of the folder."""
    for path in _links(snapshot):
        # Written as text; a loop or a link to nothing stays what it is.
        if not Path(os.path.realpath(folder / path)).is_relative_to(folder):
            raise Unusable(f"the link {printable(path)} leads out of the tree")


def _refuse_files_behind(links: frozenset[str], paths: Iterable[str]) -> None:
    """No commit has such files, but the head with the base's tests can."""
    for path in paths if links else ():
        above = path.rpartition("/")[0]
        while above and above not in links:
            above = above.rpartition("/")[0]
        if above:
            raise Unusable(f"{printable(path)} cannot be written out: {printable(above)} is a link")
