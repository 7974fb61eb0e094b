"""What the names of several Python files stand for, followed through one another."""

from __future__ import annotations

import builtins
from collections.abc import Callable

from gatekeeper.source.code_evaluation import Evaluation
from gatekeeper.source.code_lookup import At
from gatekeeper.source.code_scopes import BASES, MODULE, RETURNED, Binding, Bound, Scopes
from gatekeeper.source.code_settling import Key, Settling
from gatekeeper.source.code_tree import Node
from gatekeeper.source.code_values import (
    NONE,
    NOT_KNOWN,
    UNKNOWN,
    Sort,
    Value,
    Values,
    external,
)
from gatekeeper.source.python_binder import scopes_of
from gatekeeper.source.python_modules import Modules

UNDEFINED = "?"
"""The module, as it were, of names that nothing defines."""

_BUILTIN = frozenset(dir(builtins))


class Names(Settling):
    """The names of the files given so far; values grow as files are added, then settle.

    Names are followed when they are first asked for. Bindings are taken without regard to
    order: a name stands for everything that is ever bound to it. Imports are followed into
    files given with `add`; what another file of the repository holds is not known. `outside`
    are modules that exist outside the repository even where it has one of that name.
    """

    def __init__(self, modules: Modules, outside: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self._modules = modules
        self._outside = outside
        self._evaluation = Evaluation(self)

    def add(self, path: str, tree: Node) -> None:
        """Take a file in; a file that is known already stays as it is."""
        if path not in self.files:
            self.files[path] = scopes_of(tree)
            self._queue(key for key in self._known if key.path == path)

    def values(self, path: str, scope: int, node: Node) -> Values:
        """What an expression stands for."""
        return self._asked(lambda: self._evaluation.values(node, At(path, scope)))

    def texts(self, path: str, scope: int, node: Node) -> tuple[tuple[str, ...], bool]:
        """The strings an expression stands for, and whether it stands for nothing else."""
        return self._asked(lambda: self._evaluation.texts(node, At(path, scope)))

    def taken(self, path: str, binding: Binding) -> Values:
        """What an import brings."""
        return self._asked(lambda: self._bound(Key(path, binding.scope, ""), binding))

    def export(self, path: str, name: str) -> Values:
        """What a top-level name of a file stands for."""
        return self.worth(Key(path, MODULE, name))

    def bases(self, value: Value) -> Values:
        """What a class of the repository extends."""
        return self.worth(Key(value.text, value.scope, BASES))

    def member(self, value: Value, name: str) -> Values:
        """What an attribute of a value stands for."""
        return self._asked(lambda: self.attribute(value, name))

    def result(self, function: Value) -> Values:
        """What a function of the repository gives back."""
        return self._asked(lambda: self.returned(function))

    def way(
        self, path: str, scope: int, node: Node, wanted: Callable[[Value], bool]
    ) -> tuple[tuple[str, int], ...]:
        """The bindings (file, line) that lead from an expression to a wanted value."""
        self.values(path, scope, node)
        return self.way_of(self._reading, wanted)

    def way_in(
        self, path: str, binding: Binding, wanted: Callable[[Value], bool]
    ) -> tuple[tuple[str, int], ...]:
        """The bindings (file, line) that lead from an import to a wanted value."""
        self.taken(path, binding)
        return self.way_of(self._reading, wanted)

    # -- what a name is worth

    def _worth(self, key: Key) -> Values:
        scopes = self.files.get(key.path)
        if scopes is None:
            return NONE
        scope = scopes.scopes[key.scope]
        found = {
            value
            for binding in scope.names.get(key.name, ())
            for value in self._bound(key, binding)
        }
        if scope.is_class and key.name not in scope.names and key.name != BASES:
            for base in self._look(Key(key.path, key.scope, BASES)):
                found |= self.attribute(base, key.name)
        if key.scope == MODULE:
            found |= self._by_star(key, scopes)
        return frozenset(found)

    def _bound(self, key: Key, binding: Binding) -> Values:
        if binding.bound is Bound.VALUE:
            return self._evaluation.values(binding.node, At(key.path, binding.scope))
        if binding.bound is Bound.IMPORT:
            return self.imported(binding.module, key.path)
        if binding.bound is Bound.FROM:
            return self._from(key.path, binding.module, binding.name)
        if binding.bound is Bound.UNKNOWN:
            return NOT_KNOWN
        sort = Sort.CLASS if binding.bound is Bound.CLASS else Sort.FUNCTION
        return frozenset({Value(sort, key.path, binding.scope)})

    def _by_star(self, key: Key, scopes: Scopes) -> Values:
        if key.name in _BUILTIN or key.name.startswith("__"):
            return NONE
        stars = (self._from(key.path, each.module, key.name) for each in scopes.stars)
        return frozenset().union(*stars)

    def _from(self, path: str, dotted: str, name: str) -> Values:
        found: set[Value] = set()
        for module in self.imported(dotted, path):
            found |= self.attribute(module, name)
        return frozenset(found)

    # -- what evaluation asks

    def named(self, name: str, at: At) -> Values:
        """What a name stands for where it is used."""
        scopes = self.files[at.path]
        home = scopes.home(at.scope, name)
        found = self._look(Key(at.path, MODULE if home is None else home, name))
        if home is not None:
            receiver, owner = scopes.scopes[home].receiver
            made = frozenset({Value(Sort.INSTANCE, at.path, owner)})
            return found | made if name == receiver else found
        if name == "__builtins__":
            builtin = external("builtins")
            return found | {builtin, Value(Sort.NAMESPACE, of=builtin)}
        if name in _BUILTIN:
            return found | {external(f"builtins.{name}")}
        return found if scopes.stars else found | {external(f"{UNDEFINED}.{name}")}

    def imported(self, dotted: str, path: str) -> Values:
        """The module that `dotted` means in a file."""
        modules = self._modules.find(path, dotted)
        found = {Value(Sort.MODULE, module) for module in modules}
        root = dotted.partition(".")[0]
        if root and (not found or root in self._outside):
            found.add(external(dotted))
        return frozenset(found) or NOT_KNOWN

    def attribute(self, value: Value, name: str) -> Values:
        """What an attribute of a value stands for."""
        if name == "__dict__":
            return frozenset({Value(Sort.NAMESPACE, of=value)})
        if value.sort is Sort.EXTERNAL:
            return frozenset({external(f"{value.text}.{name}")})
        if value.sort is Sort.MODULE:
            return self._member(value.text, name)
        if value.sort in (Sort.CLASS, Sort.INSTANCE):
            found = self._look(Key(value.text, value.scope, name))
            return found.union(*map(self._given, found))
        if value.sort in (Sort.TEXT, Sort.NAMESPACE):
            return frozenset({Value(Sort.METHOD, name, of=value)})
        return NOT_KNOWN

    def _given(self, member: Value) -> Values:
        """What a member gives that a decorator may have made a property."""
        if member.sort is not Sort.FUNCTION:
            return NONE
        decorated = self.files[member.text].scopes[member.scope].is_decorated
        return self.returned(member) if decorated else NONE

    def returned(self, function: Value) -> Values:
        """What a function gives back."""
        return self._look(Key(function.text, function.scope, RETURNED)) or NOT_KNOWN

    def made(self, node: Node, at: At) -> Values:
        """The function that a `lambda` makes, or the class of an expression that is one."""
        scopes = self.files[at.path]
        scope = scopes.lambdas.get(id(node))
        if scope is None:
            return NOT_KNOWN
        sort = Sort.CLASS if scopes.scopes[scope].is_class else Sort.FUNCTION
        return frozenset({Value(sort, at.path, scope)})

    def _member(self, module: str, name: str) -> Values:
        found: set[Value] = set()
        for path in self._modules.files(module):
            found |= self._look(Key(path, MODULE, name))
            for hook in self._look(Key(path, MODULE, "__getattr__")):
                found |= self.returned(hook) if hook.sort is Sort.FUNCTION else NONE
        found |= {Value(Sort.MODULE, child) for child in self._modules.child(module, name)}
        return frozenset(found) or frozenset({UNKNOWN})
