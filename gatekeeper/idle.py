"""The answer of a hook where nothing staged can matter, given before any rule is loaded.

An earlier preview has kept what it said when nothing mattered, and of each rule what would
(`gatekeeper.watch`). Where all that is staged is ordinary files with another content, and no
watch minds any of them, the answer is the same again. In every other case there is none, and
the judge is asked. What is kept can be forged by whoever can write to the git directory, and
proves nothing to anybody else; in CI nobody asks for it, and it is not written.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping

from gatekeeper.errors import GatekeeperError
from gatekeeper.location import Location, located
from gatekeeper.minding import Minding
from gatekeeper.outset import IN_INDEX, RAW, Outset
from gatekeeper.patterns import Patterns
from gatekeeper.value import dataclass
from gatekeeper.version import __version__
from gatekeeper.watch import Lines, Watch, unpacked

Blobs = Mapping[str, bytes]
"""Contents of files by the ids of objects."""

HEAD_SIGN = "{HEAD}"
"""Stands for the short id of HEAD in what is kept."""

LARGEST = 2 * 1024 * 1024
"""Bytes of the largest file that is read."""

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


def answer(outset: Outset, environ: Mapping[str, str], day: str, *, unicode: bool) -> str | None:
    """What `check --staged` says here on that day; None where the judge must be asked."""
    try:
        location = located(outset.git, outset.where.answer(), environ)
        memo = _recall(location.directory)
        if memo is None or memo.day != day or memo.program != program(memo.code):
            return None
        return _answer(memo, location, outset, unicode=unicode)
    except (GatekeeperError, OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _answer(memo: Memo, location: Location, outset: Outset, *, unicode: bool) -> str | None:
    objects = outset.objects
    head = objects.find("HEAD^{commit}")
    staged = _edited(outset.staged.output())
    # What is staged was asked of HEAD by name, and at about the same time.
    if head is None or staged is None or objects.find("HEAD^{commit}") != head:
        return None
    tree = head.content[5 : head.content.index(b"\n")].decode("ascii")
    before = () if tree == memo.tree else edited(location, "diff-tree", "-r", memo.tree, tree)
    if before is None:
        return None
    if minds(memo, before, objects) or minds_staged(memo, staged, objects):
        return None
    return (memo.says if unicode else memo.plain).replace(HEAD_SIGN, head.oid[:SHORT])


def edited_in_index(location: Location, tree: str) -> tuple[Edited, ...] | None:
    """What the index has otherwise than a tree."""
    return _edited(location.git.run(*IN_INDEX, tree, "--"))


def edited(location: Location, *command: str) -> tuple[Edited, ...] | None:
    """What git says has another content; None where something else happened to a path."""
    name, *rest = command
    return _edited(location.git.run(name, *RAW, *rest))


def _edited(told: bytes) -> tuple[Edited, ...] | None:
    fields = iter(told.split(b"\0"))
    found = []
    for about in fields:
        if about:
            old, new, before, after, kind = about[1:].decode("ascii").split(" ")
            if kind != "M" or old != new or new not in _FILES:
                return None
            path = next(fields).decode("utf-8", "surrogateescape")
            found.append(Edited(path, before, after))
    return tuple(found)


def minds(memo: Memo, files: tuple[Edited, ...], objects: Blobs) -> bool:
    """Whether what any of the files holds now can matter."""
    contract, watches = Patterns(memo.contract), tuple(map(Minding, memo.watches))
    return any(
        contract.match(each.path)
        or any(watch.content(each.path, objects[each.after]) for watch in watches)
        for each in files
    )


def minds_staged(memo: Memo, files: tuple[Edited, ...], objects: Blobs) -> bool:
    """Whether any of the files can matter by its path, or by what it holds or held before.

    What is taken out can matter as well: other files that take it from here lead nowhere in
    the index, and to a Durable Object as soon as this file is not staged any more.
    """
    contract, watches = Patterns(memo.contract), tuple(map(Minding, memo.watches))
    if any(contract.match(each.path) for each in files):
        return True
    if any(watch.path(each.path) for watch in watches for each in files):
        return True
    for each in files:
        before, after = objects[each.before], objects[each.after]
        if any(watch.contents(each.path, before, after) for watch in watches):
            return True
        sound = each.before in memo.sound
        if any(watch.edit(each.path, before, after, sound=sound) for watch in watches):
            return True
    return False


# -- what is kept


def kept_in(git_directory: str) -> str:
    """The file that holds the memo of a repository."""
    return os.path.join(git_directory, "gatekeeper", "idle.json")


def program(code: Lines) -> str:
    """What changes whenever other code, or another package of rules, could be loaded.

    `code` are the folders of what was loaded: a package that is installed to be edited
    changes without any folder of `sys.path`.
    """
    told = [__version__, sys.version]
    for folder in sys.path:
        try:
            told.append(f"{folder} {os.stat(folder or os.curdir).st_mtime_ns}")
        except OSError:
            told.append(folder)
    return "\n".join((*told, *map(_state, code)))


def _state(folder: str) -> str:
    """The files of a folder with their sizes and times; raises OSError."""
    with os.scandir(folder) as entries:
        files = sorted((each.name, each.stat()) for each in entries if each.name.endswith(".py"))
    held = (f"{name} {about.st_size} {about.st_mtime_ns}" for name, about in files)
    return f"{folder}: {', '.join(held)}"


def recall(git_directory: str) -> Memo | None:
    """The memo of a repository; None where there is none that can be read."""
    try:
        return _recall(git_directory)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _recall(git_directory: str) -> Memo | None:
    with open(kept_in(git_directory), "rb") as opened:
        content = opened.read(LARGEST + 1)
    if len(content) > LARGEST:
        return None
    data = json.loads(content)
    program_, day, tree, says, plain = map(str, data["told"])
    watches = tuple(unpacked(each) for each in data["watches"])
    contract, code = (tuple(map(str, data[name])) for name in ("contract", "code"))
    sound = frozenset(map(str, data["sound"]))
    return Memo(program_, day, tree, says, plain, contract, watches, code, sound)
