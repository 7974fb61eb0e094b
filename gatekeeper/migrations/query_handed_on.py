"""The names by which Python files hand SQL on to others, which need not say any word of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Set

from gatekeeper.errors import Unreadable
from gatekeeper.migrations.query_literals import FIRST_WORD
from gatekeeper.migrations.query_pieces import Options, Pieces, sketched
from gatekeeper.migrations.query_site import Strings
from gatekeeper.migrations.query_splits import STARTS, can_make
from gatekeeper.snapshot import Snapshot
from gatekeeper.source.python_lookalikes import LOOKALIKES, plain


class HandedOn:
    """What the files that are read so far hand on, and who else may use it."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._letters: dict[str, set[bytes]] = {}
        self._passed: dict[str, set[str]] = {}
        self._asked: frozenset[str] = frozenset()

    def take(self, found: Strings) -> None:
        """The names of a file's constants that begin as SQL does, or stand for one that may."""
        for name, options in found.constants.items():
            called = name.rpartition(".")[2]
            for text in map(sketched, options):
                first = _first(text)
                if first in STARTS:
                    self._names.add(called)
                elif first and first == text.upper() and first.isascii():
                    self._letters.setdefault(called, set()).add(first.encode())
            for each in _references(options):
                self._passed.setdefault(each, set()).add(called)

    def users(self, snapshot: Snapshot, paths: Collection[str], known: Set[str]) -> Iterator[str]:
        """The other files that say such a name, whatever they do with it.

        Where a name stands for some letters of a word, they have to say the others.
        """
        whole = self._all()
        names = whole | self._letters.keys()
        if not names - self._asked:
            return
        self._asked = names
        said, wanted = _any_of(names), frozenset(paths) - known
        for path in _candidates(snapshot, names, wanted):
            if path not in wanted:
                continue
            content = _read(snapshot, path)
            told = set(said.findall(content.decode("utf-8", "replace")))
            letters = self._said_by(told)
            if told & whole or (letters and can_make(content, letters)):
                yield path

    def _said_by(self, names: Set[str]) -> frozenset[bytes]:
        return frozenset(each for name in names for each in self._letters.get(name, ()))

    def _all(self) -> frozenset[str]:
        """The names, and those under which they are passed on."""
        found = set(self._names)
        waiting = list(found)
        while waiting:
            further = self._passed.get(waiting.pop(), set()) - found
            found |= further
            waiting += further
        return frozenset(found)


def _candidates(snapshot: Snapshot, names: Set[str], wanted: Set[str]) -> Collection[str]:
    """The files that may say a name, in whatever letters."""
    if not all(map(str.isascii, names)):
        return sorted(wanted)
    return snapshot.containing((*sorted(each.encode() for each in names), *LOOKALIKES))


def _any_of(names: Set[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(names)))})(?!\w)")


def _read(snapshot: Snapshot, path: str) -> bytes:
    """A file in plain letters; nothing where it cannot be read, as was said before."""
    try:
        return plain(snapshot.read(path))
    except Unreadable:
        return b""


def _first(text: str) -> str:
    """The word that a text begins with, in capitals."""
    found = FIRST_WORD.match(text)
    return found[1].upper() if found else ""


def _references(options: Options) -> Iterator[str]:
    """The names of other files that what stands for something begins with."""
    for pieces in options:
        if (name := _reference(pieces)) is not None:
            yield name


def _reference(pieces: Pieces) -> str | None:
    if not pieces or ":" not in pieces[0].hole:
        return None
    return pieces[0].hole.rpartition(":")[2].rpartition(".")[2]
