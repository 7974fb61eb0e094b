"""Whether what a class extends can be followed to a class that is known."""

from __future__ import annotations

from collections.abc import Callable

from gatekeeper.source.code_scopes import BASES, Bound
from gatekeeper.source.code_tree import NOTHING, Kind, Node
from gatekeeper.source.code_values import UNKNOWN, Sort, Value, Values
from gatekeeper.source.python_names import UNDEFINED, Names
from gatekeeper.source.script_names import GLOBAL
from gatekeeper_rules.code._durable_packages import is_read

# The classes that are there in a Worker without an import, and can be extended.
_GLOBALS = frozenset(
    (
        *("AbortController", "AggregateError", "Array", "ArrayBuffer", "Blob", "Boolean"),
        *("CustomEvent", "DOMException", "DataView", "Date", "Error", "EvalError", "Event"),
        *("EventTarget", "File", "FormData", "Function", "HTMLElement", "Headers", "Map"),
        *("MessageEvent", "Number", "Object", "Promise", "Proxy", "RangeError", "ReadableStream"),
        *("ReferenceError", "RegExp", "Request", "Response", "Set", "String", "SyntaxError"),
        *("TextDecoderStream", "TransformStream", "TypeError", "URIError", "URL"),
        *("URLSearchParams", "Uint8Array", "WeakMap", "WeakSet", "WebSocket", "WritableStream"),
        *("null", "undefined"),
    )
)
_KNOWN_ROOTS = ("cloudflare:", "node:", f"{GLOBAL}.")


class Heritage:
    """Looks at what classes extend, at any distance; `knows` tells what is known."""

    def __init__(self, names: Names, knows: Callable[[Value], bool]) -> None:
        self.names, self.knows = names, knows
        self._open: dict[Value, Node] = {}

    def open_base(self, value: Value) -> Node:
        """The first expression among what a class extends that leads nowhere known; or NOTHING.

        What was found out of a class is kept: ask once all that it depends on is read.
        """
        waiting, met = [value], {value}
        while waiting:
            current = waiting[-1]
            own, parents = self._own(current)
            fresh = [each for each in parents if each not in met and each not in self._open]
            met.update(fresh)
            if own == NOTHING and fresh:
                waiting.extend(fresh)
                continue
            waiting.pop()
            theirs = (self._open.get(each, NOTHING) for each in parents)
            first = next((each for each in theirs if each != NOTHING), NOTHING)
            self._open[current] = first if own == NOTHING else own
        return self._open[value]

    def _own(self, value: Value) -> tuple[Node, tuple[Value, ...]]:
        """The first base of a class that leads nowhere known, or the classes that it extends."""
        parents: dict[Value, None] = {}
        for base, scope in self._bases(value):
            values = self.names.values(value.text, scope, base)
            if not self.is_followed(values, value.text, scope, base):
                return base, ()
            held = sorted(values, key=lambda each: (each.text, each.scope))
            parents.update((each, None) for each in held if each.sort is Sort.CLASS)
        return NOTHING, tuple(parents)

    def _bases(self, value: Value) -> list[tuple[Node, int]]:
        scopes = self.names.files.get(value.text)
        if scopes is None:
            return []
        bound = scopes.scopes[value.scope].names.get(BASES, ())
        return [(each.node, each.scope) for each in bound]

    def is_followed(self, values: Values, path: str, scope: int, base: Node) -> bool:
        """Whether a base, which stands for these values, leads to what is known."""
        held = values - {UNKNOWN} if self.is_given(path, scope, base) else values
        return bool(held) and all(map(self.knows, held))

    def is_given(self, path: str, scope: int, base: Node) -> bool:
        """Whether it is a parameter: it is what calls give, and nobody calls it otherwise."""
        scopes = self.names.files[path]
        home = scopes.home(scope, base.text) if base.kind is Kind.NAME else None
        if home is None:
            return False
        return scopes.scopes[home].names[base.text][0].node.kind is Kind.PARAMETER


def is_known(value: Value) -> bool:
    """Whether it can be told that this is, or is not, a Durable Object."""
    if value.sort is Sort.CLASS:
        return True
    if value.sort is not Sort.EXTERNAL or value.text.endswith(")"):
        return False
    module, _, name = value.text.rpartition(".")
    if module == UNDEFINED:
        return name in _GLOBALS
    return is_read(module) or value.text.startswith(_KNOWN_ROOTS)


def class_node(names: Names, value: Value) -> Node:
    """Where a class with a name stands; NOTHING for an object literal."""
    scopes = names.files[value.text].scopes
    for bindings in scopes[scopes[value.scope].parent].names.values():
        for each in bindings:
            if each.bound is Bound.CLASS and each.scope == value.scope and each.node.text:
                return each.node
    return NOTHING
