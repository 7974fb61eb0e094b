"""Text that no constant of the code holds: it is read, decoded or cut out where it is used."""

from __future__ import annotations

from collections.abc import Set

from gatekeeper.migrations.query_nodes import shown
from gatekeeper.migrations.query_scopes import Scope
from gatekeeper.source.code_tree import Kind, Node

_DEEPEST = 10
_READING_WORDS = """
read read_text read_bytes readline get_data open_text read_resource resource_string
decode b64decode b32decode b16decode a85decode b85decode unhexlify fromhex decompress
load loads getvalue substitute safe_substitute translate
"""
_READING = frozenset(_READING_WORDS.split())
_PASSING_WORDS = """
strip lstrip rstrip str text dedent cleandoc encode lower upper casefold replace format
"""
_PASSING = frozenset(_PASSING_WORDS.split())


_DATABASES_WORDS = """
sqlite3 aiosqlite apsw libsql sqlalchemy sqlmodel databases peewee psycopg psycopg2 asyncpg
"""
_DATABASES = frozenset(_DATABASES_WORDS.split())
_OWNERS_WORDS = """
db d1 database conn connection con cursor cur session engine tx
"""
_OWNERS = frozenset(_OWNERS_WORDS.split())


def is_of_database(function: Node, modules: Set[str]) -> bool:
    """Whether a call named like one of a database's (`execute`) is one, in this file."""
    owner = function.parts[0].text.lower().strip("_")
    return function.text == "prepare" or owner in _OWNERS or not modules.isdisjoint(_DATABASES)


def foreign(node: Node, scope: Scope, depth: int = 0) -> str:
    """What gives the text of an expression where that is no constant, in short; "" elsewhere.

    A name stands for what it is given; a call of the code's own, a parameter or what a loop gives
    is looked at where its text comes from.
    """
    if depth > _DEEPEST:
        return ""
    said = _said(node)
    held = scope.holding(node.text) if node.kind is Kind.NAME else scope
    if said or held is None:
        return said
    within = held.values.get(node.text, ()) if node.kind is Kind.NAME else _within(node)
    return next(filter(None, (foreign(each, held, depth + 1) for each in within)), "")


def _said(node: Node) -> str:
    """An expression that gives such a text by itself; "" for any other."""
    if node.kind is Kind.CALL and node.parts[0].text in _READING:
        return shown(node)
    if node.kind is Kind.ATTRIBUTE and node.text == "__doc__":
        return shown(node)
    cut = node.kind is Kind.SUBSCRIPT and node.parts[-1].kind is Kind.SLICE
    return "a part of a string" if cut and node.parts[0].kind is Kind.STRING else ""


def _within(node: Node) -> tuple[Node, ...]:
    """The parts of an expression that its text may come from."""
    if node.kind in (Kind.AWAIT, Kind.KEYWORD, Kind.ASSIGN, Kind.SUBSCRIPT):
        return node.parts[:1]
    if node.kind is Kind.CALL and node.parts[0].text in _PASSING:
        function = node.parts[0]
        whose = function.parts[:1] if function.kind is Kind.ATTRIBUTE else ()
        return (*whose, *node.parts[1:])
    return node.parts if node.kind is Kind.CHOICE else ()
