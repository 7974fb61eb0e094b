"""Test files of the base to which the head only gives the new names of modules that moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from gatekeeper.errors import Unreadable
from gatekeeper.reading.moved_names import ALL, PYTHON, UNREADABLE, Modules, Names, modules_of
from gatekeeper.snapshot import Snapshot

IsTest = Callable[[str], bool]
Moves = Mapping[str, str]
"""Files that are gone, and the new ones that stand for them."""


def readdressed(base: Snapshot, head: Snapshot, is_test: IsTest) -> frozenset[str]:
    """The test files that say at the head what they say at the base, but for such names.

    A module, which is no test file, moved where its file is gone at the head, and its name stands
    wherever the base has that of the gone one, for a file that is new. Everything else of the test
    file is the same, so that it asks of the module under its new name what it asked of it before.
    And what is no test has followed the module there too: a copy that only tests take would be
    asked in place of what the program runs.
    """
    gone = modules_of(
        each for each in base.entries if each not in head.entries and not is_test(each)
    )
    new = modules_of(
        each for each in head.entries if each not in base.entries and not is_test(each)
    )
    if not gone or not new:
        return frozenset()
    follows = {
        path: moves
        for path in base.entries
        if path.endswith(PYTHON) and is_test(path) and _differs(base, head, path)
        if (moves := _moves(Names(base, path, gone), Names(head, path, new), gone, new))
    }
    if not follows:
        return frozenset()
    production = _Production(base, head, gone, new, is_test)
    return frozenset(path for path, moves in follows.items() if production.followed(moves))


def _differs(base: Snapshot, head: Snapshot, path: str) -> bool:
    before, after = base.entries.get(path), head.entries.get(path)
    if before is None or after is None or before.oid == after.oid:
        return False
    return before.is_file and after.is_file


def _moves(before: Names, after: Names, gone: Modules, new: Modules) -> Moves:
    """The files that the names stand for which a test file has anew; none if more is different."""
    try:
        was, now = before.text(), after.text()
    except UNREADABLE:
        return {}
    pairs = set(zip(before.met, after.met, strict=False))
    one_to_one = len(pairs) == len({old for old, _ in pairs}) == len({name for _, name in pairs})
    if was != now or len(before.met) != len(after.met) or not one_to_one:
        return {}
    if any(len(gone[old]) > 1 or len(new[name]) > 1 for old, name in pairs):
        return {}
    return {min(gone[old]): min(new[name]) for old, name in pairs}


class _Production:
    """What code that is no test takes from modules that are gone, and from new ones."""

    def __init__(
        self, base: Snapshot, head: Snapshot, gone: Modules, new: Modules, is_test: IsTest
    ) -> None:
        self._is_test = is_test
        self._was = self._taken(base, None, gone)
        self._now = self._taken(head, base, new)

    def followed(self, moves: Moves) -> bool:
        """Whether what was taken from each is taken from the new one, and from no other."""
        if self._was is None or self._now is None:
            return False
        return all(self._is_followed(old, new) for old, new in moves.items())

    def _is_followed(self, old: str, new: str) -> bool:
        was, now = self._was or {}, self._now or {}
        names = was.get(old, frozenset())
        if not names:
            return True
        elsewhere = frozenset().union(*(held for file, held in was.items() if file != old))
        names -= elsewhere - {ALL}
        others = (held for file, held in now.items() if file != new)
        return bool(now.get(new)) and not any(held & (names | {ALL}) for held in others)

    def _taken(
        self, snapshot: Snapshot, unlike: Snapshot | None, modules: Modules
    ) -> Mapping[str, frozenset[str]] | None:
        """The names that are taken from each module's file; None where a file cannot be read."""
        found: dict[str, set[str]] = {}
        for path in self._speaking(snapshot, unlike, modules):
            try:
                taken = Names(snapshot, path, modules).all_taken()
            except UNREADABLE:
                return None
            for module, name in taken:
                for file in modules[module]:
                    found.setdefault(file, set()).add(name)
        return {file: frozenset(names) for file, names in found.items()}

    def _speaking(
        self, snapshot: Snapshot, unlike: Snapshot | None, modules: Modules
    ) -> Iterator[str]:
        """Python files, no tests, that say the last part of such a name; the same ones left out."""
        stems = tuple({name.rpartition(".")[2].encode() for name in modules})
        for path, entry in snapshot.entries.items():
            if not entry.is_file or not path.endswith(PYTHON) or self._is_test(path):
                continue
            same = unlike.entries.get(path) if unlike is not None else None
            if same is None or same.oid != entry.oid:
                try:
                    content = snapshot.read(path)
                except Unreadable:
                    yield path
                else:
                    if any(stem in content for stem in stems):
                        yield path
