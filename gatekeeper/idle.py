"""The answer of a hook where nothing staged can matter, given before any rule is loaded.

An earlier preview has kept what it said when nothing mattered, and of each rule what would
(`gatekeeper.watch`). Where all that is staged is ordinary files with another content, and no
watch minds any of them, the answer is the same again. In every other case there is none, and
the judge is asked. What is kept can be forged by whoever can write to the git directory, and
proves nothing to anybody else; in CI it is neither read nor written.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from gatekeeper.errors import GatekeeperError
from gatekeeper.location import Location, locate
from gatekeeper.objects import Objects
from gatekeeper.patterns import Patterns
from gatekeeper.value import dataclass
from gatekeeper.version import __version__
from gatekeeper.watch import Lines, Watch, unpacked

# `typing` takes longer to import than all that a hook asks of it.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from gatekeeper.source.suppression import Suppression

HEAD_SIGN = "{HEAD}"
"""Stands for the short id of HEAD in what is kept."""

LARGEST = 2 * 1024 * 1024
"""Bytes of the largest file that is read."""

_RAW = ("--raw", "-z", "--no-renames", "--no-abbrev", "--ignore-submodules=none")
_FILES = frozenset({"100644", "100755"})
SHORT = 12
"""Digits of a commit id in a report."""


@dataclass(frozen=True, slots=True)
class Edited:
    """An ordinary file that stays one and has another content."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Memo:
    """What is kept: for which program and day, of which tree, what was said, and the watches.

    `code` are the folders that hold the program; `contract` are patterns of the files that
    decide what is judged at all; `sound` are ids of blobs that are Python and can be parsed.
    """

    program: str
    day: str
    tree: str
    says: str
    plain: str
    contract: Lines
    watches: tuple[Watch, ...]
    code: Lines
    sound: frozenset[str] = frozenset()


def answer(environ: Mapping[str, str], day: str, *, unicode: bool) -> str | None:
    """What `check --staged` says here on that day; None where the judge must be asked."""
    if environ.get("CI"):
        return None
    try:
        location = locate(Path(), environ)
        memo = _recall(location.git_directory)
        if memo is None or memo.day != day or memo.program != program(memo.code):
            return None
        objects = Objects(location.git)
        try:
            return _answer(memo, location, objects, unicode=unicode)
        finally:
            objects.close()
    except (GatekeeperError, OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _answer(memo: Memo, location: Location, objects: Objects, *, unicode: bool) -> str | None:
    head = objects.find("HEAD^{commit}")
    if head is None:
        return None
    tree = head.content[5 : head.content.index(b"\n")].decode("ascii")
    before = () if tree == memo.tree else edited(location, "diff-tree", "-r", memo.tree, tree)
    staged = edited_in_index(location, tree)
    if before is None or staged is None:
        return None
    if minds(memo, before, objects) or minds_staged(memo, staged, objects):
        return None
    return (memo.says if unicode else memo.plain).replace(HEAD_SIGN, head.oid[:SHORT])


def edited_in_index(location: Location, tree: str) -> tuple[Edited, ...] | None:
    """What the index has otherwise than a tree."""
    return edited(location, "diff-index", "--cached", "--ita-invisible-in-index", tree)


def edited(location: Location, *command: str) -> tuple[Edited, ...] | None:
    """What git says has another content; None where something else happened to a path."""
    name, *rest = command
    fields = iter(location.git.run(name, *_RAW, *rest).split(b"\0"))
    found = []
    for about in fields:
        if about:
            old, new, before, after, kind = about[1:].decode("ascii").split(" ")
            if kind != "M" or old != new or new not in _FILES:
                return None
            path = next(fields).decode("utf-8", "surrogateescape")
            found.append(Edited(path, before, after))
    return tuple(found)


def minds(memo: Memo, files: tuple[Edited, ...], objects: Objects) -> bool:
    """Whether what any of the files holds now can matter."""
    return any(
        _patterns(memo.contract).match(each.path) or _minded(memo, each.path, objects[each.after])
        for each in files
    )


def minds_staged(memo: Memo, files: tuple[Edited, ...], objects: Objects) -> bool:
    """Whether any of the files can matter by its path, or by what it holds or held before.

    What is taken out can matter as well: other files that take it from here lead nowhere in
    the index, and to a Durable Object as soon as this file is not staged any more.
    """
    if any(minds_path(watch, each.path) for watch in memo.watches for each in files):
        return True
    if any(_patterns(memo.contract).match(each.path) for each in files):
        return True
    return any(
        _minds_staged(memo, each, objects[each.before], objects[each.after]) for each in files
    )


def _minds_staged(memo: Memo, file: Edited, before: bytes, after: bytes) -> bool:
    sound = file.before in memo.sound
    return (
        _minded(memo, file.path, after)
        or _minded(memo, file.path, before)
        or any(minds_edit(each, file.path, before, after, sound=sound) for each in memo.watches)
    )


def _minded(memo: Memo, path: str, content: bytes) -> bool:
    return any(minds_content(watch, path, content) for watch in memo.watches)


@cache
def _patterns(lines: Lines) -> Patterns:
    return Patterns(lines)


def minds_path(watch: Watch, path: str) -> bool:
    """Whether the path alone makes the file matter."""
    if watch.scopes and not any(_patterns(lines).match(path) for lines in watch.scopes):
        return True
    if path.lower().endswith(watch.suffixes):
        return True
    if any(_patterns(lines).match(path) for lines in watch.paths):
        return True
    return any(_touches(_patterns(lines), folders, path) for lines, folders in watch.territories)


def minds_content(watch: Watch, path: str, content: bytes) -> bool:
    """Whether the content makes the file matter."""
    if any(all(piece in content for piece in pieces) for pieces in _encoded(watch.pieces)):
        return True
    if any(_says(word, content) for word in watch.words):
        return True
    if watch.imports is None:
        return False
    from gatekeeper.source.python_taken import imports_of

    return not imports_of(path, content) <= watch.imports


def minds_edit(
    watch: Watch, path: str, before: bytes, after: bytes, *, sound: bool = False
) -> bool:
    """Whether the content makes the file matter that had another one before.

    With `sound`, that one is known to be Python that can be parsed.
    """
    if not watch.suppressions:
        return False
    from gatekeeper.source.suppression_edits import adds_none

    def read() -> Iterator[tuple[Suppression, ...]]:
        from gatekeeper.source.suppressions import SUPPRESSIONS

        return (SUPPRESSIONS.read(each, path) for each in (before, after))

    return not adds_none(path, before, after, read, sound=sound)


@cache
def _encoded(groups: tuple[Lines, ...]) -> tuple[tuple[bytes, ...], ...]:
    return tuple(tuple(piece.encode("latin-1") for piece in pieces) for pieces in groups)


def _says(word: str, content: bytes) -> bool:
    held = word.encode()
    if held not in content:
        return False
    from gatekeeper.source.python_spelling import says

    return says(held, content)


def _touches(patterns: Patterns, folders: Lines, path: str) -> bool:
    """Whether a file of that name is of a module, stands where it is, or opens it to others."""
    if patterns.match(path) or patterns.match(f"{path}/") or _is_above(path, folders):
        return True
    folder, _, name = path.rpartition("/")
    if name != "__init__.py":
        return False
    inside = any(not each or f"{folder}/".startswith(f"{each}/") for each in folders)
    held = patterns.match(folder) or patterns.match(f"{folder}/")
    return inside or held or _is_above(folder, folders)


def _is_above(path: str, folders: Lines) -> bool:
    return any(f"{folder}/".startswith(f"{path}/") for folder in folders)


# -- what is kept


def kept_in(git_directory: Path) -> Path:
    """The file that holds the memo of a repository."""
    return git_directory / "gatekeeper" / "idle.json"


def program(code: Lines) -> str:
    """What changes whenever other code, or another package of rules, could be loaded.

    `code` are the folders of what was loaded: a package that is installed to be edited
    changes without any folder of `sys.path`.
    """
    told = [__version__, sys.version]
    for folder in sys.path:
        try:
            told.append(f"{folder} {Path(folder).stat().st_mtime_ns}")
        except OSError:
            told.append(folder)
    return "\n".join((*told, *map(_state, code)))


def _state(folder: str) -> str:
    """The files of a folder with their sizes and times; raises OSError."""
    with os.scandir(folder) as entries:
        files = sorted((each.name, each.stat()) for each in entries if each.name.endswith(".py"))
    held = (f"{name} {about.st_size} {about.st_mtime_ns}" for name, about in files)
    return f"{folder}: {', '.join(held)}"


def recall(git_directory: Path) -> Memo | None:
    """The memo of a repository; None where there is none that can be read."""
    try:
        return _recall(git_directory)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _recall(git_directory: Path) -> Memo | None:
    with kept_in(git_directory).open("rb") as opened:
        content = opened.read(LARGEST + 1)
    if len(content) > LARGEST:
        return None
    data = json.loads(content)
    program_, day, tree, says, plain = map(str, data["told"])
    watches = tuple(unpacked(each) for each in data["watches"])
    contract, code = (tuple(map(str, data[name])) for name in ("contract", "code"))
    sound = frozenset(map(str, data["sound"]))
    return Memo(program_, day, tree, says, plain, contract, watches, code, sound)
