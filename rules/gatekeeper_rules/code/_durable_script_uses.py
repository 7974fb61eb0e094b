"""Durable Objects in the imports and expressions of one script."""

from __future__ import annotations

from collections.abc import Callable

from gatekeeper.source.code_scopes import Binding, Bound, Use
from gatekeeper.source.code_tree import Kind
from gatekeeper.source.code_values import Sort, Value, Values
from gatekeeper.source.python_names import UNDEFINED
from gatekeeper.source.script_frame import EXPORT
from gatekeeper_rules.code._durable_packages import brings
from gatekeeper_rules.code._durable_uses import Uses
from gatekeeper_rules.code._durable_values import Durable, is_durable_name
from gatekeeper_rules.code._durable_view import View

# Types of `@cloudflare/workers-types` 5 whose names do not say whose they are.
_TYPES = frozenset(
    (
        *("SqlStorage", "SqlStorageCursor", "SqlStorageStatement", "SqlStorageValue"),
        *("SyncKvStorage", "WebSocketRequestResponsePair"),
        *("LoopbackDurableObjectNamespace", "LoopbackDurableObjectClass"),
    )
)
_ONLY = "cloudflare:durable-objects"
_IN_TESTS = frozenset(
    f"cloudflare:test.{name}"
    for name in (
        *("abortAllDurableObjects", "evictAllDurableObjects", "evictDurableObject"),
        *("listDurableObjectIds", "runDurableObjectAlarm", "runInDurableObject"),
    )
)


def is_durable(value: Value) -> bool:
    """Whether this is the platform's class, one of its types, or what a package brings."""
    if value.sort is not Sort.EXTERNAL:
        return False
    if is_durable_name(value) or value.text in _IN_TESTS or brings(value.text):
        return True
    owner, _, name = value.text.rpartition(".")
    return owner == UNDEFINED and name in _TYPES


class ScriptDurable(Durable):
    """Tells values of scripts apart."""

    def named(self, value: Value) -> bool:
        """Whether the value is a Durable Object by its name."""
        return is_durable(value)


class ScriptUses(Uses):
    """Looks through one script."""

    def __init__(
        self, view: View, line_of: Callable[[str, int], str], durable: ScriptDurable
    ) -> None:
        super().__init__(view, line_of, durable)

    def _quoted(self, binding: Binding) -> str:
        if binding.bound is Bound.IMPORT:
            return f'import * as {binding.node.parts[0].text} from "{binding.module}"'
        local = binding.node.parts[0].text if binding.node.parts else ""
        word = "export" if local.startswith(EXPORT) else "import"
        only = " type" if binding.node.parts[1:] else ""
        return f'{word}{only} {{ {binding.name} }} from "{binding.module}"'

    def _described(self, value: Value) -> str:
        if value.sort is Sort.CLASS:
            return super()._described(value)
        module, _, name = value.text.removesuffix("[]").rpartition(".")
        if module == UNDEFINED:
            return f"`{name}`, the platform's name of something of a Durable Object"
        if brings(value.text):
            return f"`{name}` of `{module}`, which works by a Durable Object"
        return super()._described(value)

    def _named_so(self, use: Use, values: Values) -> Value | None:
        """As for Python; a name that the script itself binds to something else is that."""
        node, scope, _ = use
        if node.kind is Kind.NAME and self._scopes.home(scope, node.text) is not None:
            return None
        return super()._named_so(use, values)
