"""What becomes of a step of a script: whether somebody awaits it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from gatekeeper.source.script_chains import bare, given_to, is_function
from gatekeeper.source.script_lexical import Declared
from gatekeeper.source.script_syntax import Syntax
from gatekeeper.source.script_targets import named_in, targets_of
from gatekeeper_rules.code._script_code import member_name
from gatekeeper_rules.code._script_flows import (
    CHAINED,
    CHOICES,
    ENDS,
    FILLING,
    GATHERING,
    LATE,
    OF_HOW,
    SAME,
    UNREAD,
    WRAPS,
    Kind,
    is_filled,
    passes,
)
from gatekeeper_rules.code._script_following import Edge, Graph
from gatekeeper_rules.code._script_regions import MEMBERS, NAMES, How, Region
from gatekeeper_rules.code._script_steps import ScriptStep, steps_of
from gatekeeper_rules.code._workflow_fates import Fate

_MOST = 600
_Seen = frozenset[int]


class ScriptFates:
    """Follows the steps of a Workflow's regions to where they are awaited."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.steps = tuple(step for region in graph.regions for step in steps_of(region))
        self._floats = False
        self._left = 0
        self._floating: set[int] = set()
        self._used: dict[int, tuple[Syntax, ...]] = {}
        self._known = {id(each): self._followed(each) for each in self.steps}

    def of(self, step: ScriptStep) -> Fate:
        """What becomes of the step."""
        return self._known[id(step)]

    def floats(self, step: ScriptStep) -> bool:
        """Whether the step is not awaited on one of the ways that lead to it."""
        return id(step) in self._floating or self.of(step) is Fate.FLOATING

    def _followed(self, step: ScriptStep) -> Fate:
        self._floats, self._left = False, _MOST
        fate = self._flow(step.region, step.call, Kind.PROMISE, frozenset())
        if self._floats:
            self._floating.add(id(step))
        return fate

    # -- from a function to where it is called

    def _reached(self, region: Region, seen: _Seen) -> Fate:
        """What becomes of what a region awaits: whether the region itself is awaited."""
        if region.is_run:
            return Fate.AWAITED
        if id(region) in seen:
            return Fate.NEVER
        callers = self._graph.callers(region)
        return self._best(self._at(each, seen | {id(region)}) for each in callers)

    def _at(self, edge: Edge, seen: _Seen) -> Fate:
        if edge.region.file.is_dead(edge.node):
            return Fate.DEAD
        if edge.how in (How.DROPPED, How.LOST):
            return Fate.FLOATING if edge.how is How.DROPPED else Fate.UNKNOWN
        return self._flow(edge.region, edge.node, OF_HOW[edge.how], seen)

    def _best(self, fates: Iterable[Fate]) -> Fate:
        held = tuple(fates)
        self._floats = self._floats or Fate.FLOATING in held
        return max(held, default=Fate.NEVER)

    def _returned(self, region: Region, kind: Kind, seen: _Seen) -> Fate:
        """What becomes of what a region gives back without awaiting it."""
        if region.is_run:
            return Fate.AWAITED if kind is Kind.PROMISE else Fate.FLOATING
        if id(region) in seen:
            return Fate.NEVER
        if kind is Kind.PROMISE:
            return self._reached(region, seen)
        if region.function.has("async"):
            return Fate.UNKNOWN
        found = []
        for each in self._graph.callers(region):
            if each.how is How.PROMISE and not each.region.file.is_dead(each.node):
                found.append(self._flow(each.region, each.node, kind, seen | {id(region)}))
            else:
                found.append(Fate.UNKNOWN)
        return self._best(found)

    # -- from an expression on

    def _flow(self, region: Region, node: Syntax, kind: Kind, seen: _Seen) -> Fate:
        """What becomes of a promise, or of an array of them."""
        self._left -= 1
        if region.file.is_dead(node):
            return Fate.DEAD
        if self._left < 0:
            return Fate.UNKNOWN
        lexical = region.file.lexical
        above = lexical.parent(node)
        while above.type in WRAPS:
            node, above = above, lexical.parent(above)
        return self._flow_on(region, node, above, kind, seen)

    def _flow_on(
        self, region: Region, node: Syntax, above: Syntax, kind: Kind, seen: _Seen
    ) -> Fate:
        if above.type in ENDS:
            return Fate.FLOATING
        if above.type in CHOICES:
            return self._flow(region, above, kind, seen) if passes(above, node) else Fate.FLOATING
        reader = _READERS.get(above.type)
        if reader is not None:
            return reader(self, region, above, kind, seen)
        if above.type == "arguments":
            return self._handed(region, node, region.file.lexical.parent(above), kind, seen)
        return self._otherwise(region, node, above, kind, seen)

    def _awaited(self, region: Region, _: Syntax, kind: Kind, seen: _Seen) -> Fate:
        return self._reached(region, seen) if kind is Kind.PROMISE else Fate.FLOATING

    def _given_back(self, region: Region, _: Syntax, kind: Kind, seen: _Seen) -> Fate:
        return self._returned(region, kind, seen)

    def _listed(self, region: Region, above: Syntax, kind: Kind, seen: _Seen) -> Fate:
        is_it = kind is Kind.PROMISE
        return self._flow(region, above, Kind.ARRAY, seen) if is_it else Fate.UNKNOWN

    def _otherwise(
        self, region: Region, node: Syntax, above: Syntax, kind: Kind, seen: _Seen
    ) -> Fate:
        if above.type in MEMBERS and node.field == "object":
            return self._asked(region, above, kind, seen)
        if is_function(above) and node.field == "body":
            return self._returned(region, kind, seen)
        return Fate.UNKNOWN

    def _bound(self, region: Region, above: Syntax, kind: Kind, seen: _Seen) -> Fate:
        target = above.of("name")
        names = list(named_in(target))
        if target.type == "identifier":
            return self._named(region, target, kind, seen)
        if kind is Kind.PROMISE or not names:
            return Fate.FLOATING
        return max(self._named(region, each, Kind.PROMISE, seen) for each, _ in names)

    def _assigned(self, region: Region, node: Syntax, kind: Kind, seen: _Seen) -> Fate:
        target = bare(node.of("left"))
        around = self._flow(region, node, kind, seen)
        around = Fate.NEVER if around is Fate.FLOATING else around
        if target.type == "identifier":
            return max(around, self._named(region, target, kind, seen))
        owner = bare(target.of("object"))
        if target.type == "subscript_expression" and owner.type == "identifier":
            return max(around, self._named(region, owner, Kind.ARRAY, seen))
        return max(around, Fate.UNKNOWN)

    def _named(self, region: Region, name: Syntax, kind: Kind, seen: _Seen) -> Fate:
        """What becomes of what a name holds, by the places that say it."""
        declared = region.declared(name)
        if declared is None:
            return Fate.UNKNOWN
        if id(declared.name) in seen:
            return Fate.NEVER
        return self._read(region, declared, kind, seen | {id(declared.name)})

    def _read(self, region: Region, declared: Declared, kind: Kind, seen: _Seen) -> Fate:
        found = [Fate.FLOATING]
        for each in self._uses(region, declared):
            for home in self._homes(region, each):
                found.append(self._flow(home, each, kind, seen))
            if not self._homes(region, each):
                found.append(Fate.UNKNOWN)
        return max(found)

    def _uses(self, region: Region, declared: Declared) -> tuple[Syntax, ...]:
        """The places at which something comes of what a name holds."""
        if declared.key not in self._used:
            lexical = region.file.lexical
            self._used[declared.key] = tuple(
                each
                for each in lexical.reads(declared)
                if lexical.parent(each).type not in UNREAD and not is_filled(region, each)
            )
        return self._used[declared.key]

    def _homes(self, region: Region, node: Syntax) -> tuple[Region, ...]:
        """The regions that a piece of a region's script stands in."""
        function = region.file.lexical.function_of(node)
        if function is region.function:
            return (region,)
        return tuple(each for each in self._graph.regions if each.function is function)

    def _asked(self, region: Region, member: Syntax, kind: Kind, seen: _Seen) -> Fate:
        """What becomes of a promise or an array that is asked for a member."""
        lexical = region.file.lexical
        name, call = member_name(member), lexical.parent(member)
        is_called = call.type == "call_expression" and member.field == "function"
        if kind is Kind.PROMISE:
            chained = is_called and name in CHAINED
            return self._flow(region, call, kind, seen) if chained else Fate.FLOATING
        if is_called and name in SAME:
            return self._flow(region, call, kind, seen)
        if kind is Kind.ARRAY and name in ("length", "size"):
            return Fate.FLOATING
        return Fate.UNKNOWN

    def _spread(self, region: Region, node: Syntax, kind: Kind, seen: _Seen) -> Fate:
        above = region.file.lexical.parent(node)
        if kind is Kind.ARRAY and above.type == "array":
            return self._flow(region, above, kind, seen)
        if kind is Kind.ARRAY and above.type == "arguments":
            call = region.file.lexical.parent(above)
            return self._filled(region, call, seen)
        return Fate.UNKNOWN

    def _gone_through(self, region: Region, loop: Syntax, kind: Kind, seen: _Seen) -> Fate:
        """`for (const each of …)`, with `await` or without."""
        if loop.has("await"):
            return self._reached(region, seen)
        if kind is Kind.ARRAY and loop.of("left").type == "identifier":
            return self._named(region, loop.of("left"), Kind.PROMISE, seen)
        return Fate.UNKNOWN

    def _filled(self, region: Region, call: Syntax, seen: _Seen) -> Fate:
        """What becomes of what is put into an array."""
        function = bare(call.of("function"))
        owner = bare(function.of("object"))
        if function.of("property").text in FILLING and owner.type in NAMES:
            return self._named(region, owner, Kind.ARRAY, seen)
        return Fate.UNKNOWN

    def _handed(self, region: Region, node: Syntax, call: Syntax, kind: Kind, seen: _Seen) -> Fate:
        """What becomes of an argument."""
        function = bare(call.of("function"))
        outside = region.code.outside(region.file, function)
        owner, _, name = outside.rpartition(".")
        if owner == "js.Promise":
            return self._gathered(region, call, name, kind, seen)
        if outside == "js.Array.from":
            return self._flow(region, call, kind, seen)
        if outside.startswith("js.console.") or member_name(function) in LATE:
            return Fate.FLOATING
        if kind is Kind.PROMISE and function.of("property").text in FILLING:
            return self._filled(region, call, seen)
        entered = self._graph.called(region, call)
        place = next((i for i, each in enumerate(given_to(call)) if each is node), -1)
        found = [self._consumed(each, place, kind, seen) for each in entered]
        return self._best(found) if found else Fate.UNKNOWN

    def _gathered(self, region: Region, call: Syntax, name: str, kind: Kind, seen: _Seen) -> Fate:
        if kind is Kind.PROMISE:
            passes = name == "resolve"
            return self._flow(region, call, kind, seen) if passes else Fate.UNKNOWN
        if name in GATHERING:
            return self._flow(region, call, Kind.PROMISE, seen)
        return Fate.UNKNOWN

    def _consumed(self, entered: Region, place: int, kind: Kind, seen: _Seen) -> Fate:
        """What a function of the repository makes of an argument."""
        targets = targets_of(entered.function)
        if not 0 <= place < len(targets) or targets[place].type != "identifier":
            return Fate.UNKNOWN
        return self._named(entered, targets[place], kind, seen)


_READERS: Mapping[str, Callable[[ScriptFates, Region, Syntax, Kind, _Seen], Fate]] = {
    "array": ScriptFates._listed,
    **dict.fromkeys(
        ("assignment_expression", "augmented_assignment_expression"), ScriptFates._assigned
    ),
    "await_expression": ScriptFates._awaited,
    "for_in_statement": ScriptFates._gone_through,
    "return_statement": ScriptFates._given_back,
    "spread_element": ScriptFates._spread,
    "variable_declarator": ScriptFates._bound,
}
