"""Getters of Workflows and objects in a script: code that runs where a property is named."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.source.script_chains import bare
from gatekeeper.source.script_syntax import Syntax
from gatekeeper.source.script_targets import key_of
from gatekeeper.value import replace
from gatekeeper_rules.code._script_code import ScriptFile, member_name
from gatekeeper_rules.code._script_following import Graph
from gatekeeper_rules.code._script_regions import MEMBERS, Region, Roles


def getters_of(graph: Graph) -> tuple[Region, ...]:
    """The getters that the regions of a Workflow come to, each as a region of its own."""
    found: list[Region] = []
    seen: set[tuple[int, bool]] = set()
    for region in graph.regions:
        found += _fresh(region, seen)
    for region in found:
        found += _fresh(region, seen)
    return tuple(found)


def _fresh(region: Region, seen: set[tuple[int, bool]]) -> Iterator[Region]:
    for node in region.alive:
        if node.type not in MEMBERS:
            continue
        for file, member in _meant(region, node):
            key = (id(member), region.within is not None)
            if member.has("get") and key not in seen:
                seen.add(key)
                yield replace(region, file=file, function=member, roles=Roles())


def _meant(region: Region, node: Syntax) -> Iterator[tuple[ScriptFile, Syntax]]:
    """What defines a member of the Workflow, or of an object that a name stands for."""
    owner, name = bare(node.of("object")), member_name(node)
    if region.is_this(owner):
        yield from region.code.members(region.owner, name)
    held = bare(region.file.lexical.settled(owner)) if owner.type == "identifier" else owner
    for each in held.held if held.type == "object" else ():
        if each.type == "method_definition" and key_of(each.of("name")) == name:
            yield region.file, each
