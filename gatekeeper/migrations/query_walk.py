"""Goes through the code of a file once, and takes down the strings of it that read as SQL."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Set

from gatekeeper.migrations.query_folding import Folding
from gatekeeper.migrations.query_makers import Maker
from gatekeeper.migrations.query_pieces import Options, Piece, joined, said
from gatekeeper.migrations.query_scopes import Scope
from gatekeeper.migrations.query_shape import Reads
from gatekeeper.migrations.query_site import (
    Site,
    begins_elsewhere,
    headless,
    is_said_by_call,
    reads_as,
)
from gatekeeper.source.code_tree import Kind, Node

_WHOLE = frozenset({Kind.STRING, Kind.JOINED, Kind.BINARY, Kind.CALL})
_PASSED_ON = frozenset({Kind.CALL, Kind.KEYWORD, Kind.ASSIGN, Kind.AUGMENT})
"""What passes on only some of its parts, or passes them on as something."""

_KEEPS = frozenset({Kind.LIST, Kind.CHOICE, Kind.KEYWORD, Kind.AWAIT, Kind.STAR})
_FOR_PEOPLE_WORDS = """
help description label title message placeholder summary tooltip msg doc
"""
_FOR_PEOPLE = frozenset(_FOR_PEOPLE_WORDS.split())


class Walk(ABC):
    """Goes through a file once; a string that is part of a longer one is not looked at alone.

    `joined_names` are the names that are joined to one string somewhere.
    """

    def __init__(self, folding: Folding, joined_names: Set[str]) -> None:
        self._folding, self._joined = folding, joined_names
        self.sites: dict[tuple[int, int, Options], Site] = {}
        self.makers: list[Maker] = []

    @abstractmethod
    def scope_of(self, node: Node, around: Scope) -> Scope:
        """The scope that a node opens, or the one around it."""

    @abstractmethod
    def of_call(self, node: Node, scope: Scope) -> Iterator[tuple[Node, Scope, str]]:
        """What of a call is to be looked at, with what it is handed to."""

    def statements(self, node: Node, scope: Scope) -> None:
        """Go through all that is in a node."""
        waiting = [(part, scope, "") for part in reversed(node.parts)]
        while waiting:
            current, around, via = waiting.pop()
            kind = current.kind
            if kind is Kind.ANNOTATION or (kind in _WHOLE and self.note(current, around, via)):
                continue
            inner = self.scope_of(current, around)
            if kind in _PASSED_ON:
                waiting += reversed(list(self._further(current, inner, via)))
            elif current.parts:
                kept = via if kind in _KEEPS else ""
                waiting += [(part, inner, kept) for part in reversed(current.parts)]

    def _further(self, node: Node, scope: Scope, via: str) -> Iterator[tuple[Node, Scope, str]]:
        """The parts of a node that are to be looked at, with what they are handed to."""
        if node.kind is Kind.CALL:
            yield from self.of_call(node, scope)
        elif (node.kind is Kind.KEYWORD and node.text in _FOR_PEOPLE) or (
            node.kind is Kind.ASSIGN and self._is_assembled(node, scope)
        ):
            return
        elif node.kind is Kind.AUGMENT and _is_held(node.parts[0], scope):
            added = self._folding.options(node.parts[1], scope)
            if any(piece.text for each in added for piece in each):
                return
            yield node.parts[1], scope, ""
        else:
            kept = via if node.kind in _KEEPS else ""
            yield from ((part, scope, kept) for part in node.parts)

    def note(self, node: Node, scope: Scope, via: str) -> bool:
        """Take down a string that reads as SQL; False where what is in it must be looked at.

        `node` is a string, or what can put one together.
        """
        found, in_steps = self._folding.read(node, scope)
        options = tuple(
            each
            for each in found
            if begins_elsewhere(each) or reads_as(each, handed=bool(via)) is not Reads.NOT
        )
        if options:
            self.take(node, scope, via, options, assembled=in_steps)
        return bool(options)

    def source_of(self, node: Node, scope: Scope) -> str:
        """Why it is not known what is handed to a database: how it begins, or that it grows."""
        if node.kind in (Kind.JOINED, Kind.BINARY):
            return next(filter(None, map(headless, self._folding.options(node, scope))), "")
        held = scope.holding(node.text) if node.kind is Kind.NAME else None
        if held is None or node.text not in (*held.added, *held.grown):
            return ""
        values = (self._folding.options(each, held) for each in held.values.get(node.text, ()))
        ways = (way for options in values for way in options)
        is_seen = any(reads_as(each, handed=False) is not Reads.NOT for each in ways)
        return "" if is_seen else f"{node.text}, in steps"

    def note_handed(self, node: Node, scope: Scope, via: str) -> None:
        """A constant by its name: what takes it says more than where it stands."""
        if node.kind not in (Kind.NAME, Kind.ATTRIBUTE):
            return
        found, in_steps = self._folding.read(node, scope)
        options = tuple(
            each for each in found if begins_elsewhere(each) or is_said_by_call(each, via)
        )
        if options:
            self.take(node, scope, via, options, assembled=in_steps)

    def take(
        self,
        node: Node,
        scope: Scope,
        via: str,
        options: Options,
        *,
        assembled: bool = False,
        source: str = "",
    ) -> None:
        """Take down a place; what was taken down there first, by the same strings, stays."""
        key = (node.line, node.column, options)
        site = Site(node.line, node.column, scope.symbol, via, options, assembled, source)
        self.sites.setdefault(key, site)

    def _is_assembled(self, node: Node, scope: Scope) -> bool:
        """Whether a name gets more behind what it is given here; then all of it is one string."""
        value, *targets = node.parts
        names = [each.text for each in targets if each.kind is Kind.NAME]
        if value.kind is Kind.LIST:
            if not any(name in self._joined for name in names):
                return False
            grown = (each for name in names for each in _owner(name, scope).grown.get(name, ()))
            listed = [*value.parts, *grown]
            parts = [self._folding.options(each, scope) for each in listed]
            spaced = [each for part in parts for each in (said(" "), part)]
            parts = spaced[1:]
        else:
            added = [each for name in names for each in self._added(name, scope)]
            if not added:
                return False
            parts = [self._folding.options(value, scope), *added]
        options = joined(parts)
        readable = tuple(each for each in options if reads_as(each, handed=False) is not Reads.NOT)
        if readable:
            self.take(value, scope, "", readable, assembled=True)
        return bool(readable)

    def _added(self, name: str, scope: Scope) -> Iterator[Options]:
        """What is put behind a name, without the name itself."""
        for each in _owner(name, scope).added.get(name, ()):
            yield tuple(
                tuple(piece for piece in way if piece != Piece("", name))
                for way in self._folding.options(each, scope)
            )


def _owner(name: str, scope: Scope) -> Scope:
    return scope.holding(name) or scope


def _is_held(target: Node, scope: Scope) -> bool:
    held = scope.holding(target.text) if target.kind is Kind.NAME else None
    return held is not None and target.text in held.values
