"""From a Workflow's `run` to the functions of the repository that it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from gatekeeper.source.script_chains import bare, given_to, is_function
from gatekeeper.source.script_syntax import Syntax
from gatekeeper.source.script_targets import targets_of
from gatekeeper.value import dataclass, field, replace
from gatekeeper_rules.code._script_code import member_name
from gatekeeper_rules.code._script_handing import completed, handed
from gatekeeper_rules.code._script_regions import (
    MEMBERS,
    NAMES,
    Closure,
    How,
    Region,
    visible,
)

STEP_METHODS = frozenset({"do", "sleep", "sleepUntil", "waitForEvent"})
_MOST, _MOST_BESIDE = 150, 60
_DEEPEST = 14
_MOST_PIECES = 60_000
_CALLING = {
    **dict.fromkeys(("map", "flatMap", "from"), How.COLLECTION),
    **dict.fromkeys(("then", "catch", "finally", "reduce", "reduceRight"), How.PROMISE),
    **dict.fromkeys(("forEach", "filter", "some", "every", "find", "findIndex"), How.DROPPED),
    **dict.fromkeys(("sort", "findLast", "replace", "waitUntil"), How.DROPPED),
}
_LATER = frozenset({"queueMicrotask", "setImmediate", "setInterval", "setTimeout"})


class Edge(NamedTuple):
    """A place at which a region calls another one, and what it then holds of it."""

    region: Region
    node: Syntax
    how: How


@dataclass(frozen=True, eq=False)
class Graph:
    """The functions that `run` comes to (it is the first of them), and where from.

    `is_whole` is false where there are more than are followed.
    """

    regions: tuple[Region, ...]
    edges: dict[int, list[Edge]] = field(default_factory=dict)
    is_whole: bool = True

    def callers(self, region: Region) -> tuple[Edge, ...]:
        """From where a region is called; nothing for `run`."""
        return tuple(self.edges.get(id(region), ()))

    def called(self, region: Region, node: Syntax) -> tuple[Region, ...]:
        """The regions that a region calls at a piece of its code."""
        return self._called.get((id(region), id(node)), ())

    @cached_property
    def _called(self) -> dict[tuple[int, int], tuple[Region, ...]]:
        found: dict[tuple[int, int], tuple[Region, ...]] = {}
        for each in self.regions:
            for edge in self.edges.get(id(each), ()):
                key = (id(edge.region), id(edge.node))
                found[key] = (*found.get(key, ()), each)
        return found


def graph_of(run: Region) -> Graph:
    """All that `run` comes to; where the Workflow keeps its step is found out on the way."""
    kept = run.roles.kept
    for _ in range(_DEEPEST):
        graph = _graph(replace(run, roles=run.roles._replace(kept=kept)))
        found = frozenset(name for each in graph.regions for name in each.roles.kept)
        if found == kept:
            return graph
        kept = found
    return graph


def _graph(run: Region) -> Graph:
    first = completed(run)
    found, seen = [first], {first.key: first}
    edges: dict[int, list[Edge]] = {}
    pieces, beside, whole = 0, 0, True
    for region in found:
        pieces += len(region.nodes)
        for edge, entered in _entered(region) if pieces < _MOST_PIECES else ():
            held = seen.get(entered.key)
            if held is None and _may_step(entered):
                if len(found) - beside > _MOST or entered.depth > _DEEPEST:
                    whole = False
                    continue
                held = entered
            elif held is None:
                beside += 1
                if entered.within is not None or beside > _MOST_BESIDE:
                    continue
                held = entered
            if entered.key not in seen:
                seen[entered.key] = held
                found.append(held)
            edges.setdefault(id(held), []).append(edge)
    return Graph(tuple(found), edges, whole and pieces < _MOST_PIECES)


def _may_step(region: Region) -> bool:
    """Whether a function has what makes steps, or a function that may have it."""
    roles = region.roles
    return bool(roles.steps or roles.bags or roles.kept or roles.given or roles.selves)


def _entered(region: Region) -> Iterator[tuple[Edge, Region]]:
    for node in region.alive:
        if node.type == "call_expression":
            yield from _by_call(region, node)
        elif node.type == "new_expression":
            for given in node.of("arguments").held:
                yield from _as_value(region, node, given, How.LOST)
        elif (is_function(node) or node.type in NAMES) and _is_loose(region, node):
            yield from _as_value(region, node, node, How.LOST)


def _by_call(region: Region, call: Syntax) -> Iterator[tuple[Edge, Region]]:
    function, given = bare(call.of("function")), given_to(call)
    method = method_of(region, call)
    if method:
        for argument in given[1:3] if method == "do" else ():
            yield from _as_value(region, call, argument, How.PROMISE, within=call)
        return
    called = region.closures(function)
    for closure in called:
        yield _edge(region, call, closure, _how(closure), given)
    if called:
        return
    name = function.of("property").text if function.type in MEMBERS else ""
    how = _CALLING.get(name, How.LOST)
    if function.type in NAMES and function.text in _LATER:
        how = How.DROPPED
    for argument in given:
        yield from _as_value(region, call, argument, how)


def method_of(region: Region, call: Syntax) -> str:
    """The method of `step` that a call calls; empty for any other call."""
    function = bare(call.of("function"))
    if function.type not in MEMBERS or not region.is_step(function.of("object")):
        return ""
    name = member_name(function)
    return name if name in STEP_METHODS else ""


def _as_value(
    region: Region, node: Syntax, value: Syntax, how: How, within: Syntax | None = None
) -> Iterator[tuple[Edge, Region]]:
    """What a function that is handed on comes to be, where it is called with nothing of ours."""
    for each in region.closures(value):
        held = _how(each) if how is How.PROMISE else how
        yield _edge(region, node, each, held, (), within)


def _how(closure: Closure) -> How:
    is_generator = closure.place.function.has("*")
    return How.GENERATOR if is_generator else How.PROMISE


def _edge(
    region: Region,
    node: Syntax,
    closure: Closure,
    how: How,
    given: Iterable[Syntax],
    within: Syntax | None = None,
) -> tuple[Edge, Region]:
    place, around = closure
    file, function = place
    roles = around._replace(
        steps=visible(file, function, around.steps),
        bags=frozenset(each for each in around.bags if visible(file, function, [each[0]])),
        events=visible(file, function, around.events),
        envs=visible(file, function, around.envs),
        selves=visible(file, function, around.selves),
        given=tuple(each for each in around.given if visible(file, function, [each[0]])),
    )
    pairs = zip(targets_of(function), given, strict=False)
    roles = handed(region, roles, tuple(pairs))
    inside = within if within is not None else region.within
    entered = Region(region.code, region.owner, file, function, roles, inside, region.depth + 1)
    return Edge(region, node, how), completed(entered)


def _is_loose(region: Region, node: Syntax) -> bool:
    """Whether a function goes as a value where it cannot be seen who calls it."""
    lexical = region.file.lexical
    outer, above = node, lexical.parent(node)
    while above.type in ("parenthesized_expression", "as_expression", "satisfies_expression"):
        outer, above = above, lexical.parent(above)
    if above.type == "pair":
        return outer.field == "value"
    if above.type in ("array", "return_statement", "object", "yield_expression"):
        return True
    if above.type == "assignment_expression":
        return outer.field == "right"
    return above.type == "arrow_function" and outer.field == "body"
