"""From the strings of one file to queries: what other files say is put in place of their names."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

from gatekeeper.errors import Unreadable
from gatekeeper.migrations.query import Query
from gatekeeper.migrations.query_pieces import (
    BINDS,
    Options,
    Piece,
    constant,
    holes,
    joined,
    said,
    sketched,
)
from gatekeeper.migrations.query_shape import HOLE, Reads, is_template
from gatekeeper.migrations.query_site import Site, Strings, is_said_by_call, reads_as
from gatekeeper.snapshot import Snapshot

_DEEPEST = 8
_BOUND = "?"


class Linking(ABC):
    """Puts in place of an imported constant what the other file says of it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._known: dict[tuple[str, str], Options | None] = {}

    @abstractmethod
    def strings(self, path: str) -> Strings:
        """What a file holds; raises `Unreadable`."""

    @abstractmethod
    def places(self, path: str, reference: str) -> Iterator[tuple[str, str]]:
        """The files that a reference may mean, each with the name of what is meant there."""

    def given(self, path: str, reference: str) -> Options | None:
        """What a reference means that is no constant of a source; None where it is one."""
        del path, reference
        return None

    def queries(self, path: str) -> Iterator[Query]:
        """The queries of one file; raises `Unreadable`."""
        found = self.strings(path)
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
        bound = any(each.hole.startswith(BINDS) for way in site.options for each in way)
        for pieces in dict.fromkeys(linked):
            text, original = constant(pieces), site.options[0]
            lone = len(original) == 1 and bool(original[0].hole)
            is_read = lone and self.given(path, original[0].hole) is not None
            if lone and not is_read and not is_said_by_call(pieces, site.via):
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
                bound=bound,
            )

    def _linked(self, path: str, options: Options, depth: int = 0) -> Options:
        made: list[Options] = []
        for pieces in options:
            parts = [
                self._constant(path, each.hole, depth) if _is_open(each) else ((each,),)
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
        if found is not None:
            return found
        return said(_BOUND) if reference.startswith(BINDS) else _hole(reference)

    def _looked_up(self, path: str, reference: str, depth: int) -> Options | None:
        if ":" not in reference:
            return None
        name = reference.removeprefix(BINDS)
        given = self.given(path, name)
        if given is not None or depth >= _DEEPEST:
            return given
        for file, wanted in self.places(path, name):
            options = self._said_in(file, wanted, depth, fragment=name != reference)
            if options is not None:
                return self._linked(file, options, depth + 1)
        return None

    def _said_in(self, file: str, name: str, depth: int, *, fragment: bool) -> Options | None:
        try:
            found = self.strings(file)
        except Unreadable:
            return None
        options = (found.fragments if fragment else found.constants).get(name)
        if options is not None or depth >= _DEEPEST:
            return options
        mark = BINDS if fragment else ""
        further = (self._looked_up(file, mark + each, depth + 1) for each in _passed(found, name))
        return next((each for each in further if each is not None), None)


def _passed(found: Strings, name: str) -> Iterator[str]:
    """The references that a name of a file may stand for, which only passes it on."""
    first, dot, rest = name.partition(".")
    reference = found.passed.get(first)
    if reference is not None:
        yield reference + (rest if reference.endswith(":") else dot + rest)
    yield from (f"{star}:{name}" for star in found.stars)


def _is_open(piece: Piece) -> bool:
    return ":" in piece.hole or piece.hole.startswith(BINDS)


def _hole(reference: str) -> Options:
    return ((Piece("", reference.rpartition(":")[2] or "…"),),)
