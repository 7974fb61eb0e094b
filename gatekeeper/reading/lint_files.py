"""Which tracked files a linter is given: all of its kind, whatever settings would leave out."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from gatekeeper.reading.room import Room
from gatekeeper.reading.unusable import Unusable

_MOST, _LONGEST = 400, 90_000
_SHEBANG = re.compile(rb"#![^\n]*\bpython")
_BREAKS = re.compile(r"[\r\n\0]")


class Given:
    """The files of a kind below the folder that a tool runs in; paths relative to the root.

    `files` can be given to the tool. `unread` cannot: their names or contents would end, or
    confuse, the whole run.
    """

    def __init__(self, room: Room, tool: str, suffixes: Sequence[str], *, scripts: bool) -> None:
        self._room = room
        below = room.cwd.relative_to(room.tree).as_posix()
        self._prefix = "" if below == "." else f"{below}/"
        found = [path for path in self._tracked() if _is_kind(room.tree, path, suffixes, scripts)]
        found += self._behind_links(found, suffixes)
        self.unread = frozenset(path for path in found if not _can_be_given(room.tree / path))
        self.files = tuple(path for path in found if path not in self.unread)
        if not found:
            raise Unusable(f"not one tracked file is of a kind that {tool} reads")

    def _tracked(self) -> Iterator[str]:
        for path in self._below():
            there = self._room.tree / path
            if there.is_file() and not there.is_symlink():
                yield path

    def _below(self) -> Iterator[str]:
        return (path for path in self._room.files if path.startswith(self._prefix))

    def _behind_links(self, found: Sequence[str], suffixes: Sequence[str]) -> list[str]:
        """Links of the kind to files that are not given by their own names: `a.py -> code.txt`."""
        known = {self._room.tree / path for path in found}
        named = (self._room.tree / path for path in self._below() if path.endswith(tuple(suffixes)))
        links = (file for file in named if file.is_symlink() and file.is_file())
        return [
            file.relative_to(self._room.tree).as_posix()
            for file in links
            if file.resolve() not in known
        ]

    def named(self, path: str) -> str:
        """A path as the tool is to be given it: from the folder it runs in, never an option."""
        inside = path.removeprefix(self._prefix)
        return f"./{inside}" if inside.startswith(("-", "@")) else inside

    def batches(self, files: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """The files in groups that fit into a command line; one empty group for no files."""
        batch: list[str] = []
        size = 0
        for path in files:
            if batch and (len(batch) >= _MOST or size + len(path) > _LONGEST):
                yield tuple(batch)
                batch, size = [], 0
            batch.append(path)
            size += len(os.fsencode(path)) + 3
        yield tuple(batch)


def _is_kind(tree: Path, path: str, suffixes: Sequence[str], scripts: bool) -> bool:
    name = path.rpartition("/")[2]
    if name.endswith(tuple(suffixes)):
        return True
    return scripts and "." not in name and _SHEBANG.match(_start(tree / path)) is not None


def _start(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(200)


def _can_be_given(file: Path) -> bool:
    """Whether tools can name and read it: its name is one line of UTF-8, its content UTF-8."""
    try:
        str(file).encode()
        file.read_bytes().decode("utf-8")
    except UnicodeError:
        return False
    return not _BREAKS.search(str(file))


def modules_apart(
    tree: Path, files: Sequence[str], base: Path | None = None
) -> Iterator[tuple[str, ...]]:
    """The files in groups in which no two make the same Python module for mypy.

    A module is called by the packages around it, which are folders with an `__init__`; with
    `explicit_package_bases` by all folders from `base` on, where each can be part of a name.
    """
    groups: list[dict[str, str]] = []
    for path in sorted(files, key=lambda path: (path.endswith(".pyi"), path)):
        module = _below(base, tree / path) if base is not None else ""
        module = module or _module(tree, path)
        group = next((each for each in groups if module not in each), None)
        if group is None:
            group = {}
            groups.append(group)
        group[module] = path
    yield from (tuple(sorted(group.values())) for group in groups)


def _below(base: Path, file: Path) -> str:
    """A module's name from a base on; empty where a folder on the way is called by no name."""
    if not file.is_relative_to(base):
        return ""
    *folders, _ = file.relative_to(base).parts
    own = [] if file.stem == "__init__" else [file.stem]
    return ".".join((*folders, *own)) if all(map(str.isidentifier, folders)) else ""


def _module(tree: Path, path: str) -> str:
    file = tree / path
    parts = [] if file.stem == "__init__" else [file.stem]
    folder = file.parent
    while folder != tree.parent and any(
        (folder / f"__init__{s}").exists() for s in (".py", ".pyi")
    ):
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts)
