"""Durable Objects in the imports and expressions of one Python file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from gatekeeper import Finding, Trail
from gatekeeper.source.code_scopes import Binding, Bound, Use
from gatekeeper.source.code_tree import Kind, Node, walk
from gatekeeper.source.code_values import UNKNOWN, Sort, Value, Values, external
from gatekeeper.source.python_names import UNDEFINED
from gatekeeper_rules.code._durable_calls import ANSWERED, Calls
from gatekeeper_rules.code._durable_loopback import Loopback
from gatekeeper_rules.code._durable_sheet import Place, spelled
from gatekeeper_rules.code._durable_values import (
    Durable,
    comes_from_platform,
    is_durable_name,
    is_of_durable_module,
)
from gatekeeper_rules.code._durable_view import OWN_READERS, View
from gatekeeper_rules.code._python_candidates import HANDLER, UPLOADED

FIX = "Keep the state in D1 and run the steps in a Workflow; then remove this."
_FIX_CALL = "Start or ask a Workflow through its binding, and keep the state in D1; remove this."
_STRINGS = re.compile(
    r"(?:django_cf\.db\.backends\.do(?:\.[\w.]+)?|(?:\w+[.:])+\w*DurableObject"
    r"|cloudflare:durable-objects)$"
)
_TYPES = ("type", "type_")
_TEXTS = frozenset({Kind.STRING, Kind.JOINED, Kind.BINARY})
_HINT = re.compile(r"django_cf|[Dd]urable")
_SCRIPT = re.compile(r"DurableObject|cloudflare:workers|idFromName|newUniqueId")
_SCRIPTED = ("run_js", "run_js_async")
_EVALUATES = frozenset({"Function", "eval", "setInterval", "setTimeout"})


class Uses:
    """Looks through one file; `line_of` gives the text of a line of any.

    What `durable` knows of classes serves every file that it is given for.
    """

    def __init__(
        self, view: View, line_of: Callable[[str, int], str], durable: Durable | None = None
    ) -> None:
        self._view, self._line_of = view, line_of
        self._names, self._path, self._sheet = view.names, view.path, view.sheet
        self._scopes = view.scopes
        self._durable = durable or Durable(view.names)
        self._calls = Calls(view)

    def findings(self) -> Iterator[Finding]:
        """What is found, in the order of the file."""
        yield from filter(None, (self._import(*each) for each in self._scopes.imports))
        for use in self._view.leading:
            yield from filter(None, [self._class(use) or self._call(use) or self._script(use)])
        for use in self._scopes.uses:
            if use.node.kind in _TEXTS:
                yield from filter(None, [self._string(use)])
            elif use.node.text in ANSWERED or _reads_by_name(use.node):
                values = self._view.all_values(use.node, use.scope)
                yield from filter(None, [self._call(use) or self._class(use, values)])
        yield from filter(None, self._handlers())
        loopback = Loopback(self._view, self._durable)
        yield from filter(None, (self._own(u) for u in self._scopes.uses if loopback.reaches(u)))

    # -- findings

    def _import(self, binding: Binding, scope: int) -> Finding | None:
        if binding.name == "*":
            return None
        taken = self._names.taken(self._path, binding)
        found = self._first(taken) or next(filter(is_of_durable_module, taken), None)
        if found is None:
            return None
        way = self._names.way_in(self._path, binding, self._durable)
        quoted = self._quoted(binding)
        message = f"`{quoted}` brings {self._described(found)}."
        place = self._view.place(binding.node, scope)
        return self._finding(place, found, message, quoted, self._trail(way))

    def _quoted(self, binding: Binding) -> str:
        if binding.bound is Bound.FROM:
            return f"from {binding.module} import {binding.name}"
        return f"import {binding.module}"

    def _class(self, use: Use, values: Values | None = None) -> Finding | None:
        node, scope, parent = use
        values = self._view.values(node, scope) if values is None else values
        found = self._first(values) or self._named_so(use, values)
        if found is None:
            return None
        extended = parent.kind is Kind.GROUP and bool(parent.text)
        if found.sort is Sort.CLASS and not extended and not self._makes_class(node, scope):
            return None
        quoted = spelled(node)
        subject = f"The class `{parent.text}` extends" if extended else f"`{quoted}` is"
        way = self._names.way(self._path, scope, node, self._durable)
        place = self._view.place(node, scope)
        symbol = parent.text if extended else place.symbol
        place = Place(place.line, place.column, symbol)
        message = f"{subject} {self._described(found)}."
        return self._finding(place, found, message, quoted, self._trail(way))

    def _makes_class(self, node: Node, scope: int) -> bool:
        if node.kind is not Kind.CALL:
            return False
        return bool(self._view.called(node, scope) & {"builtins.type", "types.new_class"})

    def _call(self, use: Use) -> Finding | None:
        node, scope, parent = use
        names, owner = self._view.member(node, scope)
        name = names[0] if len(names) == 1 else ""
        told = self._calls.what(name, owner, scope, parent) if name else ""
        if not told:
            return None
        quoted = spelled(node)
        place = self._view.place(node, scope)
        message = f"`{quoted}` uses {told}."
        return self._sheet.finding(place, name, message, quoted, _FIX_CALL, None)

    def _string(self, use: Use) -> Finding | None:
        node, scope, parent = use
        if self._view.read_by_name(parent, scope):
            return None
        if not any(_HINT.search(part.text) for part in walk(node)):
            return None
        texts, _ = self._view.texts(node, scope)
        is_type = _is_type(node, parent)
        told = (each for each in texts if _STRINGS.match(each) or (is_type and each == UPLOADED))
        named = next(told, None)
        if named is None:
            return None
        place = self._view.place(node, scope)
        message = f"The string `{named}` names a Durable Object class or backend."
        return self._sheet.finding(place, named, message, named, FIX, None)

    def _script(self, use: Use) -> Finding | None:
        node, scope, _ = use
        if node.kind is not Kind.CALL:
            return None
        if not any(map(_runs_script, self._view.called(node, scope))):
            return None
        texts = [
            t for part in node.parts[1:] for t in self._names.texts(self._path, scope, part)[0]
        ]
        if not any(map(_SCRIPT.search, texts)):
            return None
        quoted, place = spelled(node), self._view.place(node, scope)
        message = f"`{spelled(node.parts[0])}` runs JavaScript that uses Durable Objects."
        return self._sheet.finding(place, "script", message, quoted, FIX, None)

    def _own(self, use: Use) -> Finding | None:
        node, scope, _ = use
        message = f"`{node.text}`, a Durable Object class, is reached through `exports`."
        place = self._view.place(node, scope)
        return self._sheet.finding(place, node.text, message, node.text, FIX, None)

    def _handlers(self) -> Iterator[Finding | None]:
        for number, scope in enumerate(self._scopes.scopes):
            for binding in scope.names.get(HANDLER, ()) if scope.is_class else ():
                place = self._view.place(binding.node, number)
                message = f"The class `{scope.symbol}` handles WebSockets as Durable Objects do."
                yield self._sheet.finding(place, HANDLER, message, HANDLER, FIX, None)

    # -- parts of the above

    def _named_so(self, use: Use, values: Values) -> Value | None:
        """The class, where something of that name is taken from nobody knows what."""
        node, scope, _ = use
        if node.kind is Kind.SUBSCRIPT:
            owners = self._view.values(node.parts[0], scope)
            unknown = any(map(comes_from_platform, owners))
            names = self._view.texts(node.parts[1], scope)[0] if unknown else ()
        else:
            known = any(each.sort is Sort.CLASS for each in values)
            unknown = not known and (UNKNOWN in values or not values)
            names = self._view.member(node, scope)[0] if unknown else ()
        named = (external(f"{UNDEFINED}.{name}") for name in names)
        return next(filter(is_durable_name, named), None)

    def _first(self, values: frozenset[Value]) -> Value | None:
        held = sorted(filter(self._durable, values), key=lambda each: (each.sort.name, each.text))
        return held[-1] if held else None

    def _described(self, value: Value) -> str:
        if value.sort is Sort.CLASS:
            name = self._names.files[value.text].scopes[value.scope].symbol
            return f"`{name}`, a Durable Object class of `{value.text}`"
        if value.text.startswith("?."):
            return f"`{value.text[2:]}`, which nothing here defines: a Durable Object class"
        kind = "a module for Durable Objects" if is_of_durable_module(value) else ""
        return f"`{value.text.removesuffix('[]')}`, {kind or 'a Durable Object class'}"

    def _finding(
        self, place: Place, found: Value, message: str, quoted: str, trail: Trail | None
    ) -> Finding | None:
        name = (
            found.text.removesuffix("[]").rpartition(".")[2]
            if is_durable_name(found)
            else str(found.scope)
        )
        return self._sheet.finding(place, name, message, quoted, FIX, trail)

    def _trail(self, way: tuple[tuple[str, int], ...]) -> Trail | None:
        """The way that a value came, where it came through other files."""
        if all(path == self._path for path, _ in way):
            return None
        return Trail(tuple(f"{path}:{line}  {self._line_of(path, line)}" for path, line in way))


def _reads_by_name(node: Node) -> bool:
    return node.kind is Kind.CALL and node.parts[0].text in ("getattr", *OWN_READERS)


def _is_type(node: Node, parent: Node) -> bool:
    """Whether a string is said under the key, or the keyword, `type`."""
    if parent.kind is Kind.KEYWORD:
        return parent.text in _TYPES
    pairs = zip(parent.parts, parent.parts[1:], strict=False) if parent.kind is Kind.DICT else ()
    return any(value is node and key.text in _TYPES for key, value in pairs)


def _runs_script(function: str) -> bool:
    """Whether a function of JavaScript, or of pyodide, runs the text it is given."""
    root, _, name = function.removesuffix(".new").partition(".")
    evaluates = root == "js" and name.rpartition(".")[2] in _EVALUATES
    return evaluates or function.endswith(_SCRIPTED)
