"""Durable Object classes that a Worker reaches without a binding, through its own exports."""

from __future__ import annotations

from gatekeeper.source.code_scopes import Use
from gatekeeper.source.code_tree import Kind, Node
from gatekeeper.source.code_values import Sort
from gatekeeper_rules.code._durable_calls import bound_to
from gatekeeper_rules.code._durable_values import Durable
from gatekeeper_rules.code._durable_view import View

# `ctx.exports`, and the export `exports` of the platform's module, under both of its names.
_HELD = ("cloudflare:workers.exports.", "cloudflare:workers.default.exports.")
_EXPORTS = "exports"
_STEPS = 5


class Loopback:
    """Looks at the attributes that one file reads."""

    def __init__(self, view: View, durable: Durable) -> None:
        self._view, self._durable = view, durable

    def reaches(self, use: Use) -> bool:
        """Whether `ctx.exports.NAME`, or a name for it, is a Durable Object class."""
        node, scope, _ = use
        if node.kind is not Kind.ATTRIBUTE or not self._is_of_exports(node, scope):
            return False
        return any(map(self._durable, self._durable.called(node.text)))

    def _is_of_exports(self, node: Node, scope: int) -> bool:
        if any(map(_is_exports, self._origins(node.parts[0], scope))):
            return True
        values = self._view.all_values(node, scope)
        return any(each.sort is Sort.EXTERNAL and each.text.startswith(_HELD) for each in values)

    def _origins(self, node: Node, scope: int) -> list[Node]:
        """What an expression is, and what the names that it consists of are bound to."""
        found, here = [node], [(node, scope)]
        for _ in range(_STEPS):
            here = [each for held in here for each in bound_to(self._view.scopes, *held)]
            found += [each for each, _ in here]
        return found


def _is_exports(node: Node) -> bool:
    is_read = node.kind is Kind.ATTRIBUTE and node.text == _EXPORTS
    return is_read and node.parts[0].text.strip("_#") == "ctx"
