"""Which names of a file can lead to a Durable Object at all; the rest is not evaluated."""

from __future__ import annotations

from gatekeeper.source.code_scopes import Binding, Use
from gatekeeper.source.code_tree import Kind, Node
from gatekeeper.source.python_modules import Modules
from gatekeeper.source.python_names import Names
from gatekeeper_rules.code._durable_graph import (
    FAMILY,
    RUNS,
    Graph,
    beginning,
    graph_of,
    is_outside,
    is_plain_call,
)


class Leads:
    """Told from names alone, without regard to scopes: no more than a reason to look closer."""

    def __init__(self, names: Names, modules: Modules) -> None:
        self._names = names
        self._modules = modules
        self._graphs: dict[str, Graph] = {}
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
        if node.kind is Kind.ATTRIBUTE and FAMILY in node.text:
            return True
        if is_plain_call(node) and node.parts[0].text in RUNS:
            return True
        name = beginning(node, self._graph(path).partly)
        return name is None or name in self.leading(path)

    def uses(self, path: str) -> tuple[Use, ...]:
        """The uses of a file that are worth evaluating."""
        size, found = self._uses.get(path, (0, ()))
        if size != len(self._names.files):
            uses = self._names.files[path].uses
            found = tuple(use for use in uses if self.can_lead(path, use.node))
            self._uses[path] = len(self._names.files), found
        return found

    def _graph(self, path: str) -> Graph:
        if path not in self._graphs:
            self._graphs[path] = graph_of(self._names.files[path])
        return self._graphs[path]

    def _found(self, path: str) -> frozenset[str]:
        graph = self._graph(path)
        waiting = [*graph.unbound, *(n for n, each in graph.imports if self._imports(path, each))]
        if any(self._imports(path, star) for star in self._names.files[path].stars):
            waiting.extend(graph.free)
        return frozenset(graph.closure(waiting))

    def _imports(self, path: str, binding: Binding) -> bool:
        """Whether an import brings what may be, or hold, a Durable Object."""
        outside = is_outside(binding)
        if outside is not None:
            return outside
        wholes = (binding.module, f"{binding.module.rstrip('.')}.{binding.name}")
        found = (module for whole in wholes for module in self._modules.find(path, whole))
        return any(self._is_known(module) for module in found)

    def _is_known(self, module: str) -> bool:
        files = self._modules.files(module)
        return module.endswith("/") or any(file in self._names.files for file in files)
