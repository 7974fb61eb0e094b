"""Where SQL stands in a Python file: what is handed to a database, and what reads as if it were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gatekeeper.migrations.query_folding import Folding
from gatekeeper.migrations.query_foreign import foreign, is_of_database
from gatekeeper.migrations.query_makers import Maker, maker_of
from gatekeeper.migrations.query_pieces import (
    Options,
    Piece,
    Pieces,
    constant,
    joined,
    said,
    sketched,
    unknown,
)
from gatekeeper.migrations.query_scopes import Scope, entered
from gatekeeper.migrations.query_shape import Reads, reads
from gatekeeper.source.python import Import, PythonFacts
from gatekeeper.source.python_tree import Kind, Node, walk
from gatekeeper.value import dataclass

EXEC = "exec"
OF_ANOTHER = "storage.sql"
"""What a Durable Object's own SQL is handed to."""

_HANDED_WORDS = """
prepare exec execute executemany executescript execute_sql exec_driver_sql raw batch
fetch_all fetch_one fetch_val fetchall fetchone fetchval execute_many
"""
_HANDED = frozenset(_HANDED_WORDS.split())
_NOT_HANDED_WORDS = """
startswith endswith removeprefix removesuffix find rfind index count split rsplit partition
compile match search fullmatch sub findall finditer debug info warning error exception
critical log print add_argument getLogger echo warn gettext _
"""
_NOT_HANDED = frozenset(_NOT_HANDED_WORDS.split())
_FOR_PEOPLE_WORDS = """
help description label title message placeholder summary tooltip msg doc
"""
_FOR_PEOPLE = frozenset(_FOR_PEOPLE_WORDS.split())
_WHOLE = frozenset({Kind.STRING, Kind.JOINED, Kind.BINARY, Kind.CALL})
_SCOPED = frozenset({Kind.CLASS, Kind.FUNCTION, Kind.LAMBDA})


class Site(NamedTuple):
    """A string: where, in which class or function, what takes it, and what it can be.

    `via` is the call that it is handed to, "" where it only reads as SQL. One that is `assembled`
    is all of what is put together in several steps, of which some may be left out. `foreign` says
    where the text comes from that no constant holds.
    """

    line: int
    column: int
    symbol: str
    via: str
    options: Options
    assembled: bool = False
    foreign: str = ""


@dataclass(frozen=True, slots=True)
class Strings:
    """What a file holds: its SQL, calls that make tables, and constants that others may use."""

    sites: tuple[Site, ...]
    makers: tuple[Maker, ...]
    constants: Mapping[str, Options]


def strings(facts: PythonFacts) -> Strings:
    """What a file holds of SQL."""
    imports = {_bound(each): each for each in facts.imports if each.name != "*"}
    walking = _Walk(facts, imports)
    module = walking.scope(facts.tree, None)
    walking.statements(facts.tree, module)
    return Strings(tuple(walking.sites.values()), tuple(walking.makers), walking.constants(module))


def _bound(each: Import) -> str:
    return each.alias or each.name or each.module


class _Walk:
    """Goes through a file once; a string that is part of a longer one is not looked at alone."""

    def __init__(self, facts: PythonFacts, imports: Mapping[str, Import]) -> None:
        self._facts, self._folding = facts, Folding(imports)
        self._modules = {each.module.partition(".")[0] for each in facts.imports}
        self._scopes: dict[int, Scope] = {}
        self._joined = {
            each.parts[1].text
            for each in walk(facts.tree)
            if each.kind is Kind.CALL
            and each.parts[0].text == "join"
            and len(each.parts) > 1
            and each.parts[1].kind is Kind.NAME
        }
        self._in_storage = any(
            each.kind is Kind.ATTRIBUTE and each.text == "sql" and each.parts[0].text == "storage"
            for each in walk(facts.tree)
        )
        self.sites: dict[tuple[int, int, Options], Site] = {}
        self.makers: list[Maker] = []

    def scope(self, node: Node, above: Scope | None) -> Scope:
        """The scope of a node, with those of the classes right in it."""
        made = entered(node, above, self._facts.imports if above is None else ())
        self._scopes[id(node)] = made
        waiting = list(node.parts)
        while waiting:
            part = waiting.pop()
            if part.kind is Kind.CLASS:
                made.classes[part.text] = self.scope(part, made)
            elif part.kind not in _SCOPED:
                waiting.extend(part.parts)
        return made

    def constants(self, module: Scope) -> dict[str, Options]:
        """The constants of a module and of its classes, by dotted name."""
        found: dict[str, Options] = {}
        waiting = [(module, "")]
        while waiting:
            scope, prefix = waiting.pop()
            for name in scope.values:
                node = Node(Kind.NAME, 0, 0, name, ())
                options = self._folding.options(node, scope)
                if any(piece.text or ":" in piece.hole for each in options for piece in each):
                    found[prefix + name] = options
            waiting += [(each, f"{prefix}{name}.") for name, each in scope.classes.items()]
        for name, value in module.bound.items():
            if value.kind is Kind.MODULE and name not in found:
                found[name] = self._folding.options(Node(Kind.NAME, 0, 0, name, ()), module)
        return found

    def statements(self, node: Node, scope: Scope) -> None:
        """Go through all that is in a node."""
        waiting = [(part, scope, "") for part in reversed(node.parts)]
        while waiting:
            current, around, via = waiting.pop()
            inner = around
            if current.kind in _SCOPED:
                inner = self._scopes.get(id(current)) or self.scope(current, around)
            elif (
                current.kind in _WHOLE and self._note(current, around, via)
            ) or current.kind is Kind.ANNOTATION:
                continue
            waiting += reversed(list(self._further(current, inner, via)))

    def _further(self, node: Node, scope: Scope, via: str) -> Iterator[tuple[Node, Scope, str]]:
        """The parts of a node that are to be looked at, with what they are handed to."""
        if node.kind is Kind.CALL:
            yield from self._of_call(node, scope)
        elif (node.kind is Kind.KEYWORD and node.text in _FOR_PEOPLE) or (
            node.kind is Kind.ASSIGN and self._is_assembled(node, scope)
        ):
            return
        elif node.kind is Kind.AUGMENT and node.parts[0].text in scope.values:
            added = self._folding.options(node.parts[1], scope)
            if any(piece.text for each in added for piece in each):
                return
            yield node.parts[1], scope, ""
        else:
            keeps = node.kind in (Kind.LIST, Kind.CHOICE, Kind.KEYWORD, Kind.AWAIT, Kind.STAR)
            yield from ((part, scope, via if keeps else "") for part in node.parts)

    def _of_call(self, node: Node, scope: Scope) -> Iterator[tuple[Node, Scope, str]]:
        function, *arguments = node.parts
        maker = maker_of(node, self._modules, scope.symbol)
        self.makers += [] if maker is None else [maker]
        if function.kind is not Kind.NAME:
            yield function, scope, ""
        if _is_for_people(function):
            return
        via = self._via(function)
        if via and arguments:
            self._note_handed(arguments[0], scope, via)
            source = foreign(arguments[0], scope) if is_of_database(function, self._modules) else ""
            if source and not self._folding.is_known(arguments[0], scope):
                self._take(arguments[0], scope, via, unknown(source), source=source)
        for number, each in enumerate(arguments):
            yield each, scope, via if number == 0 or each.kind is Kind.KEYWORD else ""

    def _via(self, function: Node) -> str:
        if function.kind is not Kind.ATTRIBUTE or function.text not in _HANDED:
            return ""
        owner = function.parts[0]
        if function.text == EXEC and owner.text == "sql":
            inside = owner.kind is Kind.ATTRIBUTE and owner.parts[0].text == "storage"
            return OF_ANOTHER if inside or self._in_storage else EXEC
        return function.text

    def _note(self, node: Node, scope: Scope, via: str) -> bool:
        """Take down a string that reads as SQL; False where what is in it must be looked at."""
        if node.kind not in _WHOLE:
            return False
        found, in_steps = self._folding.read(node, scope)
        options = tuple(
            each
            for each in found
            if _begins_elsewhere(each) or reads_as(each, handed=bool(via)) is not Reads.NOT
        )
        if options:
            self._take(node, scope, via, options, assembled=in_steps)
        return bool(options)

    def _note_handed(self, node: Node, scope: Scope, via: str) -> None:
        """A constant by its name: what takes it says more than where it stands."""
        if node.kind not in (Kind.NAME, Kind.ATTRIBUTE):
            return
        found, in_steps = self._folding.read(node, scope)
        options = tuple(
            each for each in found if _begins_elsewhere(each) or is_said_by_call(each, via)
        )
        if options:
            self._take(node, scope, via, options, assembled=in_steps)

    def _take(
        self,
        node: Node,
        scope: Scope,
        via: str,
        options: Options,
        *,
        assembled: bool = False,
        source: str = "",
    ) -> None:
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
            listed = [*value.parts, *(each for name in names for each in scope.grown.get(name, ()))]
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
            self._take(value, scope, "", readable, assembled=True)
        return bool(readable)

    def _added(self, name: str, scope: Scope) -> Iterator[Options]:
        """What is put behind a name, without the name itself."""
        for each in scope.added.get(name, ()):
            yield tuple(
                tuple(piece for piece in way if piece != Piece("", name))
                for way in self._folding.options(each, scope)
            )


def _begins_elsewhere(pieces: Pieces) -> bool:
    """Whether it begins with a constant of another file, which says what it is."""
    return bool(pieces) and ":" in pieces[0].hole


def is_said_by_call(pieces: Pieces, via: str) -> bool:
    """Whether a constant's name in a call says more than the constant does where it stands."""
    if reads_as(pieces, handed=True) is Reads.NOT:
        return False
    return via in (EXEC, OF_ANOTHER) or reads_as(pieces, handed=False) is Reads.NOT


def reads_as(pieces: Pieces, *, handed: bool) -> Reads:
    """How a string reads; one with holes by the rest of it."""
    text = constant(pieces)
    if text is not None:
        return reads(text, handed=handed)
    return reads(sketched(pieces), handed=handed)


def _is_for_people(function: Node) -> bool:
    name = function.text
    return name in _NOT_HANDED or name.endswith(("Error", "Exception", "Warning"))
