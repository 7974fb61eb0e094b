"""What expressions of a script are worth on their face: constants, and names that stand for one."""

from __future__ import annotations

from gatekeeper.source.script_chains import bare, is_function
from gatekeeper.source.script_constants import (
    NOTHING_AT_ALL,
    ORDERED,
    UNDEFINED,
    Worth,
    compared,
    is_true,
    literal,
    not_a_number,
)
from gatekeeper.source.script_lexical import Lexical
from gatekeeper.source.script_syntax import NOTHING, Syntax
from gatekeeper.source.script_targets import key_of

_DEEPEST = 12
_THINGS = frozenset({"array", "object", "regex", "class", "new_expression"})


def truth(lexical: Lexical, node: Syntax, depth: int = 0) -> bool | None:
    """Whether an expression is always true, always false, or neither (None)."""
    node = bare(node)
    if depth > _DEEPEST:
        return None
    if node.type == "unary_expression":
        return _negated(lexical, node, depth)
    if node.type == "binary_expression":
        return _of_two(lexical, node, depth)
    if node.type in _THINGS or is_function(node):
        return True
    held = value_of(lexical, node)
    if held is not None:
        return is_true(held)
    meant = meant_by(lexical, node)
    return truth(lexical, meant, depth + 1) if meant.type else None


def _negated(lexical: Lexical, node: Syntax, depth: int) -> bool | None:
    if node.has("void"):
        return False
    inner = truth(lexical, node.of("argument"), depth + 1) if node.has("!") else None
    return None if inner is None else not inner


def _of_two(lexical: Lexical, node: Syntax, depth: int) -> bool | None:
    sign = node.of("operator").text
    left, right = node.of("left"), node.of("right")
    if sign in ("&&", "||"):
        ways = [truth(lexical, each, depth + 1) for each in (left, right)]
        ending = sign == "||"
        if ending in ways:
            return ending
        return None if None in ways else not ending
    one, other = value_of(lexical, left), value_of(lexical, right)
    return None if one is None or other is None else compared(sign, one, other)


def first_test(lexical: Lexical, loop: Syntax) -> bool | None:
    """Whether `for (let i = 1; i < 0; …)` begins at all: None where nobody can tell."""
    test = bare(loop.of("condition"))
    if test.type != "binary_expression" or test.of("operator").text not in ORDERED:
        return None
    sides = []
    for each in (test.of("left"), test.of("right")):
        held = lexical.declared(each) if bare(each).type == "identifier" else None
        own = held is not None and not held.way and _stands_in(lexical, held.node, loop)
        sides.append(value_of(lexical, held.value if own and held is not None else each))
    one, other = sides
    if one is None or other is None:
        return None
    return compared(test.of("operator").text, one, other)


def _stands_in(lexical: Lexical, declarator: Syntax, loop: Syntax) -> bool:
    return lexical.parent(declarator) is loop.of("initializer")


def worth(lexical: Lexical, node: Syntax) -> Worth | None:
    """As `value_of`, but None for `null` and `undefined`."""
    held = value_of(lexical, node)
    return None if held in NOTHING_AT_ALL else held


def value_of(lexical: Lexical, node: Syntax) -> Worth | None:
    """The constant that an expression is, or stands for; None where it is none."""
    for _ in range(_DEEPEST):
        node = bare(node)
        made = _literal(lexical, node)
        if made is not None:
            return made
        node = meant_by(lexical, node)
        if not node.type:
            return None
    return None


def _literal(lexical: Lexical, node: Syntax) -> Worth | None:
    if node.type == "identifier" and lexical.declared(node) is None:
        if node.text == "NaN":
            return not_a_number()
        if node.text == "undefined":
            return UNDEFINED
    return literal(node) if node.type != "undefined" or lexical.declared(node) is None else None


def meant_by(lexical: Lexical, node: Syntax) -> Syntax:
    """What a name, or a member of an object that nothing changes, stands for; else NOTHING."""
    node = bare(node)
    if node.type in ("identifier", "shorthand_property_identifier"):
        return lexical.settled(node)
    if node.type != "member_expression":
        return NOTHING
    owner = bare(node.of("object"))
    held = bare(lexical.settled(owner)) if owner.type == "identifier" else NOTHING
    if held.type != "object" or not is_kept(lexical, owner):
        return NOTHING
    return member_of(held, node.of("property").text)


def member_of(literal: Syntax, name: str) -> Syntax:
    """The value of a property of an object literal; NOTHING where it is not plainly there."""
    found = NOTHING
    for each in literal.held:
        if each.type == "spread_element":
            found = NOTHING
        elif each.type == "pair" and key_of(each.of("key")) == name:
            found = each.of("value")
        elif _said_by(each) == name:
            found = each
    return found


def _said_by(part: Syntax) -> str:
    if part.type == "method_definition":
        return key_of(part.of("name"))
    return part.text if part.type == "shorthand_property_identifier" else ""


def is_kept(lexical: Lexical, owner: Syntax) -> bool:
    """Whether an object is only ever read, member by member."""
    declared = lexical.declared(owner)
    for each in lexical.reads(declared) if declared is not None else ():
        above = lexical.parent(each)
        if above.type == "export_specifier":
            continue
        around = lexical.parent(above)
        is_set = around.of("left") is above and around.type.endswith("assignment_expression")
        if above.type != "member_expression" or is_set or around.type == "update_expression":
            return False
    return True


def is_empty(lexical: Lexical, node: Syntax) -> bool:
    """Whether what is gone through is surely nothing: `[]`, `{}`, or a name used only there."""
    held = bare(node)
    if held.type == "identifier":
        declared = lexical.declared(held)
        if declared is None or len(lexical.reads(declared)) > 1:
            return False
        held = bare(lexical.settled(held))
    return held.type in ("array", "object") and not held.held
