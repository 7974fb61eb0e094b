"""What pieces of scripts change: names, properties, and collections by their methods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatekeeper.source.script_chains import bare
from gatekeeper.source.script_lexical import Declared, Declares
from gatekeeper.source.script_syntax import NOTHING, Syntax
from gatekeeper.value import dataclass
from gatekeeper_rules.code._script_code import ScriptFile, member_name

ARRAYS = frozenset(
    {
        *("copyWithin", "fill", "pop", "push", "reverse", "shift", "sort", "splice", "unshift"),
    }
)
"""Methods that change an array where it is."""

COLLECTIONS = frozenset({"add", "append", "clear", "delete", "set"})
"""Methods that change maps and sets, and that other things have as well."""

_FIRST = frozenset(
    {
        *("Object.assign", "Object.defineProperties", "Object.defineProperty"),
        *("Object.setPrototypeOf", "Reflect.defineProperty", "Reflect.deleteProperty"),
        *("Reflect.set", "Reflect.setPrototypeOf"),
    }
)
"""Functions of the language that change their first argument."""

_GIVES_PART = frozenset({"at", "entries", "find", "findLast", "get", "values"})
_GOES_THROUGH = frozenset({"Object.entries", "Object.values"})
_ASSIGNS = frozenset({"assignment_expression", "augmented_assignment_expression"})
_MEMBERS = frozenset({"member_expression", "subscript_expression"})
_PATTERNS = frozenset({"array_pattern", "object_pattern"})
_SHORT = "shorthand_property_identifier_pattern"
_NAMES = frozenset({"identifier", _SHORT})
_DEEPEST, _LONGEST = 12, 400


@dataclass(frozen=True, eq=False)
class Change:
    """A piece that changes something, and what it changes.

    `method` is the collection's that does it; empty for an assignment and the like.
    """

    node: Syntax
    target: Syntax
    method: str = ""

    @property
    def binds(self) -> bool:
        """Whether a name gets another value, and nothing in it is changed."""
        return self.target.type not in _MEMBERS and not self.method


def changes(nodes: Iterable[Syntax]) -> Iterator[Change]:
    """What the pieces change."""
    for node in nodes:
        if node.type in _ASSIGNS:
            yield from (Change(node, each) for each in _apart(bare(node.of("left"))))
        elif node.type == "update_expression" or _is_delete(node):
            yield Change(node, bare(node.of("argument")))
        elif node.type == "for_in_statement" and not node.of("kind").text:
            yield from (Change(node, each) for each in _apart(bare(node.of("left"))))
        elif node.type == "call_expression":
            yield from _by_call(node)


def _is_delete(node: Syntax) -> bool:
    return node.type == "unary_expression" and node.has("delete")


def _apart(target: Syntax) -> Iterator[Syntax]:
    """What a pattern sets: names, and members of something."""
    if target.type not in _PATTERNS:
        yield target
        return
    waiting = list(target.held)
    while waiting:
        node = bare(waiting.pop())
        if node.type in _MEMBERS or node.type in ("identifier", _SHORT):
            yield node
        elif node.type in ("assignment_pattern", "object_assignment_pattern"):
            waiting.append(node.of("left"))
        elif node.type == "pair_pattern":
            waiting.append(node.of("value"))
        else:
            waiting.extend(node.held)


def _by_call(call: Syntax) -> Iterator[Change]:
    function = bare(call.of("function"))
    if function.type not in _MEMBERS:
        return
    name, owner = member_name(function), bare(function.of("object"))
    given = call.of("arguments").held
    if name in ("call", "apply") and given:
        method = member_name(owner) if owner.type in _MEMBERS else ""
        if method in ARRAYS | COLLECTIONS:
            yield Change(call, bare(given[0]), method)
    elif f"{owner.text}.{name}" in _FIRST and given:
        yield Change(call, bare(given[0]), name)
    elif name in ARRAYS | COLLECTIONS:
        yield Change(call, owner, name)


# -- where what is changed comes from


def root(node: Syntax) -> Syntax:
    """What members are taken from, at the beginning; parts of collections count as members."""
    node = bare(node)
    for _ in range(_DEEPEST * 4):
        if node.type in _MEMBERS:
            node = bare(node.of("object"))
        elif node.type == "call_expression" and _owner(node).type:
            node = _owner(node)
        else:
            return node
    return NOTHING


def _owner(call: Syntax) -> Syntax:
    """What a call gives a part of, and no copy; NOTHING for any other call."""
    function = bare(call.of("function"))
    if function.type not in _MEMBERS:
        return NOTHING
    owner, name = bare(function.of("object")), member_name(function)
    if f"{owner.text}.{name}" in _GOES_THROUGH:
        return bare(call.of("arguments").held[0]) if call.of("arguments").held else NOTHING
    return owner if name in _GIVES_PART else NOTHING


def origin(file: ScriptFile, node: Syntax) -> tuple[Syntax, Declared | None]:
    """The root of an expression, names that only stand for another one followed to it.

    With a name that is declared comes its declaration.
    """
    held = root(node)
    declared = _declared(file, held)
    for _ in range(_LONGEST):
        value = _value(declared)
        further = root(value) if value.type else NOTHING
        if further.type not in ("identifier", "this"):
            break
        held = further
        declared = _declared(file, held)
    return held, declared


def _value(declared: Declared | None) -> Syntax:
    """What a variable holds, or holds each of in turn."""
    if declared is None or declared.role is not Declares.VALUE:
        return NOTHING
    if declared.node.type == "for_in_statement":
        return declared.node.of("right") if declared.node.of("operator").text == "of" else NOTHING
    return declared.value


def _declared(file: ScriptFile, name: Syntax) -> Declared | None:
    return file.lexical.declared(name) if name.type in _NAMES else None
