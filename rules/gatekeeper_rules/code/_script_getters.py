"""Getters of a Workflow in a script: code that runs where only a property is named."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.value import replace
from gatekeeper_rules.code._script_code import member_name
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
        if node.type not in MEMBERS or not region.is_this(node.of("object")):
            continue
        for file, member in region.code.members(region.owner, member_name(node)):
            key = (id(member), region.within is not None)
            if member.has("get") and key not in seen:
                seen.add(key)
                yield replace(region, file=file, function=member, roles=Roles())
