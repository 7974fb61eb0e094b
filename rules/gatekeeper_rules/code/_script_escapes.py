"""Where what makes steps goes out of sight in a script."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Doubt
from gatekeeper.source.script_chains import bare, given_to
from gatekeeper.source.script_syntax import Syntax
from gatekeeper.source.script_targets import targets_of
from gatekeeper_rules.code._script_following import Graph, method_of
from gatekeeper_rules.code._script_regions import MEMBERS, NAMES, Region
from gatekeeper_rules.code._script_told import brief, doubt_at

_WRAPS = frozenset(
    {
        *("parenthesized_expression", "as_expression", "satisfies_expression"),
        *("non_null_expression", "type_assertion"),
    }
)
_LOOKED_AT = frozenset(
    {
        *("expression_statement", "if_statement", "binary_expression", "unary_expression"),
        *("template_substitution", "type_query", "export_specifier"),
    }
)
_TOUCHES = frozenset(
    {
        *("assign", "defineProperty", "defineProperties", "getPrototypeOf", "set"),
        "setPrototypeOf",
    }
)


def escapes(graph: Graph) -> Iterator[Doubt]:
    """A doubt for each place at which `step` is handed to what cannot be followed."""
    for region in graph.regions:
        for node in region.alive:
            if (node.type in NAMES or node.type in MEMBERS) and region.is_step(node):
                piece, above = _around(region, node)
                if not _is_followed(graph, region, piece, above):
                    reason = f"what becomes of `step` in `{brief(above)}` cannot be followed"
                    yield doubt_at(region.file, node, reason)


def tampering(graph: Graph) -> Iterator[Doubt]:
    """A doubt where `step`, or a name that holds it, is made something else."""
    for region in graph.regions:
        changes = [each for each in region.nodes if _sets(region, each) or _touches(region, each)]
        for node in (*changes, *_written(region)):
            yield doubt_at(region.file, node, f"`{brief(node)}` changes what makes steps")


def _sets(region: Region, node: Syntax) -> bool:
    if not node.type.endswith("assignment_expression"):
        return False
    target = bare(node.of("left"))
    if target.type in MEMBERS and _is_of_step(region, target.of("object")):
        return True
    return region.is_step(target) and not region.is_step(node.of("right"))


def _is_of_step(region: Region, node: Syntax) -> bool:
    """Whether something is `step`, or a member of it at any depth."""
    node = bare(node)
    while node.type in MEMBERS and not region.is_step(node):
        node = bare(node.of("object"))
    return region.is_step(node)


def _written(region: Region) -> Iterator[Syntax]:
    lexical = region.file.lexical
    for key in region.roles.steps:
        declared = lexical.declarations.get(key)
        for write in lexical.writes(declared) if declared is not None else ():
            if not region.is_step(write.of("right")):
                yield write


def _touches(region: Region, call: Syntax) -> bool:
    if call.type != "call_expression":
        return False
    function, given = bare(call.of("function")), given_to(call)
    is_owner = function.of("object").text in ("Object", "Reflect")
    is_change = is_owner and function.of("property").text in _TOUCHES
    return bool(is_change and given and _is_of_step(region, given[0]))


def _around(region: Region, node: Syntax) -> tuple[Syntax, Syntax]:
    """A piece with what only types see around it, and what that stands in."""
    lexical = region.file.lexical
    above = lexical.parent(node)
    while above.type in _WRAPS:
        node, above = above, lexical.parent(above)
    return node, above


def _is_followed(graph: Graph, region: Region, node: Syntax, above: Syntax) -> bool:
    lexical = region.file.lexical
    if above.type in MEMBERS:
        call = lexical.parent(above)
        is_called = call.type == "call_expression" and bool(method_of(region, call))
        return is_called or node.field != "object"
    if above.type == "variable_declarator":
        return above.of("name").type == "identifier" or above.of("name") is node
    if above.type == "assignment_expression":
        return _is_plain(region, bare(above.of("left")))
    if above.type == "arguments":
        return _is_taken(graph, region, lexical.parent(above), node)
    literal = lexical.parent(above) if above.type == "pair" else above
    is_bag = literal.type == "object" and _is_in_bag(graph, region, lexical.parent(literal))
    return is_bag or above.type in _LOOKED_AT


def _is_plain(region: Region, target: Syntax) -> bool:
    owned = target.type in MEMBERS and region.is_this(target.of("object"))
    return target.type == "identifier" or owned


def _is_in_bag(graph: Graph, region: Region, around: Syntax) -> bool:
    """Whether the object that holds it goes to a name, or to a function of the repository."""
    if around.type == "variable_declarator":
        return around.of("name").type in ("identifier", "object_pattern")
    call = region.file.lexical.parent(around)
    return around.type == "arguments" and bool(graph.called(region, call))


def _is_taken(graph: Graph, region: Region, call: Syntax, node: Syntax) -> bool:
    """Whether each function that a call means has a plain parameter for an argument."""
    entered = graph.called(region, call)
    lexical = region.file.lexical
    places = [
        place
        for place, each in enumerate(given_to(call))
        if each is node or any(one is each for one in lexical.above(node))
    ]
    for each in entered:
        targets = targets_of(each.function)
        if not places or places[0] >= len(targets) or targets[places[0]].type != "identifier":
            return False
    return bool(entered)
