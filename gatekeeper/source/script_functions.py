"""Functions, classes and object literals of scripts, as code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper.source.code_tree import NOTHING, Kind, Node
from gatekeeper.source.script_frame import THIS, Frame, assign, groups, name, several
from gatekeeper.source.script_patterns import assigned

_PATTERNS = frozenset({Kind.DICT, Kind.LIST, Kind.STAR, Kind.DECLARE})


def parameter(frame: Frame) -> Node:
    """A parameter: its default, then its pattern or nothing, then types and decorators.

    Its text is its name; `own` in the pattern's place says that a constructor keeps it.
    """
    target, default = frame.field_of("pattern"), frame.field_of("value")
    beside = frame.others("pattern", "value")
    is_kept = bool(frame.typed("accessibility_modifier")) or frame.has("readonly")
    made = bare_parameter(target, default)
    pattern = made.parts[1]
    if is_kept and pattern == NOTHING:
        pattern = name(made, THIS)
    return frame.node(Kind.PARAMETER, made.text, (made.parts[0], pattern, *beside))


def bare_parameter(target: Node, default: Node = NOTHING) -> Node:
    """A parameter that is only a target: a name, a pattern, one with a default."""
    if target.kind is Kind.DECLARE and target.parts[0].kind is Kind.NAME:
        target, _, default = target.parts
    if target.kind is Kind.NAME:
        return Node(Kind.PARAMETER, target.line, target.column, target.text, (default, NOTHING))
    text = f"{{{target.line}:{target.column}}}"
    return Node(Kind.PARAMETER, target.line, target.column, text, (default, target))


def parameters(frame: Frame) -> Node:
    """The list of them; JavaScript's grammar gives bare targets."""
    made = (
        node if node.kind is Kind.PARAMETER else bare_parameter(node)
        for node in frame.nodes()
        if node.kind in _PATTERNS or node.kind in (Kind.PARAMETER, Kind.NAME)
    )
    return frame.node(Kind.GROUP, "", made)


def function(frame: Frame) -> Node:
    """A function that is declared, or stands in an expression."""
    named = frame.field_of("name")
    is_declared = frame.type in _DECLARED
    kind = Kind.FUNCTION if is_declared else Kind.LAMBDA
    return _function(frame, kind, named.text if is_declared else "", THIS)


_DECLARED = frozenset(
    {"function_declaration", "generator_function_declaration", "function_signature"}
)


def arrow(frame: Frame) -> Node:
    """An arrow function, whose `this` is that of what is around it."""
    return _function(frame, Kind.LAMBDA, "", "")


def method(frame: Frame) -> Node:
    """A method of a class or an object; `this` is its first parameter."""
    key = frame.field_of("name")
    made = _function(frame, Kind.FUNCTION, key.text if _is_plain(key) else "", THIS)
    return made if _is_plain(key) else several(frame, (key, made))


def _is_plain(key: Node) -> bool:
    return key.kind in (Kind.ALIAS, Kind.STRING, Kind.NUMBER)


def _function(frame: Frame, kind: Kind, text: str, first: str) -> Node:
    single = frame.field_of("parameter")
    held = (bare_parameter(single),) if single != NOTHING else frame.field_of("parameters").parts
    receiver = frame.node(Kind.PARAMETER, first, (NOTHING, NOTHING))
    kept = [each for each in held if each.text != THIS]
    around = frame.others("name", "parameter", "parameters", "body", "decorator")
    # Types and decorators of parameters are evaluated around the function.
    around += [part for each in held for part in each.parts[2:]]
    said = (*_prelude(kept), *_said(frame))
    decorators = frame.fields_of("decorator")
    if frame.has("get"):
        decorators.append(frame.node(Kind.ALIAS, "get"))
    return frame.node(kind, text, groups(decorators, (receiver, *kept), around, said))


def _said(frame: Frame) -> Sequence[Node]:
    body = frame.field_of("body")
    is_value = frame.type == "arrow_function" and not frame.typed("statement_block")
    return (frame.node(Kind.RETURN, "", (body,)),) if is_value else body.parts


def _prelude(held: Sequence[Node]) -> Iterator[Node]:
    """What parameters that are patterns, or are kept by a constructor, assign."""
    for each in held:
        pattern = each.parts[1]
        if pattern.kind is Kind.NAME and pattern.text == THIS:
            own = Node(Kind.ATTRIBUTE, each.line, each.column, each.text, (pattern,))
            yield assign(name(each, each.text), own)
        elif pattern != NOTHING:
            yield from assigned(pattern, name(each, each.text))


def applied(made: Node, arguments: Sequence[Node]) -> Node:
    """A function with its parameters given the arguments of its only call as defaults."""
    decorators, held, *rest = made.parts
    receiver, *own = held.parts
    given = [
        each._replace(parts=(_either(each, argument), *each.parts[1:]))
        for each, argument in zip(own, arguments, strict=False)
    ]
    group = held._replace(parts=(receiver, *given, *own[len(given) :]))
    return made._replace(parts=(decorators, group, *rest))


def _either(parameter: Node, argument: Node) -> Node:
    default = parameter.parts[0]
    if default == NOTHING:
        return argument
    return argument._replace(kind=Kind.CHOICE, text="", parts=(argument, default))


# -- classes


def class_(frame: Frame) -> Node:
    """A class, declared or in an expression, with what it extends and implements."""
    heritage = [base for each in frame.typed("class_heritage") for base in each.parts]
    heritage += [_kept("types", each) for each in frame.fields_of("type_parameters")]
    body = frame.field_of("body")
    decorators = frame.fields_of("decorator") + frame.typed("decorator")
    text = frame.field_of("name").text
    return frame.node(Kind.OBJECT, text, groups(dict.fromkeys(decorators), heritage, body.parts))


def heritage(frame: Frame) -> Node:
    """What a class extends: the classes, and as keywords what it implements and is given."""
    return frame.node(
        Kind.GROUP, "heritage", (each for node in frame.nodes() for each in _spread(node))
    )


def _spread(node: Node) -> tuple[Node, ...]:
    return node.parts if node.kind is Kind.GROUP else (node,)


def extends(frame: Frame) -> Node:
    """`extends Base<Types>`."""
    types = (_kept("types", each) for each in frame.others("value"))
    return frame.node(Kind.GROUP, "extends", (*frame.fields_of("value"), *types))


def implements(frame: Frame) -> Node:
    """`implements A, B`, and what an interface extends."""
    return frame.node(Kind.GROUP, "implements", (_kept("implements", n) for n in frame.nodes()))


def _kept(word: str, node: Node) -> Node:
    return Node(Kind.KEYWORD, node.line, node.column, word, (node,))


def interface(frame: Frame) -> Node:
    """An interface; what it extends is no class."""
    bases = [each for node in frame.nodes() if node.text == "implements" for each in node.parts]
    own = [frame.field_of("body")]
    held = [_kept("types", each) for each in frame.fields_of("type_parameters")]
    return frame.node(Kind.OBJECT, frame.field_of("name").text, groups((), (*bases, *held), own))


def body(frame: Frame) -> Node:
    """The statements or members between braces."""
    return frame.node(Kind.GROUP, "", frame.nodes())


def field(frame: Frame) -> Node:
    """A field of a class; an arrow function in it knows the object as `this`."""
    key, value = frame.field_of("name"), frame.field_of("value")
    if key == NOTHING:
        key = frame.field_of("property")
    around = frame.others("name", "property", "value")
    if value.kind is Kind.LAMBDA and value.parts[1].parts[0].text == "":
        held = value.parts[1]
        own = held.parts[0]._replace(text=THIS)
        held = held._replace(parts=(own, *held.parts[1:]))
        value = value._replace(parts=(value.parts[0], held, *value.parts[2:]))
    if not _is_plain(key):
        return several(frame, (key, value, *around))
    value = named(frame, value, key.text)
    return several(frame, (assign(value, name(key, key.text)), *around))


def object_(frame: Frame) -> Node:
    """An object literal: a thing with members; what is spread into it counts as extended."""
    spread = [node.parts[0] for node in frame.nodes() if node.kind is Kind.STAR]
    members = [node for node in frame.nodes() if node.kind is not Kind.STAR]
    return frame.node(Kind.OBJECT, "", groups((), spread, map(_property, members)))


def _property(node: Node) -> Node:
    return assign(node, name(node, node.text)) if node.kind is Kind.NAME else node


def pair(frame: Frame) -> Node:
    """`key: value` in an object literal."""
    key, value = frame.field_of("key"), frame.field_of("value")
    if not _is_plain(key):
        return several(frame, (key, value))
    return assign(named(frame, value, key.text), name(key, key.text))


def named(frame: Frame, value: Node, text: str) -> Node:
    """A class without a name gets that of what it is assigned to."""
    is_class = any(part.type == "class" and part.node is value for part in frame.parts)
    return value._replace(text=text) if is_class and not value.text else value
