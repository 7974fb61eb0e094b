"""Calls that only a Durable Object's namespace, state or storage answers."""

from __future__ import annotations

import re

from gatekeeper.source.code_scopes import Bound, Scopes
from gatekeeper.source.code_tree import Kind, Node
from gatekeeper.source.code_values import Sort, Value
from gatekeeper_rules.code._durable_values import ROOTS
from gatekeeper_rules.code._durable_view import View
from gatekeeper_rules.code._python_candidates import (
    API,
    NAMESPACE_CALLS,
    STATE_CALLS,
    STORAGE_CALLS,
)

_TELLING = frozenset(
    {"env", "ctx", "state", "storage", "namespace", "ns", "stub", "durable", "do", "bindings"}
)
_SURE = frozenset({"env", "ctx"})
_WORKER_ROOTS = ROOTS | {"?"}
_ANSWERED = (
    (NAMESPACE_CALLS, "a Durable Object namespace"),
    (STATE_CALLS, "the state of a Durable Object"),
    (STORAGE_CALLS, "the storage of a Durable Object"),
)
# Other things have these as well: the name of what answers must say what it is.
_ANSWERED_BY = {
    "facets": ("ctx", "the state of a Durable Object"),
    "getTags": ("ctx", "the state of a Durable Object"),
    "jurisdiction": ("env", "a Durable Object namespace"),
    "storage": ("ctx", "the storage of a Durable Object"),
}
ANSWERED = frozenset({*API, *_ANSWERED_BY, "sql"})
"""Names of attributes that are worth a closer look."""

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_STEPS = 5


class Calls:
    """Judges one file's calls: by whom they are made to, then by what else the file does.

    The names are the platform's, in its JavaScript spelling, but an unrelated object may
    have them too. So what is called must not be known to be something else, and either it
    is named after the platform, or the file shows that it is code of a Worker.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._scopes = view.scopes
        self._is_worker = self._imports_worker() or self._named() > 1

    def what(self, name: str, owner: Node, scope: int, parent: Node) -> str:
        """What a call of `owner.name` uses, in words; empty where it is none of these."""
        if name in _ANSWERED_BY:
            return self._named_after(name, owner, scope, parent)
        if name == "sql":
            stored = "storage" in self._words(owner, scope)
            told = "the SQL storage of a Durable Object" if stored else ""
        else:
            told = next((what for calls, what in _ANSWERED if name in calls), "")
        return told if told and self._fits(owner, scope) else ""

    def _named_after(self, name: str, owner: Node, scope: int, parent: Node) -> str:
        """What a Worker's `ctx` or `env` has only in, or for, a Durable Object."""
        word, told = _ANSWERED_BY[name]
        last = self._words(owner, scope) if word == "env" else _answering(owner)
        reads_on = parent.kind is Kind.ATTRIBUTE and parent.text in ANSWERED
        return told if self._is_worker and word in last and not reads_on else ""

    def _fits(self, owner: Node, scope: int) -> bool:
        words = self._words(owner, scope)
        values = self._view.all_values(owner, scope)
        if any(_is_something_else(value) for value in values):
            return not words.isdisjoint(_SURE)
        return bool(words & _TELLING) or self._is_worker

    def _words(self, owner: Node, scope: int) -> set[str]:
        """The words of the names that lead to the owner, through what they are bound to."""
        words: set[str] = set()
        waiting = [(owner, scope, 0)]
        while waiting:
            node, here, steps = waiting.pop()
            if node.kind in (Kind.NAME, Kind.ATTRIBUTE):
                words.update(word.lower() for word in _WORD.findall(node.text))
            if node.kind is Kind.NAME and steps < _STEPS:
                bound = bound_to(self._scopes, node, here)
                waiting.extend((held, where, steps + 1) for held, where in bound)
            elif node.kind in (Kind.ATTRIBUTE, Kind.CALL, Kind.SUBSCRIPT, Kind.AWAIT):
                waiting.extend((part, here, steps) for part in node.parts)
            elif node.kind is Kind.STRING and node.text.isidentifier():
                words.add(node.text)
        return words

    def _imports_worker(self) -> bool:
        roots = {binding.module.partition(".")[0] for binding, _ in self._scopes.imports}
        return bool(roots & _WORKER_ROOTS)

    def _named(self) -> int:
        used = (use.node for use in self._scopes.uses)
        return len({node.text for node in used if node.kind is Kind.ATTRIBUTE} & API)


def _answering(owner: Node) -> set[str]:
    """What `ctx` is called, or `self.state`, as it was before; other things are `state`, too."""
    name = owner.text.strip("_#")
    is_own = owner.kind is Kind.ATTRIBUTE and owner.parts[0].text in ("self", "this")
    return {"ctx"} if name == "state" and is_own else {name}


def bound_to(scopes: Scopes, node: Node, scope: int) -> list[tuple[Node, int]]:
    """What a name is bound to in its file, each with its scope; nothing for anything else."""
    home = scopes.home(scope, node.text) if node.kind is Kind.NAME else None
    if home is None:
        return []
    held = scopes.scopes[home].names[node.text]
    return [(each.node, each.scope) for each in held if each.bound is Bound.VALUE]


def _is_something_else(value: Value) -> bool:
    if value.sort is Sort.EXTERNAL:
        return value.text.partition(".")[0].removesuffix("()") not in _WORKER_ROOTS
    return value.sort in (Sort.CLASS, Sort.INSTANCE, Sort.MODULE, Sort.TEXT, Sort.NUMBER)
