"""What the steps of a script change outside of themselves, and what changes the event."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Finding
from gatekeeper.source.script_chains import bare, is_function
from gatekeeper.source.script_lexical import Declared, Declares
from gatekeeper.source.script_syntax import Syntax
from gatekeeper.value import dataclass
from gatekeeper_rules.code import _workflow_words as words
from gatekeeper_rules.code._script_changes import (
    ARRAYS,
    COLLECTIONS,
    Change,
    changes,
    origin,
    root,
)
from gatekeeper_rules.code._script_code import member_name
from gatekeeper_rules.code._script_faults import fault, shown
from gatekeeper_rules.code._script_fields import values_of
from gatekeeper_rules.code._script_outside import GLOBAL, Outside
from gatekeeper_rules.code._script_regions import MEMBERS, Region

_KEPT = frozenset(
    f"{GLOBAL}.{name}()"
    for name in (
        *("FormData", "Headers", "Map", "Set", "URLSearchParams", "WeakMap", "WeakSet"),
        "structuredClone",
    )
)
"""What makes something that `set`, `add` and `delete` change in memory alone."""

_EACH = frozenset({"every", "filter", "find", "findLast", "flatMap", "forEach", "map", "some"})
_REST = "..."
_GLOBALS = frozenset({"globalThis", "self", "window"})


@dataclass(frozen=True, eq=False)
class State:
    """What a region changes: of the event, and, within a step, of what lies around the step.

    `step` is what a reader calls the step that the region runs in; `callbacks` are the functions,
    by `id`, that steps are given, `inner` all that run within steps.
    """

    region: Region
    outside: Outside
    step: str
    callbacks: frozenset[int]
    inner: frozenset[int]

    def findings(self) -> Iterator[Finding]:
        """A finding for each change that the next start has not."""
        for change in changes(self.region.alive):
            if not change.binds and self._is_event(change):
                message = words.changes_event(shown(change.node))
                yield fault(self.region, change.node, message, words.SCRIPT.copying)
            elif self.region.within is not None and self._is_foreign(change):
                message = words.changes(self.step, shown(change.target))
                yield fault(self.region, change.node, message, words.FIX_STATE)

    # -- the event

    def _is_event(self, change: Change) -> bool:
        return self._is_of_event(change.target) and not self._is_copied(change.target)

    def _is_of_event(self, node: Syntax) -> bool:
        """Whether something is taken from the event, item by item as well."""
        held, declared = origin(self.region.file, node)
        if self.region.is_event(root(node)) or self.region.is_event(held):
            return True
        through = self._gone_through(declared) if declared is not None else None
        return through is not None and self.region.is_event(root(through))

    def _gone_through(self, declared: Declared) -> Syntax | None:
        """What a callback of an array takes each item of."""
        node, lexical = declared.node, self.region.file.lexical
        if declared.role is not Declares.PARAMETER or not is_function(node):
            return None
        call = lexical.parent(lexical.parent(node))
        function = bare(call.of("function"))
        is_each = function.type in MEMBERS and member_name(function) in _EACH
        return function.of("object") if is_each else None

    def _is_copied(self, target: Syntax) -> bool:
        """Whether a property is set of what a pattern copied: `const { a, ...rest } = payload`."""
        owner = bare(target.of("object")) if target.type in MEMBERS else target
        declared = self.region.declared(owner)
        return declared is not None and declared.way[-1:] == (_REST,)

    # -- what lies around a step

    def _is_foreign(self, change: Change) -> bool:
        if self.region.is_env(change.target) or self._is_of_event(change.target):
            return False
        if change.binds:
            declared = self.region.file.lexical.declared(change.target)
            return declared is not None and self._is_around(declared)
        return not self._is_awaited(change) and self._is_reached(change)

    def _is_reached(self, change: Change) -> bool:
        """Whether what is changed in something is the Workflow's, or lies around the step."""
        held, declared = origin(self.region.file, change.target)
        if held.type in ("this", "super") or self.region.is_this(held):
            is_own = held.type == "super" or self.region.is_this(held)
            return is_own and self._is_kept_by_workflow(change)
        if declared is None:
            return held.text in _GLOBALS and not change.method
        if not self._is_around(declared):
            return False
        return not change.method or self._is_in_memory(change, declared)

    def _is_awaited(self, change: Change) -> bool:
        """Whether a call takes time, as those of a service do and those of collections do not."""
        above = self.region.file.lexical.parent(change.node)
        return bool(change.method) and above.type == "await_expression"

    def _is_around(self, declared: Declared) -> bool:
        """Whether a name is declared outside of the step, where `run` can see it."""
        lexical = self.region.file.lexical
        callback = self._callback()
        if declared.role is Declares.OTHER:
            return False
        if callback is not None:
            if any(each is callback for each in lexical.above(declared.name)):
                return False
            is_import = declared.role is Declares.IMPORT
            return not is_import or not self.outside.names(self.region.file, declared.name)
        # What the functions of a module keep for themselves is not what a step keeps.
        function = lexical.function_of(declared.name)
        return function is not lexical.tree and id(function) not in self.inner

    def _callback(self) -> Syntax | None:
        """The nearest function, the region's own or around it, that a step is given."""
        function = self.region.function
        held = (function, *self.region.file.lexical.above(function))
        return next((each for each in held if id(each) in self.callbacks), None)

    # -- whether a method changes something in memory, and no service that has one of its name

    def _is_kept_by_workflow(self, change: Change) -> bool:
        if change.method not in COLLECTIONS:
            return True
        name = member_name(change.target) if change.target.type in MEMBERS else ""
        held = values_of(self.region.code, self.region.owner, name)
        return any(self.outside.names(file, each) & _KEPT for file, each in held)

    def _is_in_memory(self, change: Change, declared: Declared) -> bool:
        if declared.role in (Declares.FUNCTION, Declares.CLASS):
            return False
        made = self.outside.names(self.region.file, declared.name)
        if change.method in ARRAYS:
            return not made or any(each.startswith(f"{GLOBAL}.") for each in made)
        return bool(made & _KEPT) if made else bare(declared.value).type in ("array", "object")
