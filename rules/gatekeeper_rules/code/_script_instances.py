"""The methods that an expression of a script calls on objects that the repository makes."""

from __future__ import annotations

from typing import NamedTuple

from gatekeeper.source.code_values import Sort, Value
from gatekeeper.source.script_chains import bare
from gatekeeper.source.script_syntax import NOTHING, Syntax
from gatekeeper.value import replace
from gatekeeper_rules.code._script_code import Place, ScriptFile, member_name
from gatekeeper_rules.code._script_regions import MEMBERS, Closure, Region, Roles
from gatekeeper_rules.code._script_truth import member_of


class Called(NamedTuple):
    """A function that is called, and the region with the object that has it as its own."""

    region: Region
    closure: Closure


def on_instances(region: Region, function: Syntax) -> tuple[Called, ...] | None:
    """What `object.method` means where the repository makes the object.

    None where it does not; nothing where what it makes has no such method to be seen.
    """
    if function.type not in MEMBERS:
        return None
    name = member_name(function)
    file, held = _made(region, bare(function.of("object")))
    if held.type == "object":
        places = region.code.functions(file, member_of(held, name))
        return tuple(Called(region, Closure(each, region.roles)) for each in places)
    classes = classes_of(region, file, held.of("constructor")) if held.type else ()
    if held.type != "new_expression" or not classes:
        return None
    found = ((each, region.code.method(each, name)) for each in classes)
    return tuple(_in(region, each, place) for each, place in found if place is not None)


def on_making(region: Region, made: Syntax) -> tuple[Called, ...] | None:
    """The constructors that `new` calls; None where no class of the repository is made."""
    classes = classes_of(region, region.file, made.of("constructor"))
    if not classes:
        return None
    found = ((each, region.code.method(each, "constructor")) for each in classes)
    return tuple(_in(region, each, place) for each, place in found if place is not None)


def classes_of(region: Region, file: ScriptFile, node: Syntax) -> tuple[Value, ...]:
    """The classes of the repository that a name means."""
    node = bare(node)
    declared = file.lexical.declared(node) if node.type == "identifier" else None
    if declared is None:
        return ()
    own = region.code.value_of(file, bare(file.lexical.settled(node)))
    values = {own} if own is not None else region.code.taken(file, declared)
    return tuple(sorted((each for each in values if each.sort is Sort.CLASS), key=str))


def _in(region: Region, owner: Value, place: Place) -> Called:
    return Called(replace(region, owner=owner), Closure(place, Roles()))


def _made(region: Region, node: Syntax) -> tuple[ScriptFile, Syntax]:
    """What an expression stands for that is written down: an object, or `new`."""
    if node.type in MEMBERS and region.is_this(node.of("object")):
        for file, member in region.code.members(region.owner, member_name(node)):
            if not member.has("static"):
                return file, bare(member.of("value"))
        return region.file, NOTHING
    if node.type == "identifier":
        return region.file, bare(region.file.lexical.settled(node))
    return region.file, node
