"""What expectations of scripts hold whatever happens, and which look at nothing of the code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gatekeeper.source.script_chains import (
    awaited,
    bare,
    given_to,
    is_function,
    links,
)
from gatekeeper.source.script_constants import compared, is_true, literal
from gatekeeper.source.script_syntax import Syntax, said, walk
from gatekeeper_rules.suite._script_matchers import Matched

MADE = frozenset({"array", "object", "regex", "class"})
_ASKS = frozenset({"call_expression", "await_expression", "new_expression", "subscript_expression"})
_WRITTEN = frozenset(
    {
        *("string", "string_fragment", "escape_sequence", "template_string", "number", "regex"),
        *("true", "false", "null", "undefined", "array", "object", "pair", "property_identifier"),
        *("unary_expression", "binary_expression", "ternary_expression", "sequence_expression"),
        *("parenthesized_expression", "as_expression", "satisfies_expression", "predefined_type"),
        *("template_substitution", "member_expression", "spread_element", "identifier"),
        *("computed_property_name", "non_null_expression", "type_identifier", "literal_type"),
    }
)
_OF_VALUES_WORDS = """
holds toContain toContainEqual toMatch match include contain toHaveLength lengthOf toMatchObject
toBeGreaterThan toBeGreaterThanOrEqual toBeLessThan toBeLessThanOrEqual toBeCloseTo closeTo
toHaveProperty property toBeInstanceOf instanceOf instanceof a an toBeTypeOf above below least most
"""
_OF_VALUES = frozenset((*_OF_VALUES_WORDS.split(), "is there"))
_QUIET = frozenset({"forEach", "map", "every", "some", "filter", "find", "includes", "join"})
_LITERALS = frozenset({"string", "number", "true", "false", "null", "undefined"})
_DEEPEST = 8

Settled = Mapping[str, Syntax]
"""What names stand for that are bound once to what is written down."""


def truth(node: Syntax, settled: Settled, depth: int = 0) -> bool | None:
    """Whether a value is true or false whatever happens; None where it depends."""
    node = bare(node)
    if depth > _DEEPEST:
        return None
    match node.type:
        case "true" | "false" | "null" | "undefined" | "number" | "string" | "template_string":
            held = literal(node)
            return None if held is None else is_true(held)
        case "identifier":
            meant = settled.get(node.text)
            return None if meant is None else truth(meant, settled, depth + 1)
        case "unary_expression" if node.has("!"):
            inner = truth(node.of("argument"), settled, depth + 1)
            return None if inner is None else not inner
        case "binary_expression":
            return _of_binary(node, settled, depth)
    return True if node.type in MADE or is_function(node) else None


def _of_binary(node: Syntax, settled: Settled, depth: int) -> bool | None:
    left, right, sign = node.of("left"), node.of("right"), node.of("operator").text
    if sign in ("===", "==") and is_the_same(left, right, settled):
        return True
    if sign not in ("||", "&&"):
        one, other = literal(bare(left)), literal(bare(right))
        return None if one is None or other is None else compared(sign, one, other)
    ways = [truth(each, settled, depth + 1) for each in (left, right)]
    decisive = sign == "||"
    if decisive in ways:
        return decisive
    return None if None in ways else not decisive


def is_the_same(left: Syntax, right: Syntax, settled: Settled) -> bool:
    """Whether both are one name, or one literal; what is asked twice may answer twice."""
    pairs = ((bare(left), bare(right)), (_meant(left, settled), _meant(right, settled)))
    return any(
        said(one) == said(other) and not any(each.type in _ASKS for each in walk(one))
        for one, other in pairs
    )


def _meant(node: Syntax, settled: Settled) -> Syntax:
    """What a name stands for, as long as that is a literal, or another name of that kind."""
    node = bare(node)
    for _ in range(_DEEPEST):
        held = bare(settled.get(node.text, node)) if node.type == "identifier" else node
        is_name = held.type == "identifier" and held.text in settled
        if held is node or not (is_name or held.type in _LITERALS):
            break
        node = held
    return node


def looks_at_values(found: Matched) -> bool:
    """Whether a matcher holds its subject against something, and asks nothing else."""
    way = found.way.removeprefix("not ")
    return way.startswith("==") or way in _OF_VALUES


def is_written(nodes: Iterable[Syntax], settled: Settled) -> bool:
    """Whether values are all written down by the test itself."""
    return all(_is_made(each, settled, 0) for each in nodes)


def _is_made(node: Syntax, settled: Settled, depth: int) -> bool:
    if depth > _DEEPEST:
        return False
    node = awaited(node)
    if node.type == "call_expression" and said(node.of("function")) == "Promise.resolve":
        return all(_is_made(each, settled, depth + 1) for each in given_to(node))
    for each in walk(node):
        if each.type and each.type not in _WRITTEN:
            return False
        if each.type == "identifier" and not _is_settled(each, settled, depth):
            return False
    return True


def _is_settled(name: Syntax, settled: Settled, depth: int) -> bool:
    if name.text in ("undefined", "NaN", "Infinity"):
        return True
    held = settled.get(name.text)
    return held is not None and _is_made(held, settled, depth + 1)


def settled_in(nodes: Iterable[Syntax], around: Settled) -> Settled:
    """What the names stand for that a piece of code binds once, by `const`, and does not touch."""
    held = tuple(nodes)
    found: dict[str, Syntax] = {}
    bound: dict[str, int] = {}
    for each in held:
        if each.type == "lexical_declaration" and each.has("const"):
            for one in each.held:
                name, value = one.of("name"), one.of("value")
                if name.type == "identifier" and value.type:
                    found[name.text] = value
        for text in _bound(each):
            bound[text] = bound.get(text, 0) + 1
    touched = _touched(held)
    kept = {name: value for name, value in found.items() if bound.get(name, 0) == 1}
    kept = {name: value for name, value in kept.items() if _may_keep(name, value, touched)}
    return {**{name: value for name, value in around.items() if name not in bound}, **kept}


def _bound(node: Syntax) -> Iterable[str]:
    if node.type == "variable_declarator":
        return [each.text for each in walk(node.of("name")) if "identifier" in each.type]
    if node.type in ("required_parameter", "optional_parameter"):
        return [each.text for each in walk(node.of("pattern")) if "identifier" in each.type]
    if node.type == "formal_parameters" or node.field == "parameter":
        return [each.text for each in (*node.held, node) if each.type == "identifier"]
    if node.type == "for_in_statement":
        return [each.text for each in walk(node.of("left")) if each.type == "identifier"]
    return ()


def _may_keep(name: str, value: Syntax, touched: frozenset[str]) -> bool:
    changeable = bare(value).type in ("array", "object", "new_expression", "class")
    return not (changeable and name in touched)


def _touched(nodes: Iterable[Syntax]) -> frozenset[str]:
    """The names whose values something may change: handed to a call, asked for a method, set."""
    found: set[str] = set()
    for each in nodes:
        if each.type in ("pair", "array"):
            found |= {bare(one).text for one in each.held if bare(one).type == "identifier"}
        elif each.type == "shorthand_property_identifier":
            found.add(each.text)
        elif each.type == "call_expression" and links(each)[0].name not in ("expect", "assert"):
            function = bare(each.of("function"))
            quiet = function.of("property").text in _QUIET
            owner = () if quiet else (function.of("object"),)
            found |= {bare(one).text for one in (*owner, *given_to(each))} - {""}
        elif each.type in ("assignment_expression", "augmented_assignment_expression"):
            found |= {one.text for one in walk(each.of("left")) if one.type == "identifier"}
    return frozenset(found)
