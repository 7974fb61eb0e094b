"""The names by which Python files hand SQL on to others, which need not say any word of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Set

from gatekeeper.errors import Unreadable
from gatekeeper.migrations.query_evidence import CAN_HOLD
from gatekeeper.migrations.query_pieces import Options, Pieces, sketched
from gatekeeper.migrations.query_site import Strings
from gatekeeper.snapshot import Snapshot

_STARTS_WORDS = """
SELECT INSERT REPLACE UPDATE DELETE WITH CREATE ALTER DROP PRAGMA EXPLAIN
"""
_STARTS = frozenset(_STARTS_WORDS.split())
_ENDS = ("}", "!s}", "!r}", "!a}", " +", "+")
"""What stands behind a word that is put before something."""

_PUT_BEFORE = (
    rb"""(?: ?\+\s*(?:[rbuf]{0,2}["'][\s'"?*(:]|[A-Za-z_(])|(?:![sra])?\}(?:[\s?*(:]|['"]\w))"""
)

_WORD = re.compile(r"\w+")


class HandedOn:
    """What the files that are read so far hand on, and who else may use it."""

    def __init__(self) -> None:
        self._whole: set[str] = set()
        self._words: set[str] = set()
        self._asked: frozenset[str] = frozenset()

    def take(self, found: Strings) -> None:
        """The names of a file's constants that begin as SQL does, or stand for one that does."""
        for name, options in found.constants.items():
            called = name.rpartition(".")[2]
            begun = [text for text in map(_text, options) if _first(text) in _STARTS]
            if any(_WORD.fullmatch(each) is None for each in begun) or self._passes(options):
                self._whole.add(called)
            elif begun:
                self._words.add(called)

    def _passes(self, options: Options) -> bool:
        return any(
            each[0].hole.rpartition(":")[2].rpartition(".")[2] in self._whole
            for each in options
            if each and ":" in each[0].hole
        )

    def users(self, snapshot: Snapshot, paths: Collection[str], known: Set[str]) -> Iterator[str]:
        """The other files that say such a name; one word alone has to be put before something."""
        names = self._whole | self._words
        if not names - self._asked:
            return
        self._asked = frozenset(names)
        said = _pattern(self._whole, self._words)
        wanted = frozenset(paths) - known
        needles = {*self._whole, *(word + end for word in self._words for end in _ENDS)}
        for path in snapshot.containing(sorted(each.encode() for each in needles)):
            if path in wanted and _says(snapshot, path, said):
                yield path


def _says(snapshot: Snapshot, path: str, said: re.Pattern[bytes]) -> bool:
    try:
        content = snapshot.read(path)
    except Unreadable:
        return True
    return said.search(content) is not None and CAN_HOLD.search(content) is not None


def _pattern(whole: Set[str], words: Set[str]) -> re.Pattern[bytes]:
    ways = [rb"\b(?:%s)\b" % _any_of(whole)] if whole else []
    if words:
        ways.append(rb"\b(?:%s)%s" % (_any_of(words), _PUT_BEFORE))
    return re.compile(b"|".join(ways))


def _any_of(names: Set[str]) -> bytes:
    return b"|".join(re.escape(each.encode()) for each in sorted(names))


def _text(pieces: Pieces) -> str:
    return sketched(pieces).strip()


def _first(text: str) -> str:
    found = _WORD.match(text)
    return found.group().upper() if found else ""
