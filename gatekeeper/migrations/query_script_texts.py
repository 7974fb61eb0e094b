"""Text of a script that no constant holds: it is read, decoded or cut out where it is used."""

from __future__ import annotations

from gatekeeper.migrations.query_nodes import shown
from gatekeeper.migrations.query_scopes import Scope
from gatekeeper.source.code_tree import Kind, Node

_DEEPEST = 10
_READING_WORDS = """
atob readFile readFileSync text json parse decode fromCharCode fromCodePoint decodeURIComponent
decodeURI unescape reverse slice substring substr charAt at split reduce eval Function fetch
inflate gunzip inflateSync gunzipSync replace replaceAll repeat padStart padEnd getItem
"""
_READING = frozenset(_READING_WORDS.split())
_BYTES = frozenset({"Buffer", "Uint8Array"})
_PASSING_WORDS = """
trim trimStart trimEnd toString toUpperCase toLowerCase concat String join normalize valueOf
raw dedent outdent freeze
"""
_PASSING = frozenset(_PASSING_WORDS.split())


def untold(node: Node, scope: Scope, depth: int = 0) -> str:
    """What gives the text of an expression where that is no constant, in short; "" elsewhere.

    A name stands for what it is given; a call of the code's own, a parameter or what a loop gives
    is looked at where its text comes from.
    """
    if depth > _DEEPEST:
        return ""
    if node.kind is Kind.CALL and _is_reading(node.parts[0]):
        return shown(node)
    if node.kind is Kind.NAME:
        held = scope.holding(node.text)
        within = held.values.get(node.text, []) if held is not None else []
        return _first(within, held or scope, depth)
    return _first(_within(node), scope, depth)


def _is_reading(function: Node) -> bool:
    owner = function.parts[0] if function.kind is Kind.ATTRIBUTE else function
    if function.text in ("get", "from"):  # of a store of the environment, and of `Buffer`
        return owner.kind is Kind.ATTRIBUTE or owner.text in _BYTES
    return function.text in _READING


def _first(nodes: list[Node] | tuple[Node, ...], scope: Scope, depth: int) -> str:
    return next(filter(None, (untold(each, scope, depth + 1) for each in nodes)), "")


def _within(node: Node) -> tuple[Node, ...]:
    """The parts of an expression that its text may come from."""
    if node.kind in (Kind.AWAIT, Kind.SUBSCRIPT, Kind.FORMATTED, Kind.ATTRIBUTE):
        return node.parts[:1]
    if node.kind is Kind.CALL and node.parts[0].text in _PASSING:
        function = node.parts[0]
        whose = function.parts[:1] if function.kind is Kind.ATTRIBUTE else ()
        return (*whose, *node.parts[1:])
    is_several = node.kind in (Kind.CHOICE, Kind.LIST, Kind.BINARY, Kind.JOINED)
    return node.parts if is_several else ()
