"""Python classes that a Worker's entrypoint has: Durable Objects by name, or perhaps ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper import Doubt, Finding, Unreadable
from gatekeeper.source.code_scopes import MODULE, Binding, Bound
from gatekeeper.source.code_settling import Key
from gatekeeper.source.code_tree import NOTHING, Kind, Node
from gatekeeper.source.code_values import Sort, Value, Values
from gatekeeper.source.python_modules import Modules
from gatekeeper.source.python_names import UNDEFINED, Names
from gatekeeper.source.python_text import python_text
from gatekeeper_rules.code._durable_entries import Ties, python_entries_of
from gatekeeper_rules.code._durable_entry_told import (
    found,
    of_named,
    of_named_class,
    of_unknown_class,
    trail_of,
)
from gatekeeper_rules.code._durable_heritage import class_node
from gatekeeper_rules.code._durable_python_heritage import PythonHeritage, is_known
from gatekeeper_rules.code._durable_reading import Reading
from gatekeeper_rules.code._durable_sheet import Sheet, sheet_of
from gatekeeper_rules.code._durable_values import OUTSIDE, Durable
from gatekeeper_rules.code._python_sources import Sources

_PLATFORM = "workers"
_MAKES = frozenset({"builtins.type", "types.new_class"})
_NO_CLASS = (f"{UNDEFINED}.", "builtins.")
_BASES = 2
"""The place of the bases in a call that makes a class."""


class PythonEntries:
    """Goes from what Python Workers start to the classes that they have.

    A class that the configuration names is a Durable Object, wherever the entrypoint has it
    from and whatever it extends. Of the others only those count that the entrypoint itself
    makes: importing a class is no sign that it is meant to be a Worker's. It reads what that
    takes and nothing else; `doubts` tell what of it cannot be read.
    """

    def __init__(self, sources: Sources, modules: Modules) -> None:
        self._sources = sources
        self._names = Names(modules, OUTSIDE)
        self._durable = Durable(self._names)
        self._heritage = PythonHeritage(self._names)
        self._sheets: dict[str, Sheet] = {}
        self._reading = Reading(self._names, self._take)
        self.doubts: list[Doubt] = []

    def findings(self) -> Iterator[Finding]:
        """What is found, entrypoint by entrypoint."""
        entries = python_entries_of(self._sources.snapshot)
        for main, ties in sorted(entries.started.items()):
            self._reading.read(main)
            if main in self._names.files:
                made = self._made(main)
                self._reading.follow([Key(main, MODULE, each) for each in sorted({*ties, *made})])
                self._names.sharpen()
                yield from self._named(main, ties)
                yield from self._unknown(main, sorted(made - ties.keys()))

    # -- reading

    def _take(self, path: str) -> None:
        try:
            tree = self._sources.facts(path).tree
            text = python_text(self._sources.content(path), path)
        except Unreadable as unreadable:
            reason = f"what it exports cannot be read: {unreadable.reason}"
            self.doubts.append(Doubt(reason, path, unreadable.line))
            return
        self._names.add(path, tree)
        self._sheets[path] = sheet_of(path, text)

    # -- judging

    def _named(self, main: str, ties: Ties) -> Iterator[Finding]:
        for name, tie in sorted(ties.items()):
            bound = self._bindings(main, name)
            at = bound[0] if bound else None
            trail = trail_of(self._sources.snapshot, tie, self._sheets[main], at)
            for value in _sorted(self._names.export(main, name)):
                node = class_node(self._names, value) if value.sort is Sort.CLASS else NOTHING
                if self._durable(value):
                    continue
                if node != NOTHING:
                    told = of_named_class(node.text, tie, name)
                    yield from found(self._sheets[value.text], node, node.text, told, trail)
                elif at and value.sort is Sort.EXTERNAL and not value.text.startswith(_NO_CLASS):
                    told = of_named(name, value.text, tie)
                    yield from found(self._sheets[main], at.node, name, told, trail)

    def _made(self, main: str) -> set[str]:
        """The names under which the entrypoint itself makes classes, and perhaps others."""
        return {
            name
            for name, bindings in self._names.files[main].scopes[MODULE].names.items()
            if any(map(_may_make, bindings))
        }

    def _unknown(self, main: str, names: Sequence[str]) -> Iterator[Finding]:
        for name in names:
            for binding in self._bindings(main, name):
                base = self._open_base(main, binding)
                if base != NOTHING:
                    told = of_unknown_class(name, main, base, _PLATFORM)
                    yield from found(self._sheets[main], binding.node, name, told, None)

    def _open_base(self, main: str, binding: Binding) -> Node:
        """What a class that the entrypoint makes extends and nobody can follow; or NOTHING."""
        if binding.bound is Bound.CLASS:
            own = Value(Sort.CLASS, main, binding.scope)
            base = self._heritage.open_base(own)
            return NOTHING if base == NOTHING or self._durable(own) else base
        node = binding.node
        if not _may_make(binding) or not self._makes_class(main, binding):
            return NOTHING
        bases = node.parts[_BASES]
        for base in bases.parts if bases.kind is Kind.LIST else (bases,):
            values = self._names.values(main, binding.scope, base)
            if not values or not all(is_known(v) or self._durable(v) for v in values):
                return base
        return NOTHING

    def _makes_class(self, main: str, binding: Binding) -> bool:
        function = binding.node.parts[0]
        values = self._names.values(main, binding.scope, function)
        return any(each.text in _MAKES for each in values)

    def _bindings(self, main: str, name: str) -> tuple[Binding, ...]:
        return tuple(self._names.files[main].scopes[MODULE].names.get(name, ()))


def _may_make(binding: Binding) -> bool:
    """Whether it is a class, or a call that may make one."""
    is_call = binding.bound is Bound.VALUE and binding.node.kind is Kind.CALL
    return binding.bound is Bound.CLASS or (is_call and len(binding.node.parts) > _BASES)


def _sorted(values: Values) -> list[Value]:
    return sorted(values, key=lambda each: (each.sort.name, each.text, each.scope))
