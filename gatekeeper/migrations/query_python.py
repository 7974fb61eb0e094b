"""The SQL in Python sources, constants followed from file to file."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.cache import Extractor
from gatekeeper.errors import Unreadable
from gatekeeper.migrations.query import Gathered, Query
from gatekeeper.migrations.query_evidence import CAN_HOLD, has_evidence
from gatekeeper.migrations.query_folding import TooMuch
from gatekeeper.migrations.query_handed_on import HandedOn
from gatekeeper.migrations.query_keeping import packed, unpacked
from gatekeeper.migrations.query_linking import Linking
from gatekeeper.migrations.query_site import Strings
from gatekeeper.migrations.query_sites import strings
from gatekeeper.snapshot import Snapshot
from gatekeeper.source.python import PYTHON, is_python
from gatekeeper.source.python_modules import Listed


def _strings(content: bytes, path: str) -> Strings:
    try:
        return strings(PYTHON.read(content, path))
    except TooMuch:
        raise Unreadable(path, "its strings take too long to follow") from None
    except RecursionError:
        raise Unreadable(path, "its code stands in itself too deep") from None


STRINGS: Extractor[Strings] = Extractor("SQL in Python", 4, _strings, packed, unpacked)


class PythonQueries:
    """The SQL in Python sources."""

    def gathered(self, snapshot: Snapshot) -> Gathered:
        """The SQL in all Python sources."""
        linking = _Linking(snapshot)
        found: dict[str, tuple[Query, ...]] = {}
        unread: dict[str, str] = {}
        waiting = [each for each in linking.paths if _holds(snapshot, each, unread)]
        handed_on = HandedOn()
        while waiting:
            for path in waiting:
                # What only hands on letters of a word need not say any of SQL's itself.
                says = CAN_HOLD.search(snapshot.read(path)) is not None
                found[path] = ()
                try:
                    handed_on.take(linking.strings(path))
                    found[path] = tuple(linking.queries(path)) if says else ()
                except Unreadable as unreadable:
                    unread |= {path: unreadable.reason} if says else {}
            waiting = list(handed_on.users(snapshot, linking.paths, found.keys() | unread.keys()))
        queries = (each for path in sorted(found) for each in found[path])
        return Gathered(tuple(queries), tuple(sorted(unread.items())))


def _holds(snapshot: Snapshot, path: str, unread: dict[str, str]) -> bool:
    try:
        return has_evidence(snapshot.read(path))
    except Unreadable as unreadable:
        unread[path] = unreadable.reason
        return False


class _Linking(Linking):
    """By the rules of Python's imports."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot)
        self.paths = tuple(sorted(each for each in snapshot.entries if self._is_source(each)))
        self._modules = Listed(self.paths)

    def _is_source(self, path: str) -> bool:
        if not self.snapshot.entries[path].is_file:
            return False
        if is_python(path):
            return True
        name = path.rpartition("/")[2]
        return "." not in name and is_python(path, self.snapshot.read(path))

    def strings(self, path: str) -> Strings:
        """What a file holds; raises `Unreadable`."""
        return self.snapshot.facts(STRINGS, path)

    def places(self, path: str, reference: str) -> Iterator[tuple[str, str]]:
        """A name of a module, or of a module in a package."""
        module, _, name = reference.partition(":")
        first, _, rest = name.partition(".")
        inner = f"{module}{first}" if module.endswith(".") else f"{module}.{first}"
        for dotted, wanted in ((module, name), (inner, rest)):
            for found in self._modules.find(path, dotted) if wanted else ():
                yield from ((file, wanted) for file in self._modules.files(found))
