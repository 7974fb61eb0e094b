"""Where a value goes from an expression of a script: arrays that are filled, choices."""

from __future__ import annotations

from gatekeeper.source.script_syntax import Syntax
from gatekeeper_rules.code._script_code import member_name
from gatekeeper_rules.code._script_regions import MEMBERS, Region

FILLING = frozenset({"add", "push", "splice", "unshift"})


def is_filled(region: Region, name: Syntax) -> bool:
    """Whether an array is named only to put something into it, or asked how long it is."""
    lexical = region.file.lexical
    above = lexical.parent(name)
    if above.type == "subscript_expression":
        around = lexical.parent(above)
        return around.type == "assignment_expression" and above.field == "left"
    return above.type in MEMBERS and member_name(above) in {*FILLING, "length", "size"}


def passes(above: Syntax, node: Syntax) -> bool:
    """Whether an expression is worth one of its parts, which is a promise."""
    if above.type == "ternary_expression":
        return node.field != "condition"
    if above.type == "sequence_expression":
        return above.held[-1] is node
    sign = above.of("operator").text
    if node.field == "left":
        return sign in ("||", "??")
    return sign in ("||", "??", "&&")
