"""Where a promise goes from an expression of a script: words, arrays that are filled, choices."""

from __future__ import annotations

from enum import Enum

from gatekeeper.source.script_syntax import Syntax
from gatekeeper_rules.code._script_code import member_name
from gatekeeper_rules.code._script_regions import MEMBERS, How, Region

WRAPS = frozenset(
    {
        *("parenthesized_expression", "as_expression", "satisfies_expression"),
        *("non_null_expression", "type_assertion"),
    }
)
CHAINED = frozenset({"catch", "finally", "then"})
GATHERING = frozenset({"all", "allSettled", "any", "race"})
SAME = frozenset({"concat", "filter", "flat", "reverse", "slice", "values"})
LATE = frozenset({"waitUntil"})
CHOICES = frozenset({"binary_expression", "sequence_expression", "ternary_expression"})
ENDS = frozenset(
    {
        *("expression_statement", "for_statement", "if_statement", "template_substitution"),
        *("unary_expression", "while_statement"),
    }
)
UNREAD = frozenset({"export_specifier", "type_query"})


class Kind(Enum):
    """What an expression is: a promise, an array of them, or what runs when it is gone through."""

    PROMISE = 1
    ARRAY = 2
    GENERATOR = 3


OF_HOW = {How.PROMISE: Kind.PROMISE, How.COLLECTION: Kind.ARRAY, How.GENERATOR: Kind.GENERATOR}
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
