"""From a Workflow's `run` to the functions of the repository that it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from gatekeeper.source.script_chains import bare, given_to, is_function
from gatekeeper.source.script_syntax import Syntax, walk
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
from gatekeeper_rules.code._script_truth import is_kept

STEP_METHODS = frozenset({"do", "sleep", "sleepUntil", "waitForEvent"})
_MOST, _MOST_BESIDE, _MOST_OUTSIDE = 150, 60, 400
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


def graph_of(run: Region, *, thorough: bool = False) -> Graph:
    """All that `run` comes to; where the Workflow keeps its step is found out on the way.

    Where it is `thorough`, what has no step counts as well: all that runs outside of steps, and
    what of the Workflow itself its steps call.
    """
    kept = run.roles.kept
    for _ in range(_DEEPEST):
        graph = _graph(replace(run, roles=run.roles._replace(kept=kept)), thorough=thorough)
        found = frozenset(name for each in graph.regions for name in each.roles.kept)
        if found == kept:
            return graph
        kept = found
    return graph


class _Growth:
    """How many functions were found so far, and whether there were more than are followed."""

    def __init__(self, *, thorough: bool) -> None:
        self._thorough = thorough
        self._stepping = self._beside = 0
        self.whole = True

    def takes(self, entered: Region) -> bool:
        """Whether a function that is new is followed as well."""
        if _may_step(entered):
            self._stepping += 1
            fits = self._stepping <= _MOST and entered.depth <= _DEEPEST
            self.whole = self.whole and fits
            return fits
        if not (_matters(entered) if self._thorough else entered.within is None):
            return False
        self._beside += 1
        fits = self._beside <= (_MOST_OUTSIDE if self._thorough else _MOST_BESIDE)
        self.whole = self.whole and (fits or not self._thorough)
        return fits


def _graph(run: Region, *, thorough: bool) -> Graph:
    first = completed(run)
    found, seen = [first], {first.key: first}
    edges: dict[int, list[Edge]] = {}
    growth, pieces = _Growth(thorough=thorough), 0
    for region in found:
        pieces += len(region.nodes)
        for edge, entered in _entered(region) if pieces < _MOST_PIECES else ():
            if entered.key not in seen:
                if not growth.takes(entered):
                    continue
                seen[entered.key] = entered
                found.append(entered)
            edges.setdefault(id(seen[entered.key]), []).append(edge)
    return Graph(tuple(found), edges, growth.whole and pieces < _MOST_PIECES)


def _matters(region: Region) -> bool:
    """Whether a function runs outside of steps, or can change what lies around them."""
    return region.within is None or region.is_of_workflow


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
            yield from _as_value(region, node, node, How.LOST, within=_option_of(region, node))


def _by_call(region: Region, call: Syntax) -> Iterator[tuple[Edge, Region]]:
    function, given = bare(call.of("function")), given_to(call)
    if function.type in MEMBERS and region.is_step(function.of("object")):
        yield from _by_step(region, call)
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


def _by_step(region: Region, call: Syntax) -> Iterator[tuple[Edge, Region]]:
    """What a step is given; of a method that `step` does not have, all of it."""
    method, given = method_of(region, call), given_to(call)
    work = given[1:3] if method == "do" else given
    for argument in () if method and method != "do" else work:
        how = How.PROMISE if method else How.LOST
        yield from _as_value(region, call, argument, how, within=call)


def _option_of(region: Region, node: Syntax) -> Syntax | None:
    """The call of a step that is given a function in an object: how it is undone."""
    lexical = region.file.lexical
    for each in lexical.above(node):
        if each.type not in ("pair", "object"):
            call = lexical.parent(each)
            return call if each.type == "arguments" and method_of(region, call) else None
    return None


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
        return outer.field == "value" and not _is_called_by_name(region, lexical.parent(above))
    if above.type == "object":
        return not (is_function(node) and _is_called_by_name(region, above))
    if above.type in ("array", "return_statement", "yield_expression"):
        return True
    if above.type == "assignment_expression":
        return outer.field == "right"
    return above.type == "arrow_function" and outer.field == "body"


def _is_called_by_name(region: Region, literal: Syntax) -> bool:
    """Whether of an object only members are called, or given to calls, so that these are seen.

    What its functions call of it by `this` is not, nor what has no name of its own.
    """
    lexical = region.file.lexical
    name = lexical.parent(literal).of("name")
    declared = region.declared(name) if name.type == "identifier" else None
    if declared is None or not lexical.settled(name).type or not is_kept(lexical, name):
        return False
    if any(_is_unclear(each) for each in literal.held):
        return False
    return all(_is_of_call(region, each) for each in lexical.reads(declared))


def _is_unclear(part: Syntax) -> bool:
    """Whether a part of an object has a name that is worked out, or calls another by `this`."""
    # An arrow function's `this` is that of the code around the object.
    is_arrow = bare(part.of("value")).type == "arrow_function"
    unclear = {"computed_property_name", "spread_element", *(() if is_arrow else ("this",))}
    return any(each.type in unclear for each in walk(part))


def _is_of_call(region: Region, name: Syntax) -> bool:
    """Whether a member of what is named is called at once, or given to a call."""
    lexical = region.file.lexical
    member = lexical.parent(name)
    above = lexical.parent(member)
    return above.type == "arguments" or (
        above.type == "call_expression" and above.of("function") is member
    )
