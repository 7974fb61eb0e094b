"""Which expressions of a script talk to a service: bindings, and what was made of them."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.source.script_chains import awaited, bare, given_to
from gatekeeper.source.script_lexical import Declared, Declares
from gatekeeper.source.script_syntax import Syntax, walk
from gatekeeper.source.script_targets import targets_of
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code._script_code import member_name
from gatekeeper_rules.code._script_fields import values_of
from gatekeeper_rules.code._script_following import Graph
from gatekeeper_rules.code._script_regions import MEMBERS, NAMES, Region

_CALLS = frozenset({"call_expression", "new_expression"})
_DEEPEST = 8
_MOST_PIECES = 400


def head_of(call: Syntax) -> Syntax:
    """What a chain of calls begins with: members that are taken before anything is called."""
    node = callee(call)
    while True:
        inner = node
        while inner.type in MEMBERS:
            inner = awaited(inner.of("object"))
        if inner.type not in _CALLS:
            return node
        node = callee(inner)


def innermost(call: Syntax) -> Syntax:
    """The first call of a chain of calls."""
    while True:
        inner = callee(call)
        while inner.type in MEMBERS:
            inner = awaited(inner.of("object"))
        if inner.type not in _CALLS:
            return call
        call = inner


def callee(call: Syntax) -> Syntax:
    """What a call calls."""
    constructor = call.of("constructor")
    called = bare(constructor if constructor.type else call.of("function"))
    while called.type == "sequence_expression":
        called = bare(called.held[-1])
    return called


def first_of(head: Syntax) -> Syntax:
    """The name, or whatever else it is, that members are taken from."""
    while head.type in MEMBERS:
        head = awaited(head.of("object"))
    return head


@dataclass(frozen=True, eq=False)
class Holders:
    """What of a region's names are bindings, or objects that were given them."""

    region: Region
    graph: Graph
    _known: dict[int, bool] = field(default_factory=dict)

    def is_bound(self, head: Syntax) -> bool:
        """Whether an expression is of the bindings, or of `this.ctx`, or was taken from them."""
        if self.region.is_env(head) or self._is_of_context(head):
            return True
        first = first_of(head)
        if self.region.is_this(first):
            return self._is_field(_after(head, first), frozenset({*MEMBERS, *NAMES}))
        declared = self.region.declared(first_of(head))
        return declared is not None and self._is_stub(declared, 0)

    def is_given(self, call: Syntax) -> bool:
        """Whether a call is one of an object that was made of the bindings."""
        head = head_of(call)
        inner = innermost(call)
        if inner is not call and self._is_made_of_env(inner):
            return True
        first = first_of(head)
        if self.region.is_this(first):
            return self._is_field(_after(head, first), _CALLS)
        declared = self.region.declared(first)
        return declared is not None and self._is_holder(declared)

    def _is_of_context(self, head: Syntax) -> bool:
        while head.type in MEMBERS:
            owner = awaited(head.of("object"))
            if member_name(head) == "ctx" and self.region.is_this(owner):
                return True
            head = owner
        return False

    def _is_stub(self, declared: Declared, depth: int) -> bool:
        """Whether a name is what a binding gave at once: a stub, a statement."""
        value = bare(declared.value)
        if value.type != "call_expression" or depth > _DEEPEST:
            return False
        head = head_of(value)
        if self.region.is_env(head):
            return True
        further = self.region.declared(first_of(head))
        return further is not None and self._is_stub(further, depth + 1)

    def _is_holder(self, declared: Declared) -> bool:
        if declared.key not in self._known:
            # What stands for itself is made of nothing.
            self._known[declared.key] = False
            self._known[declared.key] = self._is_held(declared)
        return self._known[declared.key]

    def _is_held(self, declared: Declared) -> bool:
        if declared.role is Declares.PARAMETER:
            return any(map(self._is_handed, self._handing(declared)))
        writes = self.region.file.lexical.writes(declared)[:_DEEPEST]
        later = [each.of("right") for each in writes if each.of("left").type == "identifier"]
        return any(map(self._is_made_of_env, (declared.value, *later)))

    def _handing(self, declared: Declared) -> Iterator[tuple[Region, Syntax]]:
        """What callers give for a parameter."""
        targets = targets_of(self.region.function)
        place = next((n for n, each in enumerate(targets) if each is declared.name), None)
        for edge in self.graph.callers(self.region)[:_DEEPEST] if place is not None else ():
            given = given_to(edge.node) if edge.node.type in _CALLS else ()
            if place is not None and place < len(given):
                yield edge.region, given[place]

    def _is_handed(self, handed: tuple[Region, Syntax]) -> bool:
        region, given = handed
        if region.depth >= self.region.depth:
            return False
        return Holders(region, self.graph).is_of_env(given)

    def is_of_env(self, node: Syntax) -> bool:
        """Whether an expression is of the bindings, or was made of them."""
        node = bare(node)
        declared = self.region.declared(node)
        return self._is_made_of_env(node) or (declared is not None and self._is_holder(declared))

    def _is_made_of_env(self, value: Syntax) -> bool:
        value = bare(value)
        if value.type == "ternary_expression":
            ways = (value.of("consequence"), value.of("alternative"))
            return any(map(self.is_of_env, ways))
        if value.type not in _CALLS:
            return self._is_env_in(value)
        return any(self._is_env_in(each) for each in value.of("arguments").held)

    def _is_env_in(self, given: Syntax) -> bool:
        """Whether an argument is of the bindings, or an object or list that has them in it."""
        given = bare(given)
        if given.type == "spread_element":
            given = bare(given.held[0]) if given.held else given
        if given.type in (*MEMBERS, *NAMES):
            declared = self.region.declared(given)
            is_held = declared is not None and self._is_holder(declared)
            return is_held or self.region.is_env(given)
        held = given.held if given.type in ("object", "array") else ()
        parts = (each.of("value") if each.type == "pair" else each for each in held)
        return any(self._is_env_in(each) for each in parts)

    def _is_field(self, name: str, kinds: frozenset[str]) -> bool:
        """Whether a property of the Workflow is plainly of the bindings, or made of them."""
        held = values_of(self.region.code, self.region.owner, name)
        worth = (value for _, each in held for value in _worth(each))
        return any(bare(each).type in kinds and _says_env(each) for each in worth)


def _after(head: Syntax, first: Syntax) -> str:
    """The name of the member that is taken right from the beginning."""
    while head.type in MEMBERS:
        if awaited(head.of("object")) is first:
            return member_name(head)
        head = awaited(head.of("object"))
    return ""


def _worth(value: Syntax) -> Iterator[Syntax]:
    """A value; of the body of a getter what it gives back."""
    if value.type != "statement_block":
        yield value
    else:
        held = (each for each in walk(value) if each.type == "return_statement")
        yield from (part for each in held for part in each.held[:1])


def _says_env(node: Syntax) -> bool:
    pieces = (each for _, each in zip(range(_MOST_PIECES), walk(node), strict=False))
    return any(each.text == "env" for each in pieces)
