"""Expressions of scripts as chains of names and calls: `expect(x).not.toBe(1)`."""

from __future__ import annotations

from typing import NamedTuple

from gatekeeper.source.script_syntax import NOTHING, Syntax, string_of

_WRAPS = frozenset(
    {
        *("parenthesized_expression", "as_expression", "satisfies_expression"),
        *("non_null_expression", "type_assertion", "instantiation_expression"),
    }
)
_LONGEST = 40
_FUNCTIONS = frozenset(
    {
        *("arrow_function", "function_expression", "function_declaration", "method_definition"),
        *("generator_function", "generator_function_declaration", "function"),
    }
)


class Link(NamedTuple):
    """A name of a chain, and what it is given where it is called (None where it is not)."""

    name: str
    given: tuple[Syntax, ...] | None


def bare(node: Syntax) -> Syntax:
    """An expression without brackets and without what only types see."""
    while node.type in _WRAPS and node.held:
        node = node.held[-1] if node.type == "type_assertion" else node.held[0]
    return node


def awaited(node: Syntax) -> Syntax:
    """As `bare`, also without `await`."""
    node = bare(node)
    while node.type == "await_expression" and node.held:
        node = bare(node.held[0])
    return node


def is_function(node: Syntax) -> bool:
    """Whether a piece is a function, of any form."""
    return node.type in _FUNCTIONS


def given_to(call: Syntax) -> tuple[Syntax, ...]:
    """The arguments of a call; of a tag its template."""
    held = call.of("arguments")
    return (held,) if held.type == "template_string" else held.held


def links(node: Syntax) -> tuple[Link, ...]:
    """The chain that an expression is, from its root; the root's name is empty for no name.

    Of one that is longer than any that people write, only its end.
    """
    found: list[Link] = []
    given: tuple[Syntax, ...] | None = None
    node = awaited(node)
    for _ in range(_LONGEST):
        if node.type == "call_expression":
            if given is not None:
                found.append(Link("", given))
            given, node = given_to(node), awaited(node.of("function"))
        elif node.type in ("member_expression", "subscript_expression"):
            found.append(Link(_member(node), given))
            given, node = None, awaited(node.of("object"))
        else:
            name = node.text if node.type in ("identifier", "this", "super") else ""
            found.append(Link(name, given))
            return tuple(reversed(found))
    return (Link("", None), *reversed(found))


def _member(node: Syntax) -> str:
    if node.type == "member_expression":
        return node.of("property").text
    return string_of(node.of("index")) or ""


def dotted(node: Syntax) -> str:
    """`a.b.c` of a chain, calls in between left out of it; with an empty root, `.b.c`."""
    return ".".join(each.name for each in links(node) if each.name or each.given is None)


def root_of(node: Syntax) -> Syntax:
    """What a chain begins with."""
    node = awaited(node)
    while node.type in ("call_expression", "member_expression", "subscript_expression"):
        field = "function" if node.type == "call_expression" else "object"
        node = awaited(node.of(field))
    return node


def body_of(function: Syntax) -> Syntax:
    """The body of a function: its block, or the expression that it returns."""
    return function.of("body")


def parameters_of(function: Syntax) -> tuple[str, ...]:
    """The names of a function's parameters; one that is a pattern has an empty name."""
    single = function.of("parameter")
    held = (single,) if single != NOTHING else function.of("parameters").held
    return tuple(_name(each) for each in held)


def _name(parameter: Syntax) -> str:
    target = parameter.of("pattern") if parameter.of("pattern") != NOTHING else parameter
    if target.type == "assignment_pattern":
        target = target.of("left")
    return target.text if target.type == "identifier" else ""
