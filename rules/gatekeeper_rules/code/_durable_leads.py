"""Which names of a file can lead to a Durable Object at all; the rest is not evaluated."""

from __future__ import annotations

from collections.abc import Iterable

from gatekeeper.source.python_names import UNDEFINED, Key, Names
from gatekeeper.source.python_scopes import RETURNED
from gatekeeper.source.python_tree import Kind, Node
from gatekeeper.source.python_values import Sort, Value
from gatekeeper_rules.code._durable_values import is_durable_name

_BUILTIN = frozenset(
    {"__import__", "compile", "eval", "exec", "getattr", "globals", "object", "type", "vars"}
)
_OUTSIDE = frozenset(
    {
        "_pyodide_entrypoint_helper",
        "cloudflare:durable-objects",
        "cloudflare:workers",
        "django_cf",
        "importlib",
        "inspect",
        "js",
        "operator",
        "pyodide",
        "sys",
        "types",
        "workers",
        UNDEFINED,
    }
)
_INNER = frozenset({Kind.ATTRIBUTE, Kind.SUBSCRIPT, Kind.CALL, Kind.AWAIT})
_CONSTANT = frozenset({Kind.STRING, Kind.BYTES, Kind.NUMBER, Kind.JOINED, Kind.BINARY})
_OF_SCOPE = frozenset({Sort.CLASS, Sort.INSTANCE, Sort.FUNCTION})


class Leads:
    """Told from what all names stand for, once they have settled."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._leading: dict[str, set[str]] = {}
        self._scopes: set[tuple[str, int]] = set()
        self._follow([(key, values) for key, values in names.known() if values])

    def can_lead(self, path: str, node: Node) -> bool:
        """Whether an expression begins with what can lead to a Durable Object."""
        while node.kind in _INNER:
            node = node.parts[0]
        if node.kind is not Kind.NAME:
            return node.kind not in _CONSTANT
        name = node.text
        if name in _BUILTIN or name in self._leading.get(path, ()) or "DurableObject" in name:
            return True
        scopes = self._names.files[path]
        return bool(scopes.stars) and not any(name in each.names for each in scopes.scopes)

    def _follow(self, known: list[tuple[Key, Iterable[Value]]]) -> None:
        """Mark names until no more are found; a class leads where one of its names does."""
        direct: dict[Value, bool] = {}
        rest = []
        for key, values in known:
            for value in values:
                if value not in direct:
                    direct[value] = self._leads(value)
            if any(direct[value] for value in values):
                self._mark(key)
            elif scoped := [value for value in values if value.sort in _OF_SCOPE]:
                rest.append((key, scoped))
        self._follow_scopes(rest)

    def _follow_scopes(self, waiting: list[tuple[Key, list[Value]]]) -> None:
        while True:
            rest = []
            for key, values in waiting:
                if any((value.text, value.scope) in self._scopes for value in values):
                    self._mark(key)
                else:
                    rest.append((key, values))
            if len(rest) == len(waiting):
                return
            waiting = rest

    def _mark(self, key: Key) -> None:
        self._leading.setdefault(key.path, set()).add(key.name)
        scope = self._names.files[key.path].scopes[key.scope]
        if scope.is_class or key.name == RETURNED:
            self._scopes.add((key.path, key.scope))
        if scope.is_class:
            self._leading[key.path].update(
                each.receiver[0]
                for each in self._names.files[key.path].scopes
                if each.receiver[1] == key.scope
            )

    def _leads(self, value: Value) -> bool:
        if value.sort is Sort.EXTERNAL:
            root = value.text.partition(".")[0].partition("(")[0]
            return root in _OUTSIDE or self._is_other(value)
        if value.sort is Sort.MODULE:
            return True
        return value.sort in (Sort.NAMESPACE, Sort.GETTER)

    def _is_other(self, value: Value) -> bool:
        builtin = value.text.removeprefix("builtins.")
        return builtin in _BUILTIN or value.text == "typing.cast" or is_durable_name(value)
