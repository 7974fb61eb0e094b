"""Which declaration each name of a script means, by the blocks and functions it stands in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cached_property

from gatekeeper.source.script_chains import bare, is_function
from gatekeeper.source.script_syntax import NOTHING, Syntax, walk
from gatekeeper.source.script_targets import named_in, targets_of
from gatekeeper.value import dataclass, field

_BLOCKS = frozenset(
    {
        *("program", "statement_block", "for_statement", "for_in_statement", "catch_clause"),
        *("switch_body", "class_body", "class_static_block"),
    }
)
_IMPORTS = frozenset({"import_specifier", "namespace_import", "import_clause"})
_ASSIGNS = frozenset({"assignment_expression", "augmented_assignment_expression"})
_NAMES = frozenset({"identifier", "shorthand_property_identifier"})
_UNREAD = frozenset({"import_specifier", "import_clause", "namespace_import"})


class Declares(Enum):
    """How a name is declared."""

    PARAMETER = "a parameter"
    VALUE = "a variable"
    FUNCTION = "a function"
    CLASS = "a class"
    IMPORT = "something of another module"
    OTHER = "an enumeration, a namespace, a caught error"


_ROLES: Mapping[str, Declares] = {
    **dict.fromkeys(("function_declaration", "generator_function_declaration"), Declares.FUNCTION),
    **dict.fromkeys(("class_declaration", "abstract_class_declaration", "class"), Declares.CLASS),
    **dict.fromkeys(("enum_declaration", "internal_module", "import_alias"), Declares.OTHER),
}


@dataclass(frozen=True, eq=False)
class Declared:
    """A declaration: `name` is the identifier, `node` the declarator, function, class or specifier.

    `value` is what is bound, NOTHING where only running tells; where a pattern takes it apart,
    `way` are the names that lead to it (empty ones for places in arrays, `...` for a rest).
    """

    name: Syntax
    role: Declares
    node: Syntax
    scope: Syntax
    value: Syntax = NOTHING
    way: tuple[str, ...] = ()

    @property
    def key(self) -> int:
        """What tells it from all others of its tree."""
        return id(self.name)


@dataclass(frozen=True, eq=False)
class Lexical:
    """The names of a script; pieces of its tree are told apart by `id`."""

    tree: Syntax
    _scopes: dict[int, dict[str, list[Declared]]] = field(default_factory=dict)
    _known: dict[int, Declared | None] = field(default_factory=dict)

    @cached_property
    def parents(self) -> dict[int, Syntax]:
        """What each piece stands in, by its `id`."""
        return {id(part): each for each in walk(self.tree) for part in each.parts}

    def parent(self, node: Syntax) -> Syntax:
        """What a piece stands in; NOTHING for the whole."""
        return self.parents.get(id(node), NOTHING)

    def above(self, node: Syntax) -> Iterator[Syntax]:
        """What a piece stands in, the nearest first."""
        current = self.parents.get(id(node))
        while current is not None:
            yield current
            current = self.parents.get(id(current))

    def function_of(self, node: Syntax) -> Syntax:
        """The nearest function around a piece, or the whole script."""
        return next((each for each in self.above(node) if is_function(each)), self.tree)

    # -- declarations

    @cached_property
    def declarations(self) -> dict[int, Declared]:
        """Every declaration by its key."""
        found = {}
        for node in walk(self.tree):
            for each in self._of(node):
                found[each.key] = each
                names = self._scopes.setdefault(id(each.scope), {})
                names.setdefault(each.name.text, []).append(each)
        return found

    def _of(self, node: Syntax) -> Iterator[Declared]:
        kind = node.type
        if kind == "variable_declarator":
            yield from self._variables(node)
        elif kind in _IMPORTS:
            yield from self._imported(node)
        elif kind in _ROLES and node.of("name").type:
            role = _ROLES[kind]
            value = NOTHING if role is Declares.OTHER else node
            yield Declared(node.of("name"), role, node, self._scope(node), value)
        elif kind == "catch_clause":
            yield from _held(node, node.of("parameter"), Declares.OTHER, ())
        elif kind == "for_in_statement" and node.of("kind").text:
            yield from _held(node, node.of("left"), Declares.VALUE, ("",))
        if is_function(node):
            yield from self._parameters(node)

    def _variables(self, node: Syntax) -> Iterator[Declared]:
        scope = self._scope(node, is_var=self.parent(node).type == "variable_declaration")
        for name, way in named_in(node.of("name")):
            yield Declared(name, Declares.VALUE, node, scope, node.of("value"), way)

    def _parameters(self, function: Syntax) -> Iterator[Declared]:
        if function.type in ("function_expression", "generator_function", "function"):
            name = function.of("name")
            if name.type:
                yield Declared(name, Declares.FUNCTION, function, function, function)
        for target in targets_of(function):
            yield from _held(function, target, Declares.PARAMETER, ())

    def _imported(self, node: Syntax) -> Iterator[Declared]:
        alias = node.of("alias") if node.of("alias").type else node.of("name")
        held = [alias] if node.type == "import_specifier" else node.held
        for each in held:
            if each.type == "identifier":
                yield Declared(each, Declares.IMPORT, node, self.tree)

    def _scope(self, node: Syntax, *, is_var: bool = False) -> Syntax:
        for each in self.above(node):
            if is_function(each):
                return each
            if each.type in _BLOCKS and not (is_var and each is not self.tree):
                above = self.parent(each)
                return above if is_function(above) else each
        return self.tree

    # -- uses

    def declared(self, name: Syntax) -> Declared | None:
        """What a name means where it stands; None where the script does not declare it."""
        if id(name) not in self._known:
            self._known[id(name)] = self._declared(name)
        return self._known[id(name)]

    def _declared(self, name: Syntax) -> Declared | None:
        own = self.declarations.get(id(name))
        if own is not None:
            return own
        for each in self.above(name):
            held = self._scopes.get(id(each), {}).get(name.text)
            if held:
                return held[-1]
        return None

    def is_single(self, declared: Declared) -> bool:
        """Whether nothing else in the same scope declares the name."""
        return len(self._scopes[id(declared.scope)][declared.name.text]) == 1

    @cached_property
    def _reads(self) -> dict[int, list[Syntax]]:
        found: dict[int, list[Syntax]] = {}
        for node in walk(self.tree):
            if node.type in _NAMES and id(node) not in self.declarations:
                held = self.declared(node) if self.parent(node).type not in _UNREAD else None
                if held is not None:
                    found.setdefault(held.key, []).append(node)
        return found

    def reads(self, declared: Declared) -> tuple[Syntax, ...]:
        """The places at which a name is used; those at which it is only set are left out."""
        held = self._reads.get(declared.key, ())
        return tuple(each for each in held if not self._is_set(each))

    def _is_set(self, name: Syntax) -> bool:
        above = self.parent(name)
        return above.type == "assignment_expression" and above.of("left") is name

    @cached_property
    def _writes(self) -> dict[int, list[Syntax]]:
        found: dict[int, list[Syntax]] = {}
        for node in walk(self.tree):
            target = NOTHING
            if node.type in _ASSIGNS:
                target = node.of("left")
            elif node.type == "update_expression":
                target = node.of("argument")
            elif node.type == "for_in_statement" and not node.of("kind").text:
                target = node.of("left")
            for name, _ in named_in(bare(target)):
                held = self.declared(name)
                if held is not None:
                    found.setdefault(held.key, []).append(node)
        return found

    def writes(self, declared: Declared) -> tuple[Syntax, ...]:
        """The assignments, besides its declaration, that set a name."""
        return tuple(self._writes.get(declared.key, ()))

    def settled(self, name: Syntax) -> Syntax:
        """What a name stands for that is bound once and never set; NOTHING for any other."""
        held = self.declared(name) if name.type in _NAMES else None
        if held is None or held.way or not self.is_single(held) or self.writes(held):
            return NOTHING
        return held.value


def _held(node: Syntax, target: Syntax, role: Declares, way: tuple[str, ...]) -> Iterator[Declared]:
    """What a loop, a `catch` or a parameter binds, for the code inside it."""
    for name, rest in named_in(target):
        yield Declared(name, role, node, node, NOTHING, (*way, *rest))
