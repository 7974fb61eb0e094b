"""Faults and doubts of a region of a script, at a piece of its code."""

from __future__ import annotations

from gatekeeper import Doubt, Excerpt, Finding, Side
from gatekeeper.source.script_chains import is_function
from gatekeeper.source.script_syntax import Syntax
from gatekeeper_rules.code._script_code import ScriptFile
from gatekeeper_rules.code._script_regions import Region
from gatekeeper_rules.code._script_told import brief, doubt_at, finding_at
from gatekeeper_rules.code._workflow_bounds import Written

_NAMED = frozenset({"class_declaration", "abstract_class_declaration", "class"})


def fault(region: Region, node: Syntax, message: str, fix: str) -> Finding:
    """A fault of a region's code."""
    return finding_at(region.file, node, message, fix, symbol=symbol_of(region))


def fault_on(file: ScriptFile | None, at: Written, message: str, fix: str) -> Finding:
    """A fault of what is written down in a script."""
    text = file.text(at.line) if file is not None else ""
    shows = (Excerpt(at.line, text),)
    return Finding(message, Side.HEAD, at.path, shows, fix, line=at.line, quoted=at.shown or text)


def doubt(region: Region, node: Syntax, reason: str) -> Doubt:
    """Something of a region's code that cannot be followed."""
    return doubt_at(region.file, node, reason)


def shown(node: Syntax) -> str:
    """A piece of code, put briefly."""
    return brief(node)


def symbol_of(region: Region) -> str:
    """The dotted name of the function that a region is."""
    lexical = region.file.lexical
    around = (region.function, *lexical.above(region.function))
    held = (each for each in around if is_function(each) or each.type in _NAMED)
    names = [_name(each, lexical.parent(each)) for each in held]
    return ".".join(reversed([each for each in names if each]))


def _name(node: Syntax, above: Syntax) -> str:
    if node.of("name").type:
        return node.of("name").text
    return above.of("name").text if above.type in ("variable_declarator", "pair") else ""
