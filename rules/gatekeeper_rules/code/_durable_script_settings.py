"""Durable Objects in the settings that tools of Workers read from a script."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from gatekeeper import Finding
from gatekeeper.source.code_tree import NOTHING, Kind, Node, walk
from gatekeeper_rules.code._durable_entries import is_configuration
from gatekeeper_rules.code._durable_sheet import spelled
from gatekeeper_rules.code._durable_uses import FIX
from gatekeeper_rules.code._durable_view import View
from gatekeeper_rules.code._python_candidates import UPLOADED

# `wrangler/experimental-config` (workers-sdk, packages/config): `cloudflare.config.ts` has
# `bindings.durableObject(…)` in `env` and `exports.durableObject(…)` in `exports`.
_CONFIGURES = re.compile(r"(?:wrangler/experimental-config|@cloudflare/config)(?:/|$)")
_CALL = "durableObject"
_TYPE = "durable-object"
_BURIED = frozenset({"deleted", "renamed", "transferred"})

# Miniflare's options, which its own plugin for vitest takes as well (miniflare 4, README.md).
_SIMULATES = re.compile(
    r"(?:miniflare|@cloudflare/vitest-pool-workers|@cloudflare/vitest-plugin)(?:/|$)"
)
_TESTS = re.compile(r"(?:.*/)?(?:vitest|vite)\.\w[\w.]*$")
_OPTIONS = frozenset({"durableObjects", "durableObjectsPersist", "unsafeEphemeralDurableObjects"})

# What Pulumi (`@pulumi/cloudflare`), Cloudflare's SDK (`cloudflare`) and its REST interface take:
# the type of a binding, and under `migrations` the classes that an upload makes and deletes.
_UPLOADS = re.compile(r"(?:@pulumi/cloudflare|cloudflare)(?:/|$)")
_CREATES = frozenset({"newClasses", "newSqliteClasses", "new_classes", "new_sqlite_classes"})
_DELETES = frozenset({"deletedClasses", "deleted_classes"})

_ASKS = "getDurableObjectNamespace"
"""What Miniflare is asked for by tests and tools."""

_PRESETS: Mapping[str, str] = {
    "durable-sqlite": "driver",
    "cloudflare-durable": "preset",
    "cloudflare_durable": "preset",
}
"""What Drizzle's `driver` and Nitro's `preset` are called that work in a Durable Object."""


class SettingUses:
    """Looks through one script for what configures a Durable Object."""

    def __init__(self, view: View) -> None:
        self._view = view

    def findings(self) -> Iterator[Finding]:
        """What is found, in the order of the file."""
        configures = is_configuration(self._view.path) or self._takes(_CONFIGURES)
        simulates = _TESTS.match(self._view.path) or self._takes(_SIMULATES)
        if not configures and not simulates and not self._says_more():
            return
        uploads = self._takes(_UPLOADS)
        for node in self._nodes:
            if configures:
                yield from self._configured(node)
            if node.kind is Kind.ATTRIBUTE and node.text == _ASKS:
                yield from self._finding(node, _ASKS, f"`{_ASKS}` gives a Durable Object namespace")
            elif node.kind is Kind.OBJECT:
                yield from self._set(node, simulates=bool(simulates))
                yield from self._created(node) if uploads else ()

    def _says_more(self) -> bool:
        words = (*_PRESETS, _ASKS, UPLOADED, *_CREATES)
        return any(word in line for line in self._view.sheet.lines for word in words)

    @cached_property
    def _nodes(self) -> list[Node]:
        seen = set[int]()
        tops = (use.node for use in self._view.scopes.uses)
        bound = (
            each.node
            for scope in self._view.scopes.scopes
            for bindings in scope.names.values()
            for each in bindings
        )
        found: list[Node] = []
        for top in (*tops, *bound):
            for node in walk(top) if id(top) not in seen else ():
                if id(node) not in seen:
                    seen.add(id(node))
                    found.append(node)
        return sorted(found, key=lambda each: (each.line, each.column))

    def _takes(self, pattern: re.Pattern[str]) -> bool:
        return any(pattern.match(each.module) for each, _ in self._view.scopes.imports)

    def _configured(self, node: Node) -> Iterator[Finding]:
        """`bindings.durableObject(…)`, or the table that it makes."""
        if node.kind is Kind.CALL:
            function = node.parts[0]
            is_call = function.kind is Kind.ATTRIBUTE and function.text == _CALL
            given = next((each for each in node.parts[1:] if each.kind is Kind.OBJECT), NOTHING)
            if is_call and _text(_members(given).get("state")) not in _BURIED:
                yield from self._finding(node, _CALL, f"`{_CALL}(…)` configures a Durable Object")
        elif node.kind is Kind.OBJECT:
            held = _members(node)
            if _text(held.get("type")) == _TYPE and _text(held.get("state")) not in _BURIED:
                yield from self._finding(node, _TYPE, f"`{_TYPE}` configures a Durable Object")

    def _set(self, node: Node, *, simulates: bool) -> Iterator[Finding]:
        for value, key in _pairs(node):
            name, said = key.text, _text(value)
            if simulates and name in _OPTIONS:
                yield from self._finding(key, name, f"The option `{name}` runs Durable Objects")
            elif name == "type" and said == UPLOADED:
                yield from self._finding(value, said, f"`{said}` binds a Durable Object")
            elif _PRESETS.get(said) == name:
                message = f"`{name}: {said}` keeps its state in a Durable Object"
                yield from self._finding(key, said, message)

    def _created(self, node: Node) -> Iterator[Finding]:
        """The classes that an upload makes and the file nowhere deletes."""
        for value, key in _pairs(node):
            for each in value.parts if key.text in _CREATES and value.kind is Kind.LIST else ():
                name = _text(each) or spelled(each)
                if name not in self._deleted:
                    message = f"`{key.text}` makes the Durable Object class `{name}`"
                    yield from self._finding(each, name, message)

    @cached_property
    def _deleted(self) -> frozenset[str]:
        held = (_pairs(node) for node in self._nodes if node.kind is Kind.OBJECT)
        lists = (value for pairs in held for value, key in pairs if key.text in _DELETES)
        return frozenset(_text(each) for value in lists for each in value.parts)

    def _finding(self, node: Node, name: str, message: str) -> Iterator[Finding]:
        place = self._view.place(node, 0)
        found = self._view.sheet.finding(place, name, f"{message}.", name, FIX, None)
        yield from filter(None, [found])


def _members(node: Node) -> Mapping[str, Node]:
    """What stands under the constant keys of an object literal."""
    return {key.text: value for value, key in _pairs(node)} if node.kind is Kind.OBJECT else {}


def _pairs(node: Node) -> Iterator[tuple[Node, Node]]:
    """The values of an object literal, each with its key."""
    for each in node.parts[2].parts:
        if each.kind is Kind.ASSIGN and each.parts[1].kind is Kind.NAME:
            yield each.parts[0], each.parts[1]


def _text(node: Node | None) -> str:
    while node is not None and node.kind is Kind.AWAIT and node.parts:
        node = node.parts[0]
    return node.text if node is not None and node.kind is Kind.STRING else ""
