"""The names that patterns and parameters of scripts bind, and what leads to each."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.source.script_strings import text_of
from gatekeeper.source.script_syntax import Syntax

REST = "..."
_PLAIN = frozenset({"identifier", "shorthand_property_identifier_pattern"})
_WRAPS = frozenset({"assignment_pattern", "object_assignment_pattern"})


def named_in(pattern: Syntax) -> Iterator[tuple[Syntax, tuple[str, ...]]]:
    """Each identifier that a pattern binds, with the keys on the way to it.

    A place in an array has an empty key, what is left over `...`.
    """
    waiting: list[tuple[Syntax, tuple[str, ...]]] = [(pattern, ())]
    while waiting:
        node, way = waiting.pop()
        if node.type in _PLAIN:
            is_key = node.type != "identifier"
            yield node, (*way, node.text) if is_key else way
        elif node.type in _WRAPS:
            waiting.append((node.of("left"), way))
        elif node.type == "pair_pattern":
            waiting.append((node.of("value"), (*way, key_of(node.of("key")))))
        elif node.type == "rest_pattern":
            waiting += [(each, (*way, REST)) for each in node.held]
        elif node.type == "array_pattern":
            waiting += [(each, (*way, "")) for each in reversed(node.held)]
        elif node.type == "object_pattern":
            waiting += [(each, way) for each in reversed(node.held)]


def key_of(key: Syntax) -> str:
    """The name of a property as it is written; empty where it is computed."""
    if key.type == "string":
        return text_of(key.text[1:-1])
    return key.text if key.type in ("property_identifier", "number") else ""


def targets_of(function: Syntax) -> tuple[Syntax, ...]:
    """The pattern of each parameter, without types and defaults; `this` of types left out."""
    single = function.of("parameter")
    held = (single,) if single.type else function.of("parameters").held
    found = (_target(each) for each in held if each.type != "decorator")
    return tuple(each for each in found if each.type != "this")


def _target(parameter: Syntax) -> Syntax:
    target = parameter.of("pattern") if parameter.of("pattern").type else parameter
    return target.of("left") if target.type == "assignment_pattern" else target
