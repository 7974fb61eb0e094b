"""The names of a Python file that stand for strings: where each is bound, and to what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatekeeper.source.code_tree import Kind, Node, walk
from gatekeeper.source.python import Import
from gatekeeper.value import dataclass, field

_GROWS = frozenset({"append", "extend", "insert"})
_SCOPES = frozenset({Kind.MODULE, Kind.CLASS, Kind.FUNCTION, Kind.LAMBDA})


@dataclass(frozen=True, eq=False)
class Scope:
    """A module, class or function.

    `values` are what names are assigned, `added` what is put behind them later (`+=`), `grown` what
    is put into lists later, `bound` the names that something else binds: a parameter, a loop, an
    import.
    """

    kind: Kind
    name: str
    above: Scope | None
    values: dict[str, list[Node]] = field(default_factory=dict)
    added: dict[str, list[Node]] = field(default_factory=dict)
    grown: dict[str, list[Node]] = field(default_factory=dict)
    bound: dict[str, Node] = field(default_factory=dict)
    classes: dict[str, Scope] = field(default_factory=dict)

    @property
    def symbol(self) -> str:
        """Its dotted name in the file."""
        above = self.above.symbol if self.above is not None else ""
        return f"{above}.{self.name}".strip(".")

    def holding(self, name: str) -> Scope | None:
        """The scope that a name used here belongs to.

        Names of a class are seen right in it alone, those of an object of a script nowhere.
        """
        scope: Scope | None = self
        while scope is not None:
            seen = scope.kind is not Kind.OBJECT and (scope is self or scope.kind is not Kind.CLASS)
            if seen and (name in scope.values or name in scope.bound or name in scope.classes):
                return scope
            scope = scope.above
        return None

    def around(self, kind: Kind) -> Scope | None:
        """The nearest scope of a kind that this lies in."""
        scope: Scope | None = self
        while scope is not None and scope.kind is not kind:
            scope = scope.above
        return scope


def entered(node: Node, above: Scope | None, imports: Iterable[Import] = ()) -> Scope:
    """The scope that a node opens, with all that its own statements bind."""
    scope = Scope(node.kind, node.text, above)
    for each in imports:
        scope.bound[each.alias or each.name or each.module.partition(".")[0]] = node
    for part in inside(node):
        if part.kind is Kind.CALL and part.parts[0].kind is Kind.ATTRIBUTE:
            _grow(part, scope)
        else:
            _bind(part, scope)
    return scope


def inside(node: Node) -> Iterator[Node]:
    """All nodes of a scope, without those of the scopes in it but with these themselves."""
    waiting = list(reversed(node.parts))
    while waiting:
        current = waiting.pop()
        yield current
        if current.kind not in _SCOPES:
            waiting.extend(reversed(current.parts))


def _bind(node: Node, scope: Scope) -> None:
    if node.kind in (Kind.ASSIGN, Kind.DECLARE):
        for target, value in _assigned(node):
            _assign(target, value, scope)
    elif node.kind is Kind.AUGMENT and node.parts[0].kind is Kind.NAME:
        scope.added.setdefault(node.parts[0].text, []).append(node.parts[1])
    elif node.kind is Kind.TAKE:
        for each in walk(node.parts[-1]):
            if each.kind is Kind.NAME:
                scope.bound[each.text] = node
    elif node.kind in (Kind.PARAMETER, Kind.CAPTURE, Kind.FUNCTION):
        scope.bound[node.text] = node


def _grow(node: Node, scope: Scope) -> None:
    """`parts.append(…)`; what `extend` and `insert` are given is not known."""
    function, *arguments = node.parts
    owner = function.parts[0]
    if function.text in _GROWS and owner.kind is Kind.NAME and arguments:
        given = arguments[0] if function.text == "append" else function
        scope.grown.setdefault(owner.text, []).append(given)


def _assigned(node: Node) -> Iterator[tuple[Node, Node]]:
    """Targets with their value; a declaration may have none."""
    if node.kind is Kind.ASSIGN:
        yield from ((target, node.parts[0]) for target in node.parts[1:])
        return
    target, _, *value = node.parts
    yield from ((target, each) for each in value if each.line)


def _assign(target: Node, value: Node, scope: Scope) -> None:
    if target.kind is Kind.NAME and leftmost(value) == target.text:
        scope.added.setdefault(target.text, []).append(value)
    elif target.kind is Kind.NAME:
        scope.values.setdefault(target.text, []).append(value)
    elif target.kind is Kind.LIST:
        for each in walk(target):
            if each.kind is Kind.NAME:
                scope.bound[each.text] = value


def leftmost(node: Node) -> str:
    """The name that a concatenation begins with."""
    while node.kind in (Kind.BINARY, Kind.JOINED, Kind.FORMATTED) and node.parts:
        node = node.parts[0]
    return node.text if node.kind is Kind.NAME else ""
