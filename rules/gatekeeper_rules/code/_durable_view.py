"""One Python file as the search for Durable Objects sees it: what its expressions stand for."""

from __future__ import annotations

from gatekeeper.source.code_scopes import Scopes, Use
from gatekeeper.source.code_tree import NOTHING, Kind, Node
from gatekeeper.source.code_values import NONE, Sort, Values
from gatekeeper.source.python_names import Names
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code._durable_leads import Leads
from gatekeeper_rules.code._durable_sheet import Place, Sheet

_ATTRIBUTE_READERS = (
    "builtins.getattr",
    "inspect.getattr_static",
    "js.Reflect.get",
    ".__getattribute__",
)
OWN_READERS = frozenset({"__getattr__", "__getattribute__"})
"""Methods that give an attribute of their object by its name."""


@dataclass(frozen=True, slots=True)
class View:
    """A file, or a string of code in it; then `at` is the place that all of it has."""

    names: Names
    path: str
    sheet: Sheet
    at: Place | None = None
    leads: Leads | None = None
    _seen: dict[int, Values] = field(default_factory=dict)

    @property
    def scopes(self) -> Scopes:
        """The scopes and uses of the file."""
        return self.names.files[self.path]

    @property
    def leading(self) -> tuple[Use, ...]:
        """The uses that can lead to a Durable Object."""
        return self.scopes.uses if self.leads is None else self.leads.uses(self.path)

    def values(self, node: Node, scope: int) -> Values:
        """What an expression stands for; nothing where it cannot be a Durable Object."""
        return self.all_values(node, scope) if self.can_lead(node) else NONE

    def can_lead(self, node: Node) -> bool:
        """Whether an expression is worth evaluating."""
        return self.leads is None or self.leads.can_lead(self.path, node)

    def all_values(self, node: Node, scope: int) -> Values:
        """What an expression stands for, whatever it is."""
        found = self._seen.get(id(node))
        if found is None:
            found = self._seen[id(node)] = self.names.values(self.path, scope, node)
        return found

    def texts(self, node: Node, scope: int) -> tuple[tuple[str, ...], bool]:
        """The strings an expression stands for, and whether for nothing else."""
        return self.names.texts(self.path, scope, node)

    def called(self, node: Node, scope: int) -> frozenset[str]:
        """The functions outside the repository that a call calls, by their dotted paths."""
        values = self.values(node.parts[0], scope)
        return frozenset(value.text for value in values if value.sort is Sort.EXTERNAL)

    def read_by_name(self, node: Node, scope: int) -> tuple[Node, Node] | None:
        """For `getattr(whose, name)` and its like: whose attribute, and the name."""
        if node.kind is not Kind.CALL or len(node.parts) == 1:
            return None
        function, first, *more = node.parts
        if more:
            named = any(each.endswith(_ATTRIBUTE_READERS) for each in self.called(node, scope))
            return (first, more[0]) if named else None
        own = function.kind is Kind.ATTRIBUTE and function.text in OWN_READERS
        return (function.parts[0], first) if own else None

    def member(self, node: Node, scope: int) -> tuple[tuple[str, ...], Node]:
        """The names that what is read can have, by attribute or by a string; and whose it is."""
        if node.kind is Kind.ATTRIBUTE:
            return (node.text,), node.parts[0]
        if read := self.read_by_name(node, scope):
            return self.texts(read[1], scope)[0], read[0]
        if node.kind is not Kind.CALL or len(node.parts) == 1:
            return (), NOTHING
        got = (each.text for each in self.values(node.parts[0], scope) if each.sort is Sort.GETTER)
        return tuple(sorted(each.rpartition(".")[2] for each in got)), node.parts[1]

    def place(self, node: Node, scope: int) -> Place:
        """Where a node stands."""
        if self.at is not None:
            return self.at
        return Place(node.line, node.column, self.scopes.scopes[scope].symbol)
