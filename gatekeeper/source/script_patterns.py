"""Assignments of scripts: what each name of a pattern is taken from."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.source.code_tree import NOTHING, Kind, Node
from gatekeeper.source.script_frame import EXPORT, Frame, assign, name, several

_PLAIN = frozenset({Kind.NAME, Kind.OTHER})
_COMMON = "exports"


def object_pattern(frame: Frame) -> Node:
    """`{a, b: c, [d]: e, ...rest}`: a KEYWORD for each key, its target and what computes it."""
    return frame.node(Kind.DICT, "pattern", frame.nodes())


def pair_pattern(frame: Frame) -> Node:
    """`key: target`."""
    key, target = frame.field_of("key"), frame.field_of("value")
    if key.kind in (Kind.ALIAS, Kind.STRING, Kind.NUMBER):
        return frame.node(Kind.KEYWORD, key.text, (target,))
    return frame.node(Kind.KEYWORD, "", (target, key))


def shorthand(frame: Frame) -> Node:
    """`key`, which is its own target."""
    return frame.node(Kind.KEYWORD, frame.text, (frame.node(Kind.NAME, frame.text),))


def with_default(frame: Frame) -> Node:
    """`target = default`; of a shorthand, the key stays outside."""
    target, default = frame.field_of("left"), frame.field_of("right")
    if target.kind is Kind.KEYWORD:
        inner = frame.node(Kind.DECLARE, "", (target.parts[0], NOTHING, default))
        return target._replace(parts=(inner,))
    return frame.node(Kind.DECLARE, "", (target, NOTHING, default))


def array_pattern(frame: Frame) -> Node:
    """`[a, , b]`: holes stay, so that places can be counted."""
    places: list[Node] = [NOTHING]
    for part in frame.parts:
        if part.type == ",":
            places.append(NOTHING)
        elif part.node != NOTHING:
            places[-1] = part.node
    return frame.node(Kind.LIST, "pattern", places)


def rest(frame: Frame) -> Node:
    """`...target`."""
    return frame.node(Kind.STAR, "", (several(frame, frame.nodes()),))


def assigned(target: Node, value: Node, sign: str = "") -> Iterator[Node]:
    """The assignments that `target = value` makes, one for each name in it.

    The sign `=` says that they declare nothing.
    """
    waiting = [(target, value)]
    while waiting:
        target, value = waiting.pop()
        if target.kind is Kind.STAR:
            waiting.append((target.parts[0], value))
        elif target.kind is Kind.DECLARE:
            inner, _, default = target.parts
            either = default if value == NOTHING else _either(target, value, default)
            waiting.append((inner, either))
        elif target.kind is Kind.DICT or (target.kind is Kind.LIST and target.text):
            held, stored = _held(target, value)
            yield from stored
            waiting.extend(reversed(list(_items(target, held))))
        elif target != NOTHING:
            yield assign(value, _exported(target))._replace(text=sign)


def _either(place: Node, value: Node, default: Node) -> Node:
    return Node(Kind.CHOICE, place.line, place.column, "", (value, default))


def _held(target: Node, value: Node) -> tuple[Node, tuple[Node, ...]]:
    """The value under a name of its own, so that no item repeats all of it."""
    while value.kind is Kind.AWAIT and len(value.parts) == 1 and value.parts[0].kind is Kind.LIST:
        value = value.parts[0]
    if value.kind in _PLAIN or (value.kind is Kind.LIST and target.kind is Kind.LIST):
        return value, ()
    kept = name(target, f"{{{target.line}:{target.column}}}")
    return kept, (assign(value, kept),)


def _items(target: Node, value: Node) -> Iterator[tuple[Node, Node]]:
    if target.kind is Kind.LIST:
        for place, each in enumerate(target.parts):
            yield each, _at(value, place, each)
        return
    for each in target.parts:
        if each.kind is not Kind.KEYWORD:
            yield each, value
        elif value == NOTHING:
            yield each.parts[0], NOTHING
        else:
            yield each.parts[0], _member(each, value)


def _member(key: Node, value: Node) -> Node:
    if len(key.parts) > 1:
        return Node(Kind.SUBSCRIPT, key.line, key.column, "", (value, key.parts[1]))
    return Node(Kind.ATTRIBUTE, key.line, key.column, key.text, (value,))


def _at(value: Node, place: int, item: Node) -> Node:
    if NOTHING in (value, item):
        return NOTHING
    if value.kind is Kind.LIST:
        return value.parts[place] if place < len(value.parts) else NOTHING
    number = Node(Kind.NUMBER, item.line, item.column, str(place), ())
    return Node(Kind.SUBSCRIPT, item.line, item.column, "", (value, number))


def _exported(target: Node) -> Node:
    """`exports.name`, `module.exports.name` and `module.exports` as the exports they are."""
    if target.kind is not Kind.ATTRIBUTE:
        return target
    owner = target.parts[0]
    if _is_exports(owner):
        return name(target, EXPORT + target.text)
    return name(target, EXPORT + "=") if _is_exports(target) else target


def _is_exports(node: Node) -> bool:
    if node.kind is Kind.NAME:
        return node.text == _COMMON
    if node.kind is not Kind.ATTRIBUTE or node.text != _COMMON:
        return False
    return node.parts[0].kind is Kind.NAME and node.parts[0].text == "module"
