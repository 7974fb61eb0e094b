"""Where what makes steps goes out of sight, so that what is done with it cannot be told."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from gatekeeper import Doubt
from gatekeeper_rules.code._workflow_regions import Region
from gatekeeper_rules.code._workflow_told import doubt, shown


def escapes(regions: Iterable[Region]) -> Iterator[Doubt]:
    """A doubt for each place at which `step` is handed to what cannot be followed."""
    for region in regions:
        for node in region.alive:
            if isinstance(node, ast.expr) and _is_lost(region, node):
                above = region.parents.get(node, node)
                reason = f"what becomes of `step` in `{shown(above)}` cannot be followed"
                yield doubt(region, node, reason)


def _is_lost(region: Region, node: ast.expr) -> bool:
    read = isinstance(getattr(node, "ctx", None), ast.Load)
    return read and region.is_step(node) and not _is_followed(region, node)


def _is_followed(region: Region, node: ast.expr) -> bool:
    above = region.parents.get(node)
    match above:
        case ast.Attribute():
            return True
        case ast.Assign(targets=[ast.Name()]) | ast.AnnAssign(target=ast.Name()):
            return True
        case ast.Assign(targets=[ast.Attribute(value=owner)]):
            return region.is_receiver(owner)
        case ast.Call():
            return bool(region.called(above)) and above.func is not node
        case ast.keyword():
            call = region.parents.get(above)
            return (
                above.arg is not None and isinstance(call, ast.Call) and bool(region.called(call))
            )
        case _:
            return False
