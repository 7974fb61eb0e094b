"""What strings an expression of Python can be, as far as constants go."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

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
from gatekeeper.source.python import Import
from gatekeeper.source.python_tree import NOTHING, Kind, Node

_DEEPEST = 40
_MARKS = re.compile(r"[?(), ]*\?[?(), ]*")
_SAME = frozenset({"text", "dedent", "cleandoc", "str", "SQL", "TextClause", "cast"})
_STRIPS = frozenset({"strip", "lstrip", "rstrip", "encode", "decode"})
_OWN = frozenset({"self", "cls"})


class Folding:
    """Reads expressions of one file; names of other files stay holes that say which they are."""

    def __init__(self, imports: Mapping[str, Import]) -> None:
        self._imports = imports

    def options(self, node: Node, scope: Scope, depth: int = 0) -> Options:
        """The strings that an expression can be."""
        reader = _READERS.get(node.kind)
        if reader is None or depth > _DEEPEST:
            return unknown(_shown(node))
        found = reader(self, node, scope, depth + 1)
        return found if 0 < len(found) <= MOST else unknown(_shown(node))

    def _string(self, node: Node, scope: Scope, depth: int) -> Options:
        del scope, depth
        return said(node.text)

    def _joined(self, node: Node, scope: Scope, depth: int) -> Options:
        return joined(self.options(part, scope, depth) for part in node.parts)

    def _formatted(self, node: Node, scope: Scope, depth: int) -> Options:
        if node.text not in ("", "s") or len(node.parts) > 1:
            return unknown(_shown(node.parts[0]))
        return self.options(node.parts[0], scope, depth)

    def _binary(self, node: Node, scope: Scope, depth: int) -> Options:
        left = self.options(node.parts[0], scope, depth)
        if node.text == "+":
            return joined((left, self.options(node.parts[1], scope, depth)))
        text = constant(left[0])
        if node.text != "%" or text is None or node.parts[0].kind is Kind.NUMBER:
            return unknown(_shown(node))
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
            return unknown(node.text)
        imported = self._imports.get(node.text) if held.above is None else None
        if imported is not None and node.text not in held.values:
            return unknown(_reference(imported, ""))
        return self._value(node.text, held, depth)

    def _value(self, name: str, scope: Scope, depth: int) -> Options:
        values = scope.values.get(name, ())
        if not values or name in scope.bound or name in scope.added:
            return unknown(name)
        held = (self.options(value, scope, depth) for value in values)
        return tuple(dict.fromkeys(each for options in held for each in options))

    def _attribute(self, node: Node, scope: Scope, depth: int) -> Options:
        owner = node.parts[0]
        if owner.kind is not Kind.NAME:
            return unknown(_shown(node))
        if owner.text in _OWN:
            around = scope.around(Kind.CLASS)
            return unknown(_shown(node)) if around is None else self._of(around, node, depth)
        held = scope.holding(owner.text)
        if held is not None and owner.text in held.classes:
            return self._of(held.classes[owner.text], node, depth)
        imported = self._imports.get(owner.text)
        if imported is None or (held is not None and held.above is not None):
            return unknown(_shown(node))
        return unknown(_reference(imported, node.text))

    def _of(self, scope: Scope, node: Node, depth: int) -> Options:
        if node.text not in scope.values:
            return unknown(_shown(node))
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
            if name in _STRIPS and not positional:
                return self.options(owner, scope, depth)
            if name == "replace" and len(positional) > 1:
                return self._replaced(owner, positional, scope, depth)
        if name in _SAME and positional:
            return self.options(positional[-1 if name == "cast" else 0], scope, depth)
        return unknown(_shown(node))

    def _format(self, owner: Node, arguments: list[Node], scope: Scope, depth: int) -> Options:
        text = constant(self.options(owner, scope, depth)[0])
        if text is None:
            return unknown(_shown(owner))
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
            return unknown(_shown(owner))
        return said(whole.replace(old, new))

    def _join(self, owner: Node, listed: Node, scope: Scope, depth: int) -> Options:
        """A list that is known; or any number of placeholders, for which one stands."""
        between = constant(self.options(owner, scope, depth)[0])
        if between is None:
            return unknown("join")
        repeated = self._repeated(listed, scope, depth)
        if repeated is not None and between.strip() == "," and _MARKS.fullmatch(repeated):
            return said(repeated)
        if listed.kind is Kind.NAME:
            held = scope.holding(listed.text)
            values = held.values.get(listed.text, []) if held is not None else []
            if held is None or len(values) != 1 or listed.text in (*held.added, *held.bound):
                return unknown(listed.text)
            return self._join(owner, values[0], held, depth)
        if listed.kind is not Kind.LIST or any(each.kind is Kind.STAR for each in listed.parts):
            return unknown(_shown(listed))
        parts: list[Options] = []
        for number, each in enumerate(listed.parts):
            parts += [said(between)] if number else []
            parts.append(self.options(each, scope, depth))
        return joined(parts)

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


def _reference(imported: Import, attribute: str) -> str:
    """`module:name` of what an import, or an attribute of it, stands for."""
    if not imported.name:
        return f"{imported.module}:{attribute}"
    name = f"{imported.name}.{attribute}" if attribute else imported.name
    return f"{imported.module}:{name}"


def _shown(node: Node) -> str:
    """An expression for people, in short."""
    if node.kind is Kind.NAME:
        return node.text
    if node.kind is Kind.ATTRIBUTE:
        return f"{_shown(node.parts[0])}.{node.text}"
    if node.kind is Kind.CALL:
        return f"{_shown(node.parts[0])}(…)"
    return "…" if node is NOTHING else node.kind.value


Reader = Callable[[Folding, Node, Scope, int], Options]

_READERS: Mapping[Kind, Reader] = {
    Kind.STRING: Folding._string,
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
