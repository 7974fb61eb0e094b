"""Where SQL stands in a Python file: what is handed to a database, and what reads as if it were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gatekeeper.migrations.query_folding import Folding
from gatekeeper.migrations.query_foreign import foreign, is_of_database
from gatekeeper.migrations.query_frames import framed
from gatekeeper.migrations.query_makers import Maker, maker_of
from gatekeeper.migrations.query_pieces import Options, constant, joined, said, unknown
from gatekeeper.migrations.query_scopes import Scope, entered
from gatekeeper.migrations.query_site import EXEC, OF_ANOTHER, Strings
from gatekeeper.migrations.query_walk import Walk
from gatekeeper.source.code_tree import Kind, Node, walk
from gatekeeper.source.python import Import, PythonFacts

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
_SCOPED = frozenset({Kind.CLASS, Kind.FUNCTION, Kind.LAMBDA})


def strings(facts: PythonFacts) -> Strings:
    """What a file holds of SQL."""
    imports = {_bound(each): each for each in facts.imports if each.name != "*"}
    walking = _Walk(facts, imports)
    module = walking.scope(facts.tree, None)
    walking.statements(facts.tree, module)
    return Strings(tuple(walking.sites.values()), tuple(walking.makers), walking.constants(module))


def _bound(each: Import) -> str:
    return each.alias or each.name or each.module


class _Walk(Walk):
    """Goes through a Python file once."""

    def __init__(self, facts: PythonFacts, imports: Mapping[str, Import]) -> None:
        super().__init__(Folding(imports), _joined_names(facts.tree))
        self._facts = facts
        self._modules = {each.module.partition(".")[0] for each in facts.imports}
        self._scopes: dict[int, Scope] = {}
        self._in_storage = any(
            each.kind is Kind.ATTRIBUTE and each.text == "sql" and each.parts[0].text == "storage"
            for each in walk(facts.tree)
        )

    def scope_of(self, node: Node, around: Scope) -> Scope:
        """Of a class or function its own."""
        if node.kind not in _SCOPED:
            return around
        return self._scopes.get(id(node)) or self.scope(node, around)

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

    def of_call(self, node: Node, scope: Scope) -> Iterator[tuple[Node, Scope, str]]:
        """Its arguments, with the call where it takes SQL; what is said to people is left out."""
        function, *arguments = node.parts
        maker = maker_of(node, self._modules, scope.symbol)
        self.makers += [] if maker is None else [maker]
        self._note_framed(node, scope)
        if function.kind is not Kind.NAME:
            yield function, scope, ""
        if _is_for_people(function):
            yield from ((each, scope, "") for each in arguments if self._asks(each))
            return
        via = self._via(function)
        if via and arguments:
            self.note_handed(arguments[0], scope, via)
            self._doubt(function, arguments[0], scope, via)
        for number, each in enumerate(arguments):
            yield each, scope, via if number == 0 or each.kind is Kind.KEYWORD else ""

    def _note_framed(self, node: Node, scope: Scope) -> None:
        """A table that is only named is asked for as pandas asks for it."""
        frame = framed(node)
        if frame is None:
            return
        name, via = self._folding.options(frame.table, scope), node.parts[0].text
        known = [constant(each) or "" for each in name]
        if frame.makes:
            says = f"{via}() makes {next(filter(None, known), 'a table')}"
            self.makers.append(Maker(node.line, node.column, scope.symbol, says))
        elif via != "read_sql" or all(map(str.isidentifier, known)):
            asked = joined((said('SELECT * FROM "'), name, said('"')))
            self.take(frame.table, scope, via, asked)

    def _doubt(self, function: Node, given: Node, scope: Scope, via: str) -> None:
        if via == OF_ANOTHER or not is_of_database(function, self._modules):
            return
        source = foreign(given, scope) or self.source_of(given, scope)
        if source and not self._folding.is_known(given, scope):
            self.take(given, scope, via, unknown(source), source=source)

    def _asks(self, node: Node) -> bool:
        """Whether a database is asked in what is said to people."""
        return any(each.kind is Kind.CALL and self._via(each.parts[0]) for each in walk(node))

    def _via(self, function: Node) -> str:
        if function.kind is not Kind.ATTRIBUTE or function.text not in _HANDED:
            return ""
        owner = function.parts[0]
        if function.text == EXEC and owner.text == "sql":
            inside = owner.kind is Kind.ATTRIBUTE and owner.parts[0].text == "storage"
            return OF_ANOTHER if inside or self._in_storage else EXEC
        return function.text


def _is_for_people(function: Node) -> bool:
    name = function.text
    return name in _NOT_HANDED or name.endswith(("Error", "Exception", "Warning"))


def _joined_names(tree: Node) -> frozenset[str]:
    """The names of lists that are joined to one string."""
    return frozenset(
        each.parts[1].text
        for each in walk(tree)
        if each.kind is Kind.CALL
        and each.parts[0].text == "join"
        and len(each.parts) > 1
        and each.parts[1].kind is Kind.NAME
    )
