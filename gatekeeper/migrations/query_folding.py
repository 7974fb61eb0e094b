"""What strings an expression of Python can be, as far as constants go."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from gatekeeper.migrations.query_nodes import added, named, reference, shown
from gatekeeper.migrations.query_pieces import (
    MOST,
    Options,
    constant,
    formatted,
    joined,
    percented,
    said,
    unknown,
)
from gatekeeper.migrations.query_scopes import Scope
from gatekeeper.source.code_tree import Kind, Node
from gatekeeper.source.python import Import

_DEEPEST = 40
_MOST_READ = 1_000_000
_Key = tuple[int, str, str | None]
MARKS = re.compile(r"[?(), ]*\?[?(), ]*")
_SAME = frozenset({"text", "dedent", "cleandoc", "str", "SQL", "TextClause", "cast"})
_STRIPS = frozenset({"strip", "lstrip", "rstrip", "encode", "decode"})
_CODES = frozenset({"encode", "decode"})
_OWN = frozenset({"self", "cls"})


class TooMuch(Exception):
    """The strings of a file take too long to follow."""


class Folding:
    """Reads expressions of one file; names of other files stay holes that say which they are."""

    def __init__(self, imports: Mapping[str, Import]) -> None:
        self._imports = imports
        self.in_steps = False
        self._left = _MOST_READ
        self._named_once: dict[_Key, tuple[Options, bool] | None] = {}

    def read(self, node: Node, scope: Scope) -> tuple[Options, bool]:
        """The strings that an expression can be, and whether steps of it may be left out.

        Raises `TooMuch`.
        """
        self.in_steps = False
        return self.options(node, scope), self.in_steps

    def is_known(self, node: Node, scope: Scope) -> bool:
        """Whether an expression is a constant in every way; raises `TooMuch`."""
        return all(constant(each) is not None for each in self.options(node, scope))

    def options(self, node: Node, scope: Scope, depth: int = 0) -> Options:
        """The strings that an expression can be; raises `TooMuch`."""
        self._left -= 1
        if self._left < 0:
            raise TooMuch
        found = self.folded(node, scope, depth + 1) if depth <= _DEEPEST else ()
        return found if 0 < len(found) <= MOST else unknown(shown(node))

    def folded(self, node: Node, scope: Scope, depth: int) -> Options:
        """The strings that an expression can be; none where it is not read."""
        reader = _READERS.get(node.kind)
        return () if reader is None else reader(self, node, scope, depth)

    def _string(self, node: Node, scope: Scope, depth: int) -> Options:
        del scope, depth
        return said(node.text)

    def _bytes(self, node: Node, scope: Scope, depth: int) -> Options:
        del scope, depth
        return said(node.text.encode("latin-1", "replace").decode("utf-8", "replace"))

    def _joined(self, node: Node, scope: Scope, depth: int) -> Options:
        return joined(self.options(part, scope, depth) for part in node.parts)

    def _formatted(self, node: Node, scope: Scope, depth: int) -> Options:
        if node.text not in ("", "s") or len(node.parts) > 1:
            return unknown(shown(node.parts[0]))
        return self.options(node.parts[0], scope, depth)

    def _binary(self, node: Node, scope: Scope, depth: int) -> Options:
        if node.text == "+":
            return joined(self.options(each, scope, depth) for each in added(node))
        left = self.options(node.parts[0], scope, depth)
        text = constant(left[0])
        if node.text != "%" or text is None or node.parts[0].kind is Kind.NUMBER:
            return unknown(shown(node))
        right = node.parts[1]
        if right.kind is Kind.DICT:
            return percented(text, (), self._named(right, scope, depth))
        given = right.parts if right.kind is Kind.LIST else (right,)
        return percented(text, [self.options(each, scope, depth) for each in given], {})

    def _named(self, node: Node, scope: Scope, depth: int) -> dict[str, Options]:
        pairs = zip(node.parts[::2], node.parts[1::2], strict=False)
        return {
            key.text: self.options(value, scope, depth)
            for key, value in pairs
            if key.kind is Kind.STRING
        }

    def _choice(self, node: Node, scope: Scope, depth: int) -> Options:
        first, *parts = node.parts
        # `a if test else b` comes as a, b, test; what stands before b is no value.
        if parts[1:] and (parts[1].line, parts[1].column) < (parts[0].line, parts[0].column):
            parts.pop()
        parts.insert(0, first)
        held = (self.options(part, scope, depth) for part in parts)
        return tuple(dict.fromkeys(each for options in held for each in options))

    def _inner(self, node: Node, scope: Scope, depth: int) -> Options:
        return self.options(node.parts[0], scope, depth)

    def _name(self, node: Node, scope: Scope, depth: int) -> Options:
        held = scope.holding(node.text)
        if held is None:
            return unknown(named(node.text))
        imported = self._imports.get(node.text) if held.above is None else None
        if imported is not None and node.text not in held.values:
            return unknown(reference(imported, ""))
        return self._value(node.text, held, depth)

    def _once(self, key: _Key, make: Callable[[], Options]) -> Options:
        """What a name stands for, made once; nothing known where it stands for itself."""
        if key not in self._named_once:
            self._named_once[key] = None
            before, self.in_steps = self.in_steps, False
            self._named_once[key] = make(), self.in_steps
            self.in_steps |= before
        found = self._named_once[key]
        if found is None:
            return unknown(key[1])
        self.in_steps |= found[1]
        return found[0]

    def _value(self, name: str, scope: Scope, depth: int) -> Options:
        key = id(scope), name, None
        return self._once(key, lambda: self._valued(name, scope, depth))

    def _valued(self, name: str, scope: Scope, depth: int) -> Options:
        values = scope.values.get(name, ())
        if not values or name in scope.bound:
            return unknown(named(name))
        if name in scope.added:
            return self._in_steps(name, "", [*values, *scope.added[name]], scope, depth)
        held = (self.options(value, scope, depth) for value in values)
        return tuple(dict.fromkeys(each for options in held for each in options))

    def _attribute(self, node: Node, scope: Scope, depth: int) -> Options:
        owner = node.parts[0]
        if owner.kind is not Kind.NAME:
            return unknown(shown(node))
        if owner.text in _OWN:
            around = scope.around(Kind.CLASS)
            return unknown(shown(node)) if around is None else self._of(around, node, depth)
        held = scope.holding(owner.text)
        if held is not None and owner.text in held.classes:
            return self._of(held.classes[owner.text], node, depth)
        imported = self._imports.get(owner.text)
        if imported is None or (held is not None and held.above is not None):
            return unknown(shown(node))
        return unknown(reference(imported, node.text))

    def _of(self, scope: Scope, node: Node, depth: int) -> Options:
        if node.text not in scope.values:
            return unknown(shown(node))
        return self._value(node.text, scope, depth)

    def _call(self, node: Node, scope: Scope, depth: int) -> Options:
        function, *arguments = node.parts
        positional = [each for each in arguments if each.kind is not Kind.KEYWORD]
        name = function.text
        if function.kind is Kind.ATTRIBUTE:
            owner = function.parts[0]
            if name == "join" and len(positional) == 1:
                return self._join(owner, positional[0], scope, depth)
            if name == "format":
                return self._format(owner, arguments, scope, depth)
            if name in _STRIPS and (not positional or name in _CODES):
                return self.options(owner, scope, depth)
            if name == "replace" and len(positional) > 1:
                return self._replaced(owner, positional, scope, depth)
        if name in _SAME and positional:
            return self.options(positional[-1 if name == "cast" else 0], scope, depth)
        return unknown(shown(node))

    def _format(self, owner: Node, arguments: list[Node], scope: Scope, depth: int) -> Options:
        text = constant(self.options(owner, scope, depth)[0])
        if text is None:
            return unknown(shown(owner))
        given = [
            self.options(each, scope, depth) for each in arguments if each.kind is not Kind.KEYWORD
        ]
        named = {
            each.text: self.options(each.parts[0], scope, depth)
            for each in arguments
            if each.kind is Kind.KEYWORD
        }
        return formatted(text, given, named)

    def _replaced(self, owner: Node, given: list[Node], scope: Scope, depth: int) -> Options:
        parts = [constant(self.options(each, scope, depth)[0]) for each in (owner, *given[:2])]
        whole, old, new = parts
        if whole is None or not old or new is None:
            return unknown(shown(owner))
        return said(whole.replace(old, new))

    def _join(self, owner: Node, listed: Node, scope: Scope, depth: int) -> Options:
        """A list that is known; or any number of placeholders, for which one stands."""
        between = constant(self.options(owner, scope, depth)[0])
        if between is None:
            return unknown("join")
        repeated = self._repeated(listed, scope, depth)
        if repeated is not None and between.strip() == "," and MARKS.fullmatch(repeated):
            return said(repeated)
        if listed.kind is Kind.NAME:
            return self._join_named(listed, between, scope, depth)
        if listed.kind is not Kind.LIST or any(each.kind is Kind.STAR for each in listed.parts):
            return unknown(shown(listed))
        return self._with_between(between, listed.parts, scope, depth)

    def _join_named(self, listed: Node, between: str, scope: Scope, depth: int) -> Options:
        """A list by its name, with all that is appended to it."""
        name = listed.text
        held = scope.holding(name)
        values = held.values.get(name, []) if held is not None else []
        if held is None or len(values) != 1 or name in (*held.added, *held.bound):
            return unknown(named(name))
        key, owner = (id(held), name, between), held
        return self._once(key, lambda: self._joined_list(name, values[0], between, owner, depth))

    def _joined_list(
        self, name: str, value: Node, between: str, scope: Scope, depth: int
    ) -> Options:
        if name in scope.grown and value.kind is Kind.LIST:
            steps = [*value.parts, *scope.grown[name]]
            return self._in_steps(name, between, steps, scope, depth)
        if name in scope.grown or depth > _DEEPEST:
            return unknown(named(name))
        return self._join(Node(Kind.STRING, 0, 0, between, ()), value, scope, depth + 1)

    def _with_between(
        self, between: str, nodes: Iterable[Node], scope: Scope, depth: int
    ) -> Options:
        parts: list[Options] = []
        for number, each in enumerate(nodes):
            parts += [said(between)] if number else []
            parts.append(self.options(each, scope, depth))
        return joined(parts)

    def _in_steps(
        self, name: str, between: str, steps: list[Node], scope: Scope, depth: int
    ) -> Options:
        """All steps one behind the other, where all of them are constant."""
        self.in_steps = True
        whole = self._with_between(between, steps, scope, depth)
        known = len(whole) == 1 and constant(whole[0]) is not None
        return whole if known else unknown(named(name))

    def _repeated(self, node: Node, scope: Scope, depth: int) -> str | None:
        """What is repeated by `"?" * n`, `["?"] * n` or `"?" for each in …`."""
        if node.kind is Kind.BINARY and node.text == "*":
            node = node.parts[1] if node.parts[0].kind is Kind.NUMBER else node.parts[0]
            if node.kind is Kind.LIST and len(node.parts) == 1:
                node = node.parts[0]
        elif node.kind is Kind.COMPREHENSION:
            node = node.parts[-1]
        else:
            return None
        return constant(self.options(node, scope, depth)[0])


Reader = Callable[[Folding, Node, Scope, int], Options]

_READERS: Mapping[Kind, Reader] = {
    Kind.STRING: Folding._string,
    Kind.BYTES: Folding._bytes,
    Kind.NUMBER: Folding._string,
    Kind.JOINED: Folding._joined,
    Kind.FORMATTED: Folding._formatted,
    Kind.BINARY: Folding._binary,
    Kind.CHOICE: Folding._choice,
    Kind.NAME: Folding._name,
    Kind.ATTRIBUTE: Folding._attribute,
    Kind.CALL: Folding._call,
    Kind.AWAIT: Folding._inner,
    Kind.KEYWORD: Folding._inner,
    Kind.ASSIGN: Folding._inner,
}
