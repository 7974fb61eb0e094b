"""Where SQL stands in a script: what is handed to a database, and what reads as if it were."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.migrations.query_makers import maker_of
from gatekeeper.migrations.query_pieces import Options, unknown
from gatekeeper.migrations.query_scopes import Scope
from gatekeeper.migrations.query_script_exports import Exports
from gatekeeper.migrations.query_script_folding import ScriptFolding
from gatekeeper.migrations.query_script_scopes import ScriptScopes
from gatekeeper.migrations.query_script_texts import untold
from gatekeeper.migrations.query_script_words import (
    handed_to,
    is_database,
    is_for_people,
    is_tagged,
)
from gatekeeper.migrations.query_site import EXEC, OF_ANOTHER, Site, Strings
from gatekeeper.migrations.query_walk import Walk
from gatekeeper.source.code_tree import Kind, Node, walk
from gatekeeper.source.script import ScriptFacts

_AGENTS = ("agents", "@cloudflare/ai-chat", "@cloudflare/codemode")


def strings(facts: ScriptFacts) -> Strings:
    """What a script holds of SQL; raises `TooMuch`."""
    scopes = ScriptScopes(facts.tree)
    folding = ScriptFolding(scopes)
    walking = _ScriptWalk(facts, scopes, folding)
    walking.statements(facts.tree, scopes.module)
    exports = Exports(scopes, folding)
    return Strings(
        tuple(walking.kept()),
        tuple(walking.makers),
        exports.constants(),
        exports.fragments(),
        exports.passed(),
        tuple(dict.fromkeys(scopes.stars)),
        facts.faults,
    )


class _ScriptWalk(Walk):
    """Goes through a script once."""

    def __init__(self, facts: ScriptFacts, scopes: ScriptScopes, folding: ScriptFolding) -> None:
        super().__init__(folding, _joined_names(facts.tree))
        self._scopes = scopes
        self._modules = {each.module for each in facts.imports()}
        self._is_agent = any(each.partition("/")[0] in _AGENTS for each in self._modules)
        self._in_storage = any(
            each.kind is Kind.ATTRIBUTE and each.text == "sql" and each.parts[0].text == "storage"
            for each in walk(facts.tree)
        )
        self._handed: dict[Options, set[str]] = {}

    def kept(self) -> Iterator[Site]:
        """All that was found, without what is a constant for another storage alone."""
        for site in self.sites.values():
            if site.via or self._handed.get(site.options) != {OF_ANOTHER}:
                yield site

    def scope_of(self, node: Node, around: Scope) -> Scope:
        """Of a class, function, object or block its own."""
        return self._scopes.of(node) or around

    def of_call(self, node: Node, scope: Scope) -> Iterator[tuple[Node, Scope, str]]:
        """Its arguments, with the call where it takes SQL; what is said to people is left out."""
        function, *arguments = node.parts
        maker = maker_of(node, self._modules, scope.symbol)
        self.makers += [] if maker is None else [maker]
        if function.kind is not Kind.NAME:
            yield function, scope, ""
        if is_for_people(function):
            yield from ((each, scope, "") for each in arguments if _asks(each))
            return
        via = self._via(node)
        if via and arguments:
            self._hand(function, arguments[0], scope, via)
        for number, each in enumerate(arguments):
            yield each, scope, via if number == 0 else ""

    def note(self, node: Node, scope: Scope, via: str) -> bool:
        """Take down a string that reads as SQL; one of a tag may be for another storage."""
        return super().note(node, scope, via or self._tag(node))

    def _hand(self, function: Node, given: Node, scope: Scope, via: str) -> None:
        self.note_handed(given, scope, via)
        if given.kind in (Kind.NAME, Kind.ATTRIBUTE):
            options, _ = self._folding.read(given, scope)
            self._handed.setdefault(options, set()).add(via)
        takes_text = function.text == "prepare" or (is_database(function) and via != "batch")
        if via == OF_ANOTHER or not takes_text:
            return
        source = untold(given, scope) or self.source_of(given, scope)
        if source and not self._folding.is_known(given, scope):
            self.take(given, scope, via, unknown(source), source=source)

    def _via(self, node: Node) -> str:
        function = node.parts[0]
        via = handed_to(function)
        if via == EXEC and function.parts[0].text == "sql":
            owner = function.parts[0]
            inside = owner.kind is Kind.ATTRIBUTE and owner.parts[0].text == "storage"
            return OF_ANOTHER if inside or self._in_storage else EXEC
        return via

    def _tag(self, node: Node) -> str:
        """The storage of an agent, where its own tag is used."""
        if not is_tagged(node) or not self._is_agent:
            return ""
        function = node.parts[0]
        is_own = function.kind is Kind.ATTRIBUTE and function.parts[0].text == "this"
        return OF_ANOTHER if is_own and function.text == "sql" else ""


def _asks(node: Node) -> bool:
    """Whether a database is asked in what is said to people."""
    return any(each.kind is Kind.CALL and handed_to(each.parts[0]) for each in walk(node))


def _joined_names(tree: Node) -> frozenset[str]:
    """The names of lists that are joined to one string."""
    return frozenset(
        each.parts[0].parts[0].text
        for each in walk(tree)
        if each.kind is Kind.CALL
        and each.parts[0].kind is Kind.ATTRIBUTE
        and each.parts[0].text == "join"
        and each.parts[0].parts[0].kind is Kind.NAME
    )
