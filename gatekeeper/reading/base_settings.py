"""The base's settings laid over the head's checkout: a linter reads those, and no others."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from gatekeeper.reading.room import Room
from gatekeeper.reading.unusable import Unusable

Named = Callable[[str], bool]
"""Whether a file of this name holds settings of a tool."""

Leads = Callable[[Path], Iterable[str]]
"""The files that a file of settings takes in, relative to its own folder."""

_SKIPPED = frozenset({"node_modules", ".git"})
_QUOTED = re.compile(r"\"[^\"\n]+\"|'[^'\n]+'")
_SCRIPTS = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".json", ".yml", ".yaml", "")
_ENDINGS = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".json")
_MOST = 1000


def lay_settings(room: Room, named: Named, leads: Leads) -> frozenset[str]:
    """Make the checkout's settings those of the base; which files are not the head's any more.

    Settings that the base has not are taken away. A file that the base's settings take in is
    the base's as well. In a room of the base itself nothing is to do.
    """
    if room.base is None:
        return frozenset()
    wanted = tuple(_settings(room.base, named, leads))
    changed = set()
    for path in dict.fromkeys((*filter(lambda path: named(Path(path).name), room.files), *wanted)):
        if lay_file(room.base / path, room.tree, path):
            changed.add(path)
    return frozenset(changed)


def refuse_made(room: Room, names: Iterable[str]) -> None:
    """Raises Unusable where the setup has made settings that would hold for a tracked file.

    A build script of the head's could make such as it likes; those of the base are laid already.
    """
    if room.base is None:
        return
    folders = {above for path in room.files for above in PurePosixPath(path).parents}
    for path in sorted(folder / name for folder in folders for name in names):
        if os.path.lexists(room.tree / path) and not (room.base / path).exists():
            raise Unusable(f"{path} is no file of the base, and tools take settings from it")


def _settings(base: Path, named: Named, leads: Leads) -> Iterator[str]:
    """The paths of the base's settings, and of all that they take in."""
    waiting = [file for file in _files(base) if named(file.name)]
    seen = set(waiting)
    while waiting:
        file = waiting.pop()
        yield file.relative_to(base).as_posix()
        for lead in leads(file):
            taken = (file.parent / lead).resolve()
            if taken.is_relative_to(base) and taken.is_file() and taken not in seen:
                seen.add(taken)
                waiting.append(taken)
        if len(seen) > _MOST:
            raise Unusable(f"the base's settings are spread over more than {_MOST} files")


def _files(folder: Path) -> Iterator[Path]:
    """All files below it, and links to files; folders behind links have names of their own."""
    waiting = [folder]
    while waiting:
        for each in sorted(waiting.pop().iterdir()):
            if each.is_dir() and not each.is_symlink():
                waiting += [] if each.name in _SKIPPED else [each]
            elif each.is_file():
                yield each


def lay_file(source: Path, tree: Path, path: str) -> bool:
    """Put a file of the base in its place, or take away what the base has not.

    Whether anything was to do. Where the way there leads over links, nothing is done.
    """
    target = tree / path
    before = target.read_bytes() if target.is_file() and not target.is_symlink() else None
    after = source.read_bytes() if source.is_file() else None
    if before == after and not target.is_symlink():
        return False
    if not _is_plain(target.parent, tree):
        return False
    if target.is_symlink() or target.is_file():
        target.unlink()
    if after is not None and not target.exists():
        shutil.copyfile(source, target)
    return True


def _is_plain(folder: Path, tree: Path) -> bool:
    """Whether a folder is there, and reached without links."""
    return folder.is_dir() and folder.resolve() == folder and folder.is_relative_to(tree)


def toml_table(file: Path, *keys: str) -> Mapping[str, object] | None:
    """The table under some keys of a TOML file, an empty one where there is none there.

    None for a file that is no TOML: whoever asks must take it for one that says anything.
    """
    import tomllib

    try:
        table: object = tomllib.loads(file.read_text("utf-8"))
    except (ValueError, RecursionError):
        return None
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else {}


def script_imports(file: Path) -> Iterator[str]:
    """What a script, or a file of settings for scripts, takes in by a relative path."""
    if file.suffix not in _SCRIPTS:
        return
    for quoted in _QUOTED.findall(file.read_text("utf-8", "replace")):
        path = quoted[1:-1]
        if path.startswith("."):
            yield from (path, *(f"{path}{end}" for end in (*_ENDINGS, "/index.js")))
