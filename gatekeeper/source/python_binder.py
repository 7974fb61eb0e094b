"""Collects the scopes of one Python file from its tree, without recursion."""

from __future__ import annotations

from gatekeeper.source.code_scopes import (
    BASES,
    MODULE,
    RETURNED,
    Binding,
    Bound,
    Scope,
    Scopes,
    Use,
)
from gatekeeper.source.code_tree import NOTHING, Kind, Node

_CLASSES = frozenset({Kind.CLASS, Kind.OBJECT})
_SCOPED = _CLASSES | {Kind.FUNCTION, Kind.LAMBDA}
_USED = frozenset({Kind.NAME, Kind.ATTRIBUTE, Kind.CALL, Kind.SUBSCRIPT})
_FOLDED = frozenset({Kind.STRING, Kind.JOINED, Kind.BINARY})


def scopes_of(tree: Node) -> Scopes:
    """Read off the scopes of a file's tree."""
    binder = _Binder()
    binder.visit(tree)
    return binder.result()


class _Binder:
    def __init__(self) -> None:
        self._scopes = [Scope(-1, "", is_class=False)]
        self._uses: list[Use] = []
        self._stars: list[Binding] = []
        self._imports: list[tuple[Binding, int]] = []
        self._lambdas: dict[int, int] = {}
        self._found: list[tuple[int, str, Binding]] = []
        self._free: list[tuple[int, str, Binding]] = []
        self._into = self._found
        self._waiting: list[tuple[Node, int, Node]] = []

    def visit(self, tree: Node) -> None:
        self._push(tree.parts, MODULE, tree)
        while self._waiting:
            node, scope, parent = self._waiting.pop()
            self._visit(node, scope, parent)

    def result(self) -> Scopes:
        bound = {(scope, name) for scope, name, _ in self._found}
        for scope, name, binding in self._found:
            home = self._home(scope, name, bound)
            self._scopes[home].names.setdefault(name, []).append(binding)
        for scope, name, binding in self._free:
            home = self._declaring(scope, name, bound)
            self._scopes[home].names.setdefault(name, []).append(binding)
        uses = sorted(self._uses, key=lambda use: (use.node.line, use.node.column))
        stars, imports = tuple(self._stars), tuple(self._imports)
        return Scopes(tuple(self._scopes), tuple(uses), stars, imports, self._lambdas)

    def _home(self, scope: int, name: str, bound: set[tuple[int, str]]) -> int:
        """Where a name that `scope` binds lives: `global` and `nonlocal` send it elsewhere."""
        everywhere = self._scopes[scope].outer.get(name)
        if everywhere is None:
            return scope
        if everywhere:
            return MODULE
        home = max(self._scopes[scope].parent, MODULE)
        while home and ((home, name) not in bound or name in self._scopes[home].outer):
            home = max(self._scopes[home].parent, MODULE)
        return home

    def _declaring(self, scope: int, name: str, bound: set[tuple[int, str]]) -> int:
        """Where a name lives that is set and not declared: around `scope`, else in the module."""
        while scope > MODULE and not self._scopes[scope].is_class and (scope, name) not in bound:
            scope = self._scopes[scope].parent
            while scope > MODULE and self._scopes[scope].is_class:
                scope = self._scopes[scope].parent
        return scope

    def _push(self, nodes: tuple[Node, ...], scope: int, parent: Node) -> None:
        if nodes:
            self._waiting += [(node, scope, parent) for node in nodes[::-1]]

    def _bind(self, scope: int, name: str, binding: Binding) -> None:
        self._into.append((scope, name, binding))

    def _visit(self, node: Node, scope: int, parent: Node) -> None:
        kind = node.kind
        if kind in _SCOPED:
            self._enter(node, scope)
        elif kind in _STATEMENTS:
            _STATEMENTS[kind](self, node, scope)
        elif kind in _USED or (kind in _FOLDED and parent.kind not in _FOLDED):
            self._uses.append(Use(node, scope, parent))
            self._push(node.parts, scope, node)
        else:
            self._push(node.parts, scope, parent if kind is Kind.CHOICE else node)

    # -- scopes

    def _enter(self, node: Node, scope: int) -> None:
        decorators, second, *rest = node.parts
        outer = self._scopes[scope]
        symbol = ".".join(part for part in (outer.symbol, node.text) if part)
        number = len(self._scopes)
        is_class = node.kind in _CLASSES
        self._scopes.append(Scope(scope, symbol, is_class=is_class))
        self._scopes[number].is_decorated = bool(decorators.parts)
        self._scopes[number].closed = node.kind is Kind.OBJECT
        self._lambdas[id(node)] = number
        self._push(decorators.parts, scope, decorators)
        if is_class:
            self._bind(scope, node.text, Binding(Bound.CLASS, node, number))
            self._class_bases(second, scope, number)
        else:
            if node.text:
                self._bind(scope, node.text, Binding(Bound.FUNCTION, node, number))
            self._parameters(second, scope, number)
            self._push(rest[0].parts, scope, rest[0])
        self._push(rest[-1].parts, number, rest[-1])

    def _class_bases(self, bases: Node, scope: int, number: int) -> None:
        for base in bases.parts:
            if base.kind is not Kind.KEYWORD:
                self._bind(number, BASES, Binding(Bound.VALUE, base, scope))
        self._push(bases.parts, scope, bases._replace(text=self._scopes[number].symbol))

    def _parameters(self, parameters: Node, scope: int, number: int) -> None:
        for place, parameter in enumerate(parameters.parts):
            default = parameter.parts[0]
            self._bind(number, parameter.text, Binding(Bound.UNKNOWN, parameter, number))
            if default != NOTHING:
                self._bind(number, parameter.text, Binding(Bound.VALUE, default, scope))
                self._push((default,), scope, parameter)
            if place == 0 and self._scopes[scope].is_class:
                self._scopes[number].receiver = (parameter.text, scope)

    # -- statements

    def _import(self, node: Node, scope: int) -> None:
        bound = node.parts[0].text if node.parts else node.text.partition(".")[0]
        module = node.text if node.parts else bound
        binding = Binding(Bound.IMPORT, node, scope, module)
        self._imports.append((binding._replace(module=node.text), scope))
        self._bind(scope, bound, binding)

    def _from(self, node: Node, scope: int) -> None:
        for alias in node.parts:
            binding = Binding(Bound.FROM, alias, scope, node.text, alias.text)
            self._imports.append((binding, scope))
            if alias.text == "*":
                self._stars.append(binding)
            else:
                self._bind(scope, alias.parts[0].text if alias.parts else alias.text, binding)

    def _assign(self, node: Node, scope: int) -> None:
        value, *targets = node.parts
        self._into = self._free if node.text else self._found
        followed = [self._target(target, value, scope) for target in targets]
        self._into = self._found
        apart = all(target.kind is Kind.LIST for target in targets)
        self._assigned(value, scope, node if all(followed) else NOTHING, apart=apart)

    def _declare(self, node: Node, scope: int) -> None:
        target, annotation, value = node.parts
        followed = self._target(target, value, scope)
        self._push((annotation,), scope, node)
        self._assigned(value, scope, node if followed else NOTHING, apart=False)

    def _assigned(self, value: Node, scope: int, parent: Node, *, apart: bool) -> None:
        """Look into what is assigned; item by item where each has a target of its own."""
        apart = apart and parent != NOTHING and value.kind is Kind.LIST
        self._push(value.parts if apart else (value,), scope, parent)

    def _augment(self, node: Node, scope: int) -> None:
        target, value = node.parts
        made = Node(Kind.BINARY, node.line, node.column, node.text, (target, value))
        self._target(target, made, scope)
        self._push((value,), scope, NOTHING)

    def _take(self, node: Node, scope: int) -> None:
        source, target = node.parts
        if source.kind is Kind.LIST:
            followed = [self._target(target, item, scope) for item in source.parts]
            self._assigned(source, scope, node if all(followed) else NOTHING, apart=True)
        else:
            self._target(target, NOTHING, scope)
            self._push((source,), scope, NOTHING)

    def _target(self, target: Node, value: Node, scope: int) -> bool:
        """Bind what a target names; whether whoever reads it can be followed to the value."""
        bound = Bound.UNKNOWN if value == NOTHING else Bound.VALUE
        if target.kind is Kind.NAME:
            self._bind(scope, target.text, Binding(bound, value, scope))
            return True
        if target.kind is Kind.ATTRIBUTE:
            self._push(target.parts, scope, target)
            return self._member(target, Binding(bound, value, scope))
        if target.kind in (Kind.LIST, Kind.STAR):
            return self._unpack(target, value, scope)
        self._push(target.parts, scope, target)
        return False

    def _unpack(self, target: Node, value: Node, scope: int) -> bool:
        plain = all(part.kind is not Kind.STAR for part in target.parts + value.parts)
        paired = value.kind is target.kind is Kind.LIST and len(value.parts) == len(target.parts)
        if plain and paired:
            pairs = zip(target.parts, value.parts, strict=True)
            followed = [self._target(each, item, scope) for each, item in pairs]
            return all(followed)
        for each in target.parts:
            self._target(each, NOTHING, scope)
        return False

    def _member(self, target: Node, binding: Binding) -> bool:
        """`self.name = value` in a method binds a name of the class."""
        owner = target.parts[0]
        held = self._scopes[binding.scope]
        if owner.kind is not Kind.NAME or owner.text != held.receiver[0]:
            return False
        self._bind(held.receiver[1], target.text, binding)
        return True

    def _return(self, node: Node, scope: int) -> None:
        value = node.parts[0]
        self._bind(scope, RETURNED, Binding(Bound.VALUE, value, scope))
        self._push((value,), scope, node)

    def _capture(self, node: Node, scope: int) -> None:
        self._bind(scope, node.text, Binding(Bound.UNKNOWN, node, scope))

    def _global(self, node: Node, scope: int) -> None:
        self._scopes[scope].outer.update({part.text: True for part in node.parts})

    def _nonlocal(self, node: Node, scope: int) -> None:
        self._scopes[scope].outer.update({part.text: False for part in node.parts})

    def _annotation(self, node: Node, scope: int) -> None:
        self._push((_unquoted(node.parts[0]),), scope, node)


def _unquoted(node: Node) -> Node:
    """An annotation with what it holds in quotation marks read as code."""
    if node.kind is Kind.STRING:
        from gatekeeper.source.python_ast import read_expression

        try:
            return read_expression(node.text, node.line, node.column)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return node
    if node.kind in (Kind.SUBSCRIPT, Kind.LIST, Kind.BINARY, Kind.OTHER):
        return node._replace(parts=tuple(map(_unquoted, node.parts)))
    return node


_STATEMENTS = {
    Kind.IMPORT: _Binder._import,
    Kind.FROM: _Binder._from,
    Kind.ASSIGN: _Binder._assign,
    Kind.DECLARE: _Binder._declare,
    Kind.AUGMENT: _Binder._augment,
    Kind.TAKE: _Binder._take,
    Kind.RETURN: _Binder._return,
    Kind.CAPTURE: _Binder._capture,
    Kind.GLOBAL: _Binder._global,
    Kind.NONLOCAL: _Binder._nonlocal,
    Kind.ANNOTATION: _Binder._annotation,
}
