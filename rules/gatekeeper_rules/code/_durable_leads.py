"""Which names of a file can lead to a Durable Object at all; the rest is not evaluated."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.source.python_modules import Modules
from gatekeeper.source.python_names import Names
from gatekeeper.source.python_scopes import BASES, RETURNED, Binding, Bound, Scopes, Use
from gatekeeper.source.python_tree import NOTHING, Kind, Node
from gatekeeper.value import dataclass

_FAMILY = "DurableObject"
_BUILTIN = frozenset(
    {"__import__", "compile", "eval", "exec", "getattr", "globals", "object", "type", "vars"}
)
_OUTSIDE = frozenset(
    {
        "_pyodide_entrypoint_helper",
        "django_cf",
        "importlib",
        "js",
        "pyodide",
        "workers",
    }
)
# Of these only some names give, take or make what counts.
_PARTLY = {
    "builtins": _BUILTIN,
    "inspect": frozenset({"getattr_static"}),
    "operator": frozenset({"attrgetter"}),
    "sys": frozenset({"modules"}),
    "types": frozenset({"new_class"}),
    "typing": frozenset({"cast"}),
}
# Calls of builtins that give what their n-th argument holds, and some that give nothing.
_OF_ARGUMENT = {"getattr": 1, "vars": 1, "type": 2}
_RUNS = frozenset({"compile", "eval", "exec"})
_OF_OBJECT = frozenset({"__getattribute__"})
_INNER = frozenset({Kind.ATTRIBUTE, Kind.SUBSCRIPT, Kind.CALL, Kind.AWAIT})
_SEVERAL = frozenset({Kind.CHOICE, Kind.ASSIGN, Kind.LAMBDA, Kind.LIST})


@dataclass(frozen=True, slots=True)
class _Graph:
    """For each name of a file, those that may stand for what it stands for; and its imports.

    `partly` are the names that stand for a module of which only some names count; `free`
    those that the file does not bind, `unbound` those of them that lead in any case.
    """

    dependents: dict[str, set[str]]
    partly: dict[str, frozenset[str]]
    imports: tuple[tuple[str, Binding], ...]
    free: frozenset[str]
    unbound: frozenset[str]


class Leads:
    """Told from names alone, without regard to scopes: no more than a reason to look closer."""

    def __init__(self, names: Names, modules: Modules) -> None:
        self._names = names
        self._modules = modules
        self._graphs: dict[str, _Graph] = {}
        self._leading: dict[str, tuple[int, frozenset[str]]] = {}
        self._uses: dict[str, tuple[int, tuple[Use, ...]]] = {}

    def leading(self, path: str) -> frozenset[str]:
        """The names of a file that can lead to a Durable Object."""
        size, found = self._leading.get(path, (0, frozenset()))
        if size != len(self._names.files):
            found = self._found(path)
            self._leading[path] = len(self._names.files), found
        return found

    def can_lead(self, path: str, node: Node) -> bool:
        """Whether an expression begins with what can lead to a Durable Object."""
        if node.kind is Kind.ATTRIBUTE and _FAMILY in node.text:
            return True
        if _is_plain_call(node) and node.parts[0].text in _RUNS:
            return True
        name = _beginning(node, self._graph(path).partly)
        return name is None or name in self.leading(path)

    def uses(self, path: str) -> tuple[Use, ...]:
        """The uses of a file that are worth evaluating."""
        size, found = self._uses.get(path, (0, ()))
        if size != len(self._names.files):
            uses = self._names.files[path].uses
            found = tuple(use for use in uses if self.can_lead(path, use.node))
            self._uses[path] = len(self._names.files), found
        return found

    def _graph(self, path: str) -> _Graph:
        if path not in self._graphs:
            self._graphs[path] = _graph(self._names.files[path])
        return self._graphs[path]

    def _found(self, path: str) -> frozenset[str]:
        graph = self._graph(path)
        waiting = [*graph.unbound, *(n for n, each in graph.imports if self._imports(path, each))]
        if any(self._imports(path, star) for star in self._names.files[path].stars):
            waiting.extend(graph.free)
        found = set(waiting)
        while waiting:
            fresh = graph.dependents.get(waiting.pop(), set()) - found
            found |= fresh
            waiting.extend(fresh)
        return frozenset(found)

    def _imports(self, path: str, binding: Binding) -> bool:
        """Whether an import brings what may be, or hold, a Durable Object."""
        root = binding.module.partition(".")[0]
        if root in _OUTSIDE or _FAMILY in binding.name:
            return True
        if binding.module in _PARTLY:
            return not binding.name or binding.name in _PARTLY[binding.module]
        wholes = (binding.module, f"{binding.module.rstrip('.')}.{binding.name}")
        found = (module for whole in wholes for module in self._modules.find(path, whole))
        return any(self._is_known(module) for module in found)

    def _is_known(self, module: str) -> bool:
        files = self._modules.files(module)
        return module.endswith("/") or any(file in self._names.files for file in files)


def _graph(scopes: Scopes) -> _Graph:
    dependents: dict[str, set[str]] = {}
    imports: list[tuple[str, Binding]] = []
    partly = _partly(scopes)
    for number, scope in enumerate(scopes.scopes):
        owner = f"<{number}>"
        for name, bindings in scope.names.items():
            target = f"{name}{number}" if name in (RETURNED, BASES) else name
            for binding in bindings:
                if binding.bound in (Bound.IMPORT, Bound.FROM):
                    imports.append((target, binding))
                for root in set(_roots(binding, scopes, partly)):
                    dependents.setdefault(root, set()).add(target)
            if scope.is_class:
                dependents.setdefault(target, set()).add(owner)
        if scope.receiver[0]:
            dependents.setdefault(f"<{scope.receiver[1]}>", set()).add(scope.receiver[0])
    free = _free(scopes, dependents)
    everywhere = free | dependents.keys() if scopes.stars else free
    unbound = _BUILTIN | {name for name in everywhere if _FAMILY in name}
    return _Graph(dependents, partly, tuple(imports), free, unbound)


def _partly(scopes: Scopes) -> dict[str, frozenset[str]]:
    """Names that are bound to one of the modules `_PARTLY`, and to nothing else."""
    bound: dict[str, list[Binding]] = {}
    for scope in scopes.scopes:
        for name, bindings in scope.names.items():
            bound.setdefault(name, []).extend(bindings)
    return {
        name: _PARTLY[bindings[0].module]
        for name, bindings in bound.items()
        if all(each.bound is Bound.IMPORT for each in bindings)
        and {each.module for each in bindings} == {bindings[0].module}
        and bindings[0].module in _PARTLY
    }


def _free(scopes: Scopes, dependents: dict[str, set[str]]) -> frozenset[str]:
    """Names that the file does not bind."""
    bound = {name for scope in scopes.scopes for name in scope.names}
    used = {use.node.text for use in scopes.uses if use.node.kind is Kind.NAME}
    return frozenset((used | dependents.keys()) - bound)


def _roots(binding: Binding, scopes: Scopes, partly: dict[str, frozenset[str]]) -> Iterator[str]:
    """The names with which a binding's value begins; tokens for a class and a function's value."""
    if binding.bound is Bound.CLASS:
        yield f"<{binding.scope}>"
        yield f"{BASES}{binding.scope}"
    elif binding.bound is Bound.FUNCTION:
        yield f"{RETURNED}{binding.scope}"
    waiting = [binding.node] if binding.bound is Bound.VALUE else []
    while waiting:
        node = waiting.pop()
        if _innermost(node)[1].kind is Kind.LAMBDA:
            node = _innermost(node)[1]
            yield f"{RETURNED}{scopes.lambdas[id(node)]}"
        elif name := _beginning(node, partly):
            yield name
        elif name is None:
            waiting.extend(_innermost(node)[1].parts)


def _beginning(node: Node, partly: dict[str, frozenset[str]]) -> str | None:
    """The name an expression begins with; empty for what leads nowhere, None for several."""
    outer, node = _innermost(node)
    if node.kind is not Kind.NAME:
        return None if node.kind in _SEVERAL else ""
    if node.text == "object" and outer.kind is not Kind.ATTRIBUTE:
        return ""
    if outer.kind is Kind.ATTRIBUTE:
        counting = _OF_OBJECT if node.text == "object" else partly.get(node.text)
        return node.text if counting is None or outer.text in counting else ""
    return "" if outer.kind is Kind.CALL and node.text in _RUNS else node.text


def _innermost(node: Node) -> tuple[Node, Node]:
    """What an expression begins with, and what is done with that: `x` of `getattr(x, "y").z`."""
    outer = NOTHING
    while node.kind in _INNER:
        outer, node = node, node.parts[0]
        place = _OF_ARGUMENT.get(node.text) if _is_plain_call(outer) else None
        if place is not None:
            parts, outer = outer.parts, NOTHING
            node = parts[place] if place < len(parts) else NOTHING
    return outer, node


def _is_plain_call(node: Node) -> bool:
    return node.kind is Kind.CALL and node.parts[0].kind is Kind.NAME
