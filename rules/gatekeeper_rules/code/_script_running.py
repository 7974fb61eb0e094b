"""The `run` of a Workflow in a script, or why it cannot be told."""

from __future__ import annotations

from typing import NamedTuple

from gatekeeper import Doubt
from gatekeeper.source.script_syntax import Syntax
from gatekeeper.source.script_targets import targets_of
from gatekeeper_rules.code._script_code import (
    Place,
    ScriptCode,
    ScriptFile,
    own_members,
)
from gatekeeper_rules.code._script_following import Graph, graph_of
from gatekeeper_rules.code._script_regions import Region, Roles
from gatekeeper_rules.code._script_replaced import replaced, unnamed
from gatekeeper_rules.code._script_told import doubt_at
from gatekeeper_rules.code._workflow_in_scripts import ScriptClass

_UNCLEAR = "what this `run` is when it is called cannot be told"


class Run(NamedTuple):
    """What a Workflow runs; without a place it surely has no `run`, or there are doubts."""

    place: Place | None
    doubts: tuple[Doubt, ...] = ()


def run_of(code: ScriptCode, klass: ScriptClass) -> Run:
    """The `run` that the platform calls: of the class, or of the nearest that it extends."""
    held = code.block(klass.value)
    if held is None:
        reason = f"the class `{klass.name}` is not found where it is said to stand"
        return Run(None, (code.doubts.get(klass.path, Doubt(reason, klass.path, klass.line)),))
    file, node = held
    changed = tuple(replaced(code, klass))
    if changed:
        return Run(None, changed)
    decorated = [each for each in node.parts if each.type == "decorator"]
    above = file.lexical.parent(node)
    decorated += [each for each in above.parts if each.type == "decorator"]
    if decorated:
        reason = f"what the decorator makes of `{klass.name}` cannot be told"
        return Run(None, (doubt_at(file, decorated[0], reason),))
    return _member(code, klass)


def _member(code: ScriptCode, klass: ScriptClass) -> Run:
    for value in code.lineage(klass.value):
        held = code.block(value)
        if held is None:
            reason = f"what `{klass.name}` extends cannot be read"
            return Run(None, (Doubt(reason, klass.path, klass.line),))
        found = [each for each in own_members(held[1], "run") if not each.has("static")]
        if len(found) > 1:
            return Run(None, (doubt_at(held[0], found[-1], _UNCLEAR),))
        computed = tuple(unnamed(*held))
        if found and not computed:
            return _of_member(code, held[0], found[0])
        if computed:
            reason = (
                f"whether a member of `{klass.name}` with a computed name is `run` cannot be told"
            )
            return Run(None, (doubt_at(held[0], computed[0], reason),))
    return Run(None)


def _of_member(code: ScriptCode, file: ScriptFile, member: Syntax) -> Run:
    is_other = any(member.has(sign) for sign in ("get", "set", "*"))
    if is_other or _is_decorated(file, member):
        return Run(None, (doubt_at(file, member, _UNCLEAR),))
    if member.type == "method_definition":
        return Run(Place(file, member))
    found = code.functions(file, member.of("value"))
    if len(found) != 1:
        return Run(None, (doubt_at(file, member, _UNCLEAR),))
    return Run(found[0])


def _is_decorated(file: ScriptFile, member: Syntax) -> bool:
    if any(each.type == "decorator" for each in member.parts):
        return True
    around = file.lexical.parent(member).held
    before = [place for place, each in enumerate(around) if each is member]
    return bool(before and before[0] and around[before[0] - 1].type == "decorator")


def region_of(code: ScriptCode, klass: ScriptClass, place: Place) -> Region:
    """`run` as the platform calls it: with an event, and what makes steps."""
    targets = (*targets_of(place.function), *([None] * 2))[:2]
    event, step = targets
    steps = [id(step)] if step is not None and step.type == "identifier" else []
    events = [id(event)] if event is not None and event.type == "identifier" else []
    if event is not None and event.type != "identifier":
        declared = place.file.lexical.declarations.values()
        events = [each.key for each in declared if _is_of(place, each.name, event)]
    roles = Roles(steps=frozenset(steps), events=frozenset(events))
    return Region(code, klass.value, place.file, place.function, roles)


def _is_of(place: Place, name: Syntax, pattern: Syntax) -> bool:
    return any(each is pattern for each in place.file.lexical.above(name))


def followed(code: ScriptCode, klass: ScriptClass) -> Graph | None:
    """All that the `run` of a Workflow comes to; None where its `run` cannot be told."""
    place = run_of(code, klass).place
    return None if place is None else graph_of(region_of(code, klass, place))
