"""What a script gives to others of its strings, by the names that they take them by."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.migrations.query_pieces import Options, said
from gatekeeper.migrations.query_scopes import Scope
from gatekeeper.migrations.query_script_folding import ScriptFolding
from gatekeeper.migrations.query_script_members import Members
from gatekeeper.migrations.query_script_scopes import ScriptScopes
from gatekeeper.source.code_tree import Kind, Node
from gatekeeper.source.script_frame import EXPORT

_DEEPEST = 4
_MOST = 5_000


class Exports:
    """What the names that a script exports stand for."""

    def __init__(self, scopes: ScriptScopes, folding: ScriptFolding) -> None:
        self._module, self._folding = scopes.module, folding
        self._members = Members(scopes)
        held = (*scopes.module.values, *scopes.module.bound)
        self._names = [each for each in dict.fromkeys(held) if each.startswith(EXPORT)]

    def constants(self) -> dict[str, Options]:
        """The strings, those in objects by dotted names; the whole of CommonJS has `=`."""
        found: dict[str, Options] = {}
        waiting = [(name.removeprefix(EXPORT), self._node(name), 0) for name in self._names]
        while waiting and len(found) < _MOST:
            name, node, depth = waiting.pop()
            options = self._folding.options(node, self._module)
            if any(piece.text for each in options for piece in each):
                found[name] = options
            inner = self._members.scope(node, self._module) if depth < _DEEPEST else None
            waiting += [
                (f"{name}.{key}", Node(Kind.ATTRIBUTE, 1, 1, key, (node,)), depth + 1)
                for key in _keys(inner)
            ]
        return found

    def fragments(self) -> dict[str, Options]:
        """The tables, columns and pieces of SQL that a tag puts into SQL as they are."""
        found = {name: said(text) for name, text in self._members.tables().items() if text}
        for name in self._names:
            options = self._folding.fragment(self._node(name), self._module)
            if options is not None and name not in self._module.bound:
                found.setdefault(name.removeprefix(EXPORT), options)
        return found

    def passed(self) -> dict[str, str]:
        """What is another file's, by `module:name`."""
        nodes = ((name.removeprefix(EXPORT), self._node(name)) for name in self._names)
        held = ((name, self._members.passed(node, self._module)) for name, node in nodes)
        return {name: reference for name, reference in held if reference}

    def _node(self, name: str) -> Node:
        return Node(Kind.NAME, 1, 1, name, ())


def _keys(scope: Scope | None) -> Iterator[str]:
    if scope is not None:
        names = dict.fromkeys((*scope.values, *scope.classes))
        yield from dict.fromkeys(each.removeprefix(EXPORT) for each in names)
