"""Facts about a blob, kept by its object id: read once, shared by base and head."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Generic, TypeVar

from gatekeeper.errors import Unreadable
from gatekeeper.store import Store
from gatekeeper.value import dataclass, field

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Extractor(Generic[T]):
    """A pure function from the bytes of one file to the facts a rule asks of it.

    `read` gets the content and the path (for its suffix and for messages only) and raises
    `Unreadable` when the file cannot be understood. `version` changes whenever `read`
    could answer differently. `pack` gives the facts as plain data that JSON can hold, None
    for those not worth keeping; `unpack` takes them back, and raises ValueError or TypeError
    for data that `pack` does not give.
    """

    name: str
    version: int
    read: Callable[[bytes, str], T]
    pack: Callable[[T], object] | None = None
    unpack: Callable[[Any], T] | None = None


@dataclass(frozen=True)
class Cache:
    """The facts known in this process; a file's failure to be read is a fact as well.

    With a `store`, those of earlier processes as well.
    """

    store: Store | None = None
    _known: dict[tuple[str, int, str, str], Any] = field(default_factory=dict)

    def facts(
        self, extractor: Extractor[T], oid: str, path: str, content: Callable[[], bytes]
    ) -> T:
        """What `extractor` reads from the blob `oid`; raises `Unreadable` naming `path`."""
        suffix = path.rpartition("/")[2].rpartition(".")[2]
        key = (extractor.name, extractor.version, oid, suffix)
        if key not in self._known:
            self._known[key] = self._found(extractor, f"{oid}.{suffix}", path, content)
        known = self._known[key]
        if isinstance(known, Unreadable):
            raise Unreadable(path, known.reason, known.line)
        facts: T = known
        return facts

    def _found(
        self, extractor: Extractor[T], key: str, path: str, content: Callable[[], bytes]
    ) -> T | Unreadable:
        kind = f"{extractor.name} {extractor.version}"
        if self.store is None or extractor.pack is None or extractor.unpack is None:
            return _read(extractor, path, content)
        kept = self.store.recall(kind, key)
        if kept is not None:
            with suppress(ValueError, TypeError, RecursionError):
                return extractor.unpack(kept)
        facts = _read(extractor, path, content)
        packed = None if isinstance(facts, Unreadable) else extractor.pack(facts)
        if packed is not None:
            self.store.keep(kind, key, packed)
        return facts


def _read(extractor: Extractor[T], path: str, content: Callable[[], bytes]) -> T | Unreadable:
    try:
        return extractor.read(content(), path)
    except Unreadable as unreadable:
        return unreadable
