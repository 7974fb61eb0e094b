"""Expressions and types of scripts, as code."""

from __future__ import annotations

from gatekeeper.source.code_tree import NOTHING, Kind, Node, joined
from gatekeeper.source.script_frame import Frame, beside, several
from gatekeeper.source.script_functions import applied
from gatekeeper.source.script_patterns import assigned
from gatekeeper.source.script_strings import text_of

_EITHER = frozenset({"||", "&&", "??"})
_THEN = frozenset({"then", "finally"})
_ALL = frozenset({"all", "allSettled"})
_DIGITS = 9
TAG = "`"
"""What the call of a tag has for its text; that of any other has none."""


def string(frame: Frame) -> Node:
    """A string constant."""
    return frame.node(Kind.STRING, text_of(frame.text[1:-1]))


def number(frame: Frame) -> Node:
    """A small integer; others are nothing."""
    digits = frame.text.replace("_", "")
    try:
        found = str(int(digits, 0)) if len(digits) <= _DIGITS else ""
    except ValueError:
        found = ""
    return frame.node(Kind.NUMBER, found) if found else NOTHING


def template(frame: Frame) -> Node:
    """A template: strings, and what is put between them."""
    return joined(frame.line, frame.column, frame.nodes())


def fragment(frame: Frame) -> Node:
    """A piece of a template."""
    return frame.node(Kind.STRING, text_of(frame.text))


def substitution(frame: Frame) -> Node:
    """`${…}` in a template."""
    return frame.node(Kind.FORMATTED, "", (several(frame, frame.nodes()),))


def member(frame: Frame) -> Node:
    """`owner.name`, also of modules and types."""
    owner = next((p.node for p in frame.parts if p.field in ("object", "module")), NOTHING)
    key = next((p.node for p in frame.parts if p.field in ("property", "name")), NOTHING)
    return frame.node(Kind.ATTRIBUTE, key.text, (owner,))


def subscript(frame: Frame) -> Node:
    """`owner[index]`; a constant index is a member."""
    owner, index = frame.field_of("object"), frame.field_of("index")
    if index.kind is Kind.STRING:
        return frame.node(Kind.ATTRIBUTE, index.text, (owner,))
    return frame.node(Kind.SUBSCRIPT, "", (owner, index))


def arguments(frame: Frame) -> Node:
    """What a call is given."""
    return frame.node(Kind.GROUP, "", frame.nodes())


def call(frame: Frame) -> Node:
    """A call, also with `new` or of a template; what gets a promise's value is seen through."""
    function = frame.field_of("function")
    if function == NOTHING:
        function = frame.field_of("constructor")
    given = frame.field_of("arguments")
    is_tag = given != NOTHING and given.kind is not Kind.GROUP
    held = (given,) if is_tag else given.parts
    types = frame.fields_of("type_arguments")
    if function.kind is Kind.LAMBDA:
        return beside(frame, frame.node(Kind.CALL, "", (applied(function, held),)), (*held, *types))
    made = frame.node(Kind.CALL, TAG, (function, *held)) if is_tag else None
    return beside(frame, made or _through(frame, function, held), types)


def _through(frame: Frame, function: Node, held: tuple[Node, ...]) -> Node:
    if function.kind is Kind.ATTRIBUTE and held:
        owner = function.parts[0]
        if function.text in _THEN and held[0].kind is Kind.LAMBDA:
            made = frame.node(Kind.CALL, "", (applied(held[0], (owner,)),))
            return beside(frame, made, held[1:])
        if function.text == "catch":
            return beside(frame, owner, held)
        is_promise = owner.kind is Kind.NAME and owner.text == "Promise"
        if is_promise and function.text in _ALL and held[0].kind is Kind.LIST:
            return held[0]
        if is_promise and function.text == "resolve":
            return beside(frame, held[0], held[1:])
    return frame.node(Kind.CALL, "", (function, *held))


def awaited(frame: Frame) -> Node:
    """`await value`."""
    return frame.node(Kind.AWAIT, "", (several(frame, frame.nodes()),))


def yielded(frame: Frame) -> Node:
    """`yield value`."""
    return frame.node(Kind.YIELD, "", frame.nodes())


def spread(frame: Frame) -> Node:
    """`...value`."""
    return frame.node(Kind.STAR, "", (several(frame, frame.nodes()),))


def inner(frame: Frame) -> Node:
    """What stands in brackets, or is only said to be of a type: the value itself."""
    held = [part.node for part in frame.parts if part.node != NOTHING]
    value, *types = held or [NOTHING]
    return beside(frame, value, types)


def asserted(frame: Frame) -> Node:
    """`<Type>value`."""
    *types, value = frame.nodes() or [NOTHING]
    return beside(frame, value, types)


def sequence(frame: Frame) -> Node:
    """`first, last`: the last one is the value."""
    *first, last = frame.nodes() or [NOTHING]
    return beside(frame, last, first)


def ternary(frame: Frame) -> Node:
    """`condition ? one : other`."""
    ways = (frame.field_of("consequence"), frame.field_of("alternative"))
    return beside(frame, frame.node(Kind.CHOICE, "", ways), (frame.field_of("condition"),))


def binary(frame: Frame) -> Node:
    """`+` on strings counts, and what gives one of its sides; the rest only holds code."""
    left, right = frame.field_of("left"), frame.field_of("right")
    if frame.has("+"):
        return frame.node(Kind.BINARY, "+", (left, right))
    if any(frame.has(sign) for sign in _EITHER):
        return frame.node(Kind.CHOICE, "", (left, right))
    return several(frame, frame.nodes())


def array(frame: Frame) -> Node:
    """An array literal."""
    return frame.node(Kind.LIST, "", frame.nodes())


def assignment(frame: Frame) -> Node:
    """`target = value`, also `||=`, `&&=` and `??=`: worth the value wherever it stands."""
    target, value = frame.field_of("left"), frame.field_of("right")
    if frame.has("+="):
        return frame.node(Kind.AUGMENT, "+", (target, value))
    if frame.type == "augmented_assignment_expression" and not _sets(frame):
        return several(frame, (target, value))
    made = list(assigned(target, value, "="))
    return made[0] if len(made) == 1 else beside(frame, value, made)


def _sets(frame: Frame) -> bool:
    return any(frame.has(sign) for sign in ("||=", "&&=", "??="))


def meta(frame: Frame) -> Node:
    """`import.meta` and `new.target`."""
    return frame.node(Kind.NAME, "import.meta")
