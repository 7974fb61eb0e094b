"""Imports, exports and declarations of scripts, as code."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.source.code_tree import NOTHING, Kind, Node, walk
from gatekeeper.source.script_frame import EXPORT, Frame, assign, groups, name, several
from gatekeeper.source.script_functions import named
from gatekeeper.source.script_patterns import assigned

TYPE = "type"
"""What stands behind the name of an import or re-export that only types see."""

_DECLARES = frozenset({Kind.OBJECT, Kind.CLASS, Kind.FUNCTION})
_TYPES = ("interface_declaration", "type_alias_declaration")
_DEEP_NAMES = frozenset({Kind.OTHER, Kind.ASSIGN, Kind.GROUP, Kind.AWAIT})


def specifier(frame: Frame) -> Node:
    """`name as alias` in an import or export."""
    taken, alias = frame.field_of("name"), frame.field_of("alias")
    local = alias if alias != NOTHING else taken
    marks = [frame.node(Kind.NAME, TYPE)] if frame.has("type") or frame.has("typeof") else []
    return frame.node(Kind.ALIAS, taken.text, (name(local, local.text), *marks))


def clause(frame: Frame) -> Node:
    """`local, { … }, * as local` of an import: an ALIAS each."""
    found: list[Node] = []
    for node in frame.nodes():
        if node.kind is Kind.NAME:
            found.append(Node(Kind.ALIAS, node.line, node.column, "default", (node,)))
        else:
            found.extend(filter(_is_specifier, node.parts if node.kind is Kind.GROUP else (node,)))
    return frame.node(Kind.GROUP, "clause", found)


def listed(frame: Frame) -> Node:
    """What stands between the braces of an import or export."""
    return frame.node(Kind.GROUP, "", filter(_is_specifier, frame.nodes()))


def _is_specifier(node: Node) -> bool:
    """Whether it has a local name: what the grammar cannot read there has none."""
    return node.kind is Kind.ALIAS and bool(node.parts)


def namespace(frame: Frame) -> Node:
    """`* as local`."""
    local = several(frame, frame.nodes())
    return frame.node(Kind.ALIAS, "*", (name(local, local.text),))


def import_(frame: Frame) -> Node:
    """An import, in every form that a statement has."""
    source = frame.field_of("source")
    made = [node for node in frame.nodes() if node.kind in (Kind.IMPORT, Kind.ASSIGN)]
    if made:
        return made[0]
    clauses = [node for node in frame.nodes() if node.text == "clause"]
    if not clauses:
        return _whole(frame, source.text, frame.node(Kind.NAME))
    types = frame.has("type") or frame.has("typeof")
    return several(frame, (_taken(source.text, each, types) for each in clauses[0].parts))


def _taken(source: str, alias: Node, types: bool, prefix: str = "") -> Node:
    local, *marks = alias.parts
    local = name(local, prefix + local.text)
    if types and not marks:
        marks = [name(local, TYPE)]
    if alias.text == "*":
        return Node(Kind.IMPORT, alias.line, alias.column, source, (local, *marks))
    held = (alias._replace(parts=(local, *marks)),)
    return Node(Kind.FROM, alias.line, alias.column, source, held)


def _whole(frame: Frame, source: str, local: Node) -> Node:
    return frame.node(Kind.IMPORT, source, (local,))


def import_require(frame: Frame) -> Node:
    """`local = require("module")` behind `import`."""
    local = next((node for node in frame.nodes() if node.kind is Kind.NAME), NOTHING)
    return _whole(frame, frame.field_of("source").text, local)


def import_alias(frame: Frame) -> Node:
    """`import local = Other.name`."""
    local, *value = frame.nodes() or [NOTHING]
    return assign(several(frame, value), local)


# -- exports


def export(frame: Frame) -> Node:
    """An export, in every form: each binds the name that other files take."""
    source = frame.field_of("source")
    if source != NOTHING:
        return _passed_on(frame, source.text)
    declared = frame.field_of("declaration")
    decorators = frame.fields_of("decorator")
    if declared != NOTHING:
        declared = _decorated(_default_name(frame, declared), decorators)
        names = [
            ("default", each) if frame.has("default") else (each.text, each)
            for each in _names(declared)
        ]
        marks = [frame.node(Kind.NAME, TYPE)] if frame.typed(*_TYPES) else []
        own = [
            assign(name(each, each.text), name(each, EXPORT + text)._replace(parts=tuple(marks)))
            for text, each in names
        ]
        return several(frame, (declared, *own))
    value = frame.field_of("value")
    if value != NOTHING:
        value = _decorated(named(frame, value, "default"), decorators)
        return assign(value, frame.node(Kind.NAME, EXPORT + "default"))
    held = frame.nodes()
    if frame.has("=") and held:
        return assign(held[0], frame.node(Kind.NAME, EXPORT + "="))
    aliases = [alias for node in held if node.kind is Kind.GROUP for alias in _spread(node)]
    types = [frame.node(Kind.NAME, TYPE)] if frame.has("type") else []
    return several(frame, (_export_of(alias, types) for alias in aliases))


def _export_of(alias: Node, types: list[Node]) -> Node:
    local, *marks = (*alias.parts, *types)
    given = name(alias, EXPORT + local.text)._replace(parts=tuple(marks))
    return assign(name(alias, alias.text), given)


def _passed_on(frame: Frame, source: str) -> Node:
    types = frame.has("type")
    held = [node for node in frame.nodes() if node.kind is Kind.GROUP or _is_specifier(node)]
    if not held:
        star = frame.node(Kind.ALIAS, "*")
        return frame.node(Kind.FROM, source, (star,))
    aliases = (alias for node in held for alias in _spread(node))
    return several(frame, (_taken(source, alias, types, EXPORT) for alias in aliases))


def _spread(node: Node) -> tuple[Node, ...]:
    return tuple(filter(_is_specifier, node.parts)) if node.kind is Kind.GROUP else (node,)


def _default_name(frame: Frame, declared: Node) -> Node:
    is_bare = frame.has("default") and declared.kind in _DECLARES and not declared.text
    return declared._replace(text="default") if is_bare else declared


def _decorated(declared: Node, decorators: list[Node]) -> Node:
    if declared.kind is not Kind.OBJECT or not decorators:
        return declared
    first, *rest = declared.parts
    return declared._replace(parts=(first._replace(parts=(*decorators, *first.parts)), *rest))


def _names(declared: Node) -> Iterator[Node]:
    """Where each name of a declaration stands."""
    waiting = [declared]
    while waiting:
        node = waiting.pop()
        if node.kind in _DECLARES and node.text:
            yield node
        elif node.kind is Kind.ASSIGN and node.parts[1].kind is Kind.NAME:
            if not node.parts[1].text.startswith("{"):
                yield node.parts[1]
        elif node.kind in _DEEP_NAMES:
            waiting.extend(reversed(node.parts))


# -- declarations


def declarator(frame: Frame) -> Node:
    """`name: Type = value`."""
    target, value = frame.field_of("name"), frame.field_of("value")
    if target.kind is Kind.NAME:
        value = named(frame, value, target.text)
    return several(frame, (*frame.others("name", "value"), *assigned(target, value)))


def loop(frame: Frame) -> Node:
    """`for (target of values)`; what is gone through is taken apart by a name of its own."""
    source, target = frame.field_of("right"), frame.field_of("left")
    rest = frame.others("left", "right")
    if target.kind is Kind.NAME:
        return several(frame, (frame.node(Kind.TAKE, "", (source, target)), *rest))
    kept = name(target, f"{{{target.line}:{target.column}}}")
    taken = frame.node(Kind.TAKE, "", (source, kept))
    return several(frame, (taken, *assigned(target, kept), *rest))


def catch(frame: Frame) -> Node:
    """`catch (error) { … }`."""
    target = frame.field_of("parameter")
    return several(frame, (*assigned(target, NOTHING), frame.field_of("body")))


def returned(frame: Frame) -> Node:
    """`return value`."""
    return frame.node(Kind.RETURN, "", (several(frame, frame.nodes()),))


def type_alias(frame: Frame) -> Node:
    """`type Name = Type`: another name, where the type is one name."""
    local, value = frame.field_of("name"), frame.field_of("value")
    rest = frame.others("name", "value")
    return several(frame, (*rest, assign(value, name(local, local.text))))


def type_parameter(frame: Frame) -> Node:
    """`T extends Bound = Default`."""
    local = frame.field_of("name")
    return several(frame, (frame.node(Kind.CAPTURE, local.text), *frame.others("name")))


def module(frame: Frame) -> Node:
    """A namespace, an enumeration or a declared module: names behind a name of its own."""
    named_, body = frame.field_of("name"), frame.field_of("body")
    if body == NOTHING:
        return NOTHING
    text = next((n.text for n in walk(named_) if n.kind is Kind.NAME), "")
    return frame.node(Kind.CLASS, text, groups((), (), body.parts))


def ambient(frame: Frame) -> Node:
    """`declare …`; what is declared in `global { … }` binds nothing here."""
    held = frame.nodes()
    if held and held[0].kind is Kind.GROUP:
        return frame.node(Kind.CLASS, "global", groups((), (), held[0].parts))
    return several(frame, held)


def enumerated(frame: Frame) -> Node:
    """`A = value` in an enumeration."""
    return assign(
        frame.field_of("value"), name(frame.field_of("name"), frame.field_of("name").text)
    )
