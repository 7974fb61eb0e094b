"""The SQL that stands in the sources of a tree, whatever language they are in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Protocol

from gatekeeper.cache import Extractor
from gatekeeper.errors import Unreadable
from gatekeeper.migrations.query_folding import TooMuch
from gatekeeper.migrations.query_pieces import (
    Options,
    Piece,
    constant,
    holes,
    joined,
    said,
    sketched,
)
from gatekeeper.migrations.query_shape import HOLE, Reads, is_template
from gatekeeper.migrations.query_sites import (
    OF_ANOTHER,
    Site,
    Strings,
    is_said_by_call,
    reads_as,
    strings,
)
from gatekeeper.snapshot import Snapshot
from gatekeeper.source.python import PYTHON, is_python
from gatekeeper.source.python_modules import Listed
from gatekeeper.value import dataclass, field

_DEEPEST = 8
_CAN_HOLD = re.compile(
    rb"select|insert|update|delete|replace|create|alter|drop|pragma|with|prepare|exec|raw|tables",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Query:
    """A string that is SQL, or reads as if it were: where it stands, and what is known of it.

    `via` is the call that takes it, "" for none that is known. Where `holes` names what is not
    constant in it, `text` has a word in their places. `hardly` says that it could be a sentence,
    `assembled` that it is put together in steps. `maker` is the call that has an ORM make tables,
    and then there is no text.
    """

    path: str
    line: int
    column: int
    symbol: str
    text: str
    via: str = ""
    holes: tuple[str, ...] = ()
    hardly: bool = False
    assembled: bool = False
    maker: str = ""

    @property
    def is_constant(self) -> bool:
        """Whether it can be handed to an engine as it is."""
        return not self.holes and not self.maker and not self.is_elsewhere

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is for the storage of a Durable Object, which no migration makes."""
        return self.via == OF_ANOTHER


@dataclass(frozen=True, slots=True)
class Gathered:
    """All queries of a tree in the order of their places, and the files that cannot be read."""

    queries: tuple[Query, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()


class Language(Protocol):
    """What finds the SQL in the sources of one language; others join `LANGUAGES`."""

    def gathered(self, snapshot: Snapshot) -> Gathered:
        """The SQL in all sources of that language."""
        ...


def gathered(snapshot: Snapshot) -> Gathered:
    """The SQL in all sources."""
    found = [language.gathered(snapshot) for language in LANGUAGES]
    queries = (each for one in found for each in one.queries)
    return Gathered(
        tuple(sorted(queries, key=lambda each: (each.path, each.line, each.column, each.text))),
        tuple(sorted(each for one in found for each in one.unread)),
    )


def _strings(content: bytes, path: str) -> Strings:
    try:
        return strings(PYTHON.read(content, path))
    except TooMuch:
        raise Unreadable(path, "its strings take too long to follow") from None


STRINGS: Extractor[Strings] = Extractor("SQL in Python", 1, _strings)


class Python:
    """The SQL in Python sources, constants followed from file to file."""

    def gathered(self, snapshot: Snapshot) -> Gathered:
        """The SQL in all Python sources."""
        linking = _Linking(snapshot)
        queries: list[Query] = []
        unread: list[tuple[str, str]] = []
        for path in linking.paths:
            try:
                if _CAN_HOLD.search(snapshot.read(path)):
                    queries += linking.queries(path)
            except Unreadable as unreadable:
                unread.append((path, unreadable.reason))
        return Gathered(tuple(queries), tuple(unread))


LANGUAGES: tuple[Language, ...] = (Python(),)


@dataclass(frozen=True)
class _Linking:
    """Puts in place of an imported constant what the other file says of it."""

    snapshot: Snapshot
    _known: dict[tuple[str, str], Options | None] = field(default_factory=dict)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        entries = self.snapshot.entries
        return tuple(sorted(each for each in entries if self._is_source(each)))

    def _is_source(self, path: str) -> bool:
        if not self.snapshot.entries[path].is_file:
            return False
        if is_python(path):
            return True
        name = path.rpartition("/")[2]
        return "." not in name and is_python(path, self.snapshot.read(path))

    @cached_property
    def _modules(self) -> Listed:
        return Listed(self.paths)

    def queries(self, path: str) -> Iterator[Query]:
        """The queries of one file; raises `Unreadable`."""
        found = self.snapshot.facts(STRINGS, path)
        for site in found.sites:
            yield from self._of_site(path, site)
        for each in found.makers:
            yield Query(path, each.line, each.column, each.symbol, "", maker=each.says)

    def _of_site(self, path: str, site: Site) -> Iterator[Query]:
        if site.foreign:
            place = (path, site.line, site.column, site.symbol)
            yield Query(*place, HOLE, site.via, (site.foreign,))
            return
        linked = (way for each in site.options for way in self._linked(path, (each,)))
        for pieces in dict.fromkeys(linked):
            text, original = constant(pieces), site.options[0]
            lone = len(original) == 1 and bool(original[0].hole)
            if lone and not is_said_by_call(pieces, site.via):
                continue
            how = reads_as(pieces, handed=bool(site.via))
            if how is Reads.NOT:
                continue
            missing = holes(pieces)
            if text is not None and not site.via and (waits := is_template(text)):
                missing = (waits,)
            yield Query(
                path,
                site.line,
                site.column,
                site.symbol,
                sketched(pieces) if text is None else text,
                site.via,
                missing,
                how is Reads.HARDLY,
                site.assembled,
            )

    def _linked(self, path: str, options: Options, depth: int = 0) -> Options:
        made: list[Options] = []
        for pieces in options:
            parts = [
                self._constant(path, each.hole, depth) if ":" in each.hole else ((each,),)
                for each in pieces
            ]
            made.append(joined(parts) if parts else said(""))
        return tuple(dict.fromkeys(each for one in made for each in one))

    def _constant(self, path: str, reference: str, depth: int) -> Options:
        key = path, reference
        if key not in self._known:
            self._known[key] = None  # while it is looked up: a circle of imports ends here
            self._known[key] = self._looked_up(path, reference, depth)
        found = self._known[key]
        return found if found is not None else (_hole(reference),)

    def _looked_up(self, path: str, reference: str, depth: int) -> Options | None:
        module, _, name = reference.partition(":")
        first, _, rest = name.partition(".")
        inner = f"{module}{first}" if module.endswith(".") else f"{module}.{first}"
        for dotted, wanted in ((module, name), (inner, rest)):
            for found in self._modules.find(path, dotted) if wanted and depth < _DEEPEST else ():
                for file in self._modules.files(found):
                    options = self._said_in(file, wanted)
                    if options is not None:
                        return self._linked(file, options, depth + 1)
        return None

    def _said_in(self, file: str, name: str) -> Options | None:
        try:
            return self.snapshot.facts(STRINGS, file).constants.get(name)
        except Unreadable:
            return None


def _hole(reference: str) -> tuple[Piece, ...]:
    return (Piece("", reference.rpartition(":")[2] or "…"),)
