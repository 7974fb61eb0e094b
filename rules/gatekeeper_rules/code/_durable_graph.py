"""Which names of a Python file may stand for what others stand for, told without scopes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatekeeper.source.code_scopes import BASES, RETURNED, Binding, Bound, Scopes
from gatekeeper.source.code_tree import NOTHING, Kind, Node
from gatekeeper.value import dataclass

FAMILY = "DurableObject"
_BUILTIN = frozenset(
    {
        "__builtins__",
        "__import__",
        "compile",
        "eval",
        "exec",
        "getattr",
        "globals",
        "locals",
        "object",
        "type",
        "vars",
    }
)
_OUTSIDE = frozenset(
    {
        "_pyodide_entrypoint_helper",
        "django_cf",
        "importlib",
        "js",
        "pyodide",
        "pyodide_js",
        "workers",
    }
)
# Of these only some names give, take or make what counts.
_PARTLY = {
    "builtins": _BUILTIN,
    "code": frozenset({"InteractiveConsole", "InteractiveInterpreter"}),
    "django.utils.module_loading": frozenset({"import_string"}),
    "inspect": frozenset({"getattr_static"}),
    "operator": frozenset({"attrgetter", "methodcaller"}),
    "pkgutil": frozenset({"resolve_name"}),
    "pydoc": frozenset({"locate"}),
    "runpy": frozenset({"run_module"}),
    "sys": frozenset({"modules"}),
    "timeit": frozenset({"Timer", "repeat", "timeit"}),
    "types": frozenset({"new_class"}),
    "typing": frozenset({"cast"}),
}
# Calls of builtins that give what their n-th argument holds, and some that give nothing.
_OF_ARGUMENT = {"getattr": 1, "vars": 1, "type": 2}
RUNS = frozenset({"compile", "eval", "exec"})
_OF_OBJECT = frozenset({"__getattribute__"})
_INNER = frozenset({Kind.ATTRIBUTE, Kind.SUBSCRIPT, Kind.CALL, Kind.AWAIT})
_SEVERAL = frozenset({Kind.CHOICE, Kind.ASSIGN, Kind.LAMBDA, Kind.LIST})


@dataclass(frozen=True, slots=True)
class Graph:
    """For each name of a file, those that may stand for what it stands for; and its imports.

    `partly` are the names that stand for a module of which only some names count; `free`
    those that the file does not bind, `unbound` those of them that lead in any case.
    """

    dependents: dict[str, set[str]]
    partly: dict[str, frozenset[str]]
    imports: tuple[tuple[str, Binding], ...]
    free: frozenset[str]
    unbound: frozenset[str]

    def closure(self, names: Iterable[str]) -> set[str]:
        """The names, and all that may stand for what they stand for."""
        waiting = list(names)
        found = set(waiting)
        while waiting:
            fresh = self.dependents.get(waiting.pop(), set()) - found
            found |= fresh
            waiting.extend(fresh)
        return found


def is_outside(binding: Binding) -> bool | None:
    """Whether an import brings what counts from outside; None where the repository decides."""
    if binding.module.partition(".")[0] in _OUTSIDE or FAMILY in binding.name:
        return True
    if binding.module in _PARTLY:
        return not binding.name or binding.name in _PARTLY[binding.module]
    return None


def graph_of(scopes: Scopes) -> Graph:
    """Read off the graph of a file."""
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
    unbound = _BUILTIN | {name for name in everywhere if FAMILY in name}
    return Graph(dependents, partly, tuple(imports), free, unbound)


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
        elif name := beginning(node, partly):
            yield name
        elif name is None:
            waiting.extend(_innermost(node)[1].parts)


def beginning(node: Node, partly: dict[str, frozenset[str]]) -> str | None:
    """The name an expression begins with; empty for what leads nowhere, None for several."""
    outer, node = _innermost(node)
    if node.kind is not Kind.NAME:
        return None if node.kind in _SEVERAL else ""
    if node.text == "object" and outer.kind is not Kind.ATTRIBUTE:
        return ""
    if outer.kind is Kind.ATTRIBUTE:
        counting = _OF_OBJECT if node.text == "object" else partly.get(node.text)
        return node.text if counting is None or outer.text in counting else ""
    return "" if outer.kind is Kind.CALL and node.text in RUNS else node.text


def _innermost(node: Node) -> tuple[Node, Node]:
    """What an expression begins with, and what is done with that: `x` of `getattr(x, "y").z`."""
    outer = NOTHING
    while node.kind in _INNER:
        outer, node = node, node.parts[0]
        place = _OF_ARGUMENT.get(node.text) if is_plain_call(outer) else None
        if place is not None and len(outer.parts) > 1:
            parts, outer = outer.parts, NOTHING
            node = parts[place] if place < len(parts) else NOTHING
    return outer, node


def is_plain_call(node: Node) -> bool:
    """Whether a name, and nothing else, is called."""
    return node.kind is Kind.CALL and node.parts[0].kind is Kind.NAME
