"""The names of a script that stand for strings: in which block each is bound, and to what."""

from __future__ import annotations

from gatekeeper.migrations.query_scopes import Scope, leftmost
from gatekeeper.source.code_tree import Kind, Node
from gatekeeper.source.script_frame import EXPORT

_OWN = frozenset({Kind.CLASS, Kind.OBJECT, Kind.FUNCTION, Kind.LAMBDA})
_GROWS = frozenset({"push", "unshift", "splice", "fill", "reverse", "sort", "copyWithin"})
_FUNCTIONS = frozenset({Kind.FUNCTION, Kind.LAMBDA})
_TAKES = frozenset({Kind.IMPORT, Kind.FROM})


class ScriptScopes:
    """The scopes of a script, by the nodes that open them: modules, functions, classes, blocks.

    Names of a namespace or an enumeration are seen in it; those of a class or an object literal
    are not. `stars` are the modules that are passed on as a whole.
    """

    def __init__(self, tree: Node) -> None:
        self.module = Scope(Kind.MODULE, "", None)
        self.stars: list[str] = []
        self._held: dict[int, Scope] = {id(tree): self.module}
        self._names: dict[int, str] = {}
        later: list[tuple[Node, Scope]] = []
        waiting = [(part, self.module) for part in reversed(tree.parts)]
        while waiting:
            node, around = waiting.pop()
            inner = self._entered(node, around)
            if not self._bound(node, around):
                later.append((node, around))
            waiting += [(part, inner) for part in reversed(node.parts)]
        for node, around in later:
            _change(node, around)

    def of(self, node: Node) -> Scope | None:
        """The scope that a node opens, None for none."""
        return self._held.get(id(node))

    def _entered(self, node: Node, around: Scope) -> Scope:
        if node.kind not in _OWN and not _is_block(node):
            return around
        kind = node.kind if node.kind in _OWN and node.kind is not Kind.CLASS else Kind.FUNCTION
        name = node.text or self._names.get(id(node), "") if node.kind in _OWN else ""
        made = Scope(kind, name, around)
        self._held[id(node)] = made
        if node.kind in (Kind.CLASS, Kind.OBJECT) and node.text:
            around.classes[node.text] = made
        return made

    def _bound(self, node: Node, scope: Scope) -> bool:
        """Bind what a node declares; False for what only changes a name."""
        if node.kind is Kind.ASSIGN and node.parts[-1].text.startswith(EXPORT):
            self._declare(node, self.module if node.text == "=" else scope)
        elif node.kind is Kind.ASSIGN and node.text != "=":
            self._declare(node, scope)
        elif node.kind in (Kind.TAKE, Kind.CAPTURE):
            scope.bound[node.parts[-1].text if node.parts else node.text] = node
        elif node.kind in _FUNCTIONS:
            if node.text and scope.kind is not Kind.OBJECT:
                scope.bound[node.text] = node
            made = self._held[id(node)]
            made.bound.update((each.text, each) for each in node.parts[1].parts)
        elif node.kind in _TAKES:
            self._take(node, scope)
        else:
            return node.kind not in (Kind.ASSIGN, Kind.AUGMENT, Kind.CALL)
        return True

    def _declare(self, node: Node, scope: Scope) -> None:
        value, *targets = node.parts
        for target in targets:
            if target.kind is Kind.NAME:
                self._names[id(value)] = target.text
                held = scope.values.setdefault(target.text, [])
                held += [value] if value.line else []

    def _take(self, node: Node, scope: Scope) -> None:
        alias = node.parts[0]
        if node.kind is Kind.IMPORT:
            scope.bound[alias.text] = node
        elif alias.parts:
            scope.bound[alias.parts[0].text] = node
        else:
            self.stars.append(node.text)


def _is_block(node: Node) -> bool:
    """Whether it is a block, or a loop; groups without a place are what a function consists of."""
    if node.kind is Kind.GROUP:
        return bool(node.line)
    return node.kind is Kind.OTHER and bool(node.parts) and node.parts[0].kind is Kind.TAKE


def _change(node: Node, scope: Scope) -> None:
    """What puts more behind a name, or another value in its place, from wherever it stands."""
    if node.kind is Kind.CALL:
        _grow(node, scope)
        return
    target = node.parts[0] if node.kind is Kind.AUGMENT else node.parts[-1]
    held = scope.holding(target.text) if target.kind is Kind.NAME else None
    if held is None:
        return
    value = node.parts[1] if node.kind is Kind.AUGMENT else node.parts[0]
    if node.kind is Kind.AUGMENT or leftmost(value) == target.text:
        held.added.setdefault(target.text, []).append(value)
    elif value.line:
        held.values.setdefault(target.text, []).append(value)


def _grow(node: Node, scope: Scope) -> None:
    function, *arguments = node.parts
    if function.kind is not Kind.ATTRIBUTE or function.text not in _GROWS:
        return
    owner = function.parts[0]
    held = scope.holding(owner.text) if owner.kind is Kind.NAME else None
    if held is not None:
        plain = function.text == "push" and all(each.kind is not Kind.STAR for each in arguments)
        held.grown.setdefault(owner.text, []).extend(arguments if plain else [function])
