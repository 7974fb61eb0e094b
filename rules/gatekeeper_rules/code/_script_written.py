"""What is written down in a script: constants, numbers put together, objects of them."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.source.script_chains import bare, is_function
from gatekeeper.source.script_syntax import Syntax
from gatekeeper.source.script_targets import key_of
from gatekeeper_rules.code._script_code import ScriptFile
from gatekeeper_rules.code._script_faults import shown
from gatekeeper_rules.code._script_regions import Region
from gatekeeper_rules.code._script_truth import meant_by, value_of
from gatekeeper_rules.code._workflow_bounds import Written

_DEEPEST = 8
_SIGNS = frozenset({"*", "+", "-", "/"})


def written(file: ScriptFile, node: Syntax, depth: int = 0) -> Written:
    """What an expression says, as far as it is constant; of an object its constant keys."""
    held = bare(node)
    found = constant(file, held)
    entries = tuple(_entries(file, held, depth + 1)) if depth < _DEEPEST else ()
    return Written(file.path, node.line, shown(node), found, entries)


def constant(file: ScriptFile, node: Syntax, depth: int = 0) -> str | float | None:
    """The string or number that an expression is; of numbers also what signs make of them."""
    node = bare(node)
    if depth > _DEEPEST:
        return None
    found = value_of(file.lexical, node)
    if found is not None:
        return found[1] if isinstance(found[1], str | float) else None
    if node.type == "unary_expression" and node.has("-"):
        inner = constant(file, node.of("argument"), depth + 1)
        return -inner if isinstance(inner, float) else None
    if node.type == "binary_expression":
        return _combined(file, node, depth + 1)
    meant = meant_by(file.lexical, node)
    return constant(file, meant, depth + 1) if meant.type else None


def _combined(file: ScriptFile, node: Syntax, depth: int) -> str | float | None:
    sign = node.of("operator").text
    if sign not in _SIGNS:
        return None
    left = constant(file, node.of("left"), depth)
    right = constant(file, node.of("right"), depth)
    if sign == "+" and isinstance(left, str) and isinstance(right, str):
        return left + right
    if not isinstance(left, float) or not isinstance(right, float):
        return None
    if sign == "/":
        return left / right if right else None
    return {"*": left * right, "+": left + right, "-": left - right}[sign]


def _entries(file: ScriptFile, node: Syntax, depth: int) -> Iterator[tuple[str, Written]]:
    if node.type != "object":
        return
    for each in node.held:
        if each.type == "spread_element" and each.held:
            further = bare(each.held[0])
            meant = further if further.type == "object" else bare(meant_by(file.lexical, further))
            if depth < _DEEPEST:
                yield from _entries(file, meant, depth + 1)
        elif each.type == "shorthand_property_identifier":
            yield each.text, written(file, each, depth)
        elif each.type == "pair":
            key = _key(file, each.of("key"))
            if key:
                yield key, written(file, each.of("value"), depth)


def _key(file: ScriptFile, key: Syntax) -> str:
    if key.type != "computed_property_name":
        return key_of(key)
    found = constant(file, key.held[0]) if key.held else None
    return found if isinstance(found, str) else ""


def objects(region: Region, node: Syntax, depth: int = 0) -> Iterator[Written]:
    """The objects that an expression can be: written here, by a name, or what a function gives."""
    held = bare(node)
    if held.type == "object":
        yield written(region.file, held)
    elif held.type == "call_expression":
        yield from _given(region, held)
    elif depth < _DEEPEST:
        for each in _worth(region, held):
            yield from objects(region, each, depth + 1)


def _worth(region: Region, node: Syntax) -> tuple[Syntax, ...]:
    if node.type == "ternary_expression":
        return node.of("consequence"), node.of("alternative")
    meant = meant_by(region.file.lexical, node)
    return (meant,) if meant.type else ()


def _given(region: Region, call: Syntax) -> Iterator[Written]:
    """The objects that functions of the repository give back."""
    for closure in region.closures(call.of("function")):
        file, function = closure.place
        for each in returned(function):
            if bare(each).type == "object":
                yield written(file, bare(each))


def returned(function: Syntax) -> Iterator[Syntax]:
    """What a function gives back; what functions in it give back is theirs."""
    body = function.of("body")
    if body.type != "statement_block":
        yield body
        return
    waiting = [body]
    while waiting:
        node = waiting.pop()
        if node.type == "return_statement":
            yield from node.held[:1]
        if not is_function(node):
            waiting.extend(reversed(node.parts))
