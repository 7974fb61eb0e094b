"""Calls that have an ORM make or drop tables."""

from __future__ import annotations

from collections.abc import Set
from typing import NamedTuple

from gatekeeper.source.code_tree import Kind, Node

_MAKERS = {
    "create_all": ("sqlalchemy", "sqlmodel", "flask_sqlalchemy"),
    "drop_all": ("sqlalchemy", "sqlmodel", "flask_sqlalchemy"),
    "create_tables": ("peewee", "playhouse"),
    "create_table": ("peewee", "playhouse"),
    "generate_schemas": ("tortoise",),
}


class Maker(NamedTuple):
    """A call that has an ORM make or drop tables."""

    line: int
    column: int
    symbol: str
    says: str


def maker_of(call: Node, modules: Set[str], symbol: str) -> Maker | None:
    """The call as one that makes tables, in a file that imports these modules; else None."""
    function = call.parts[0]
    libraries = _MAKERS.get(function.text)
    if libraries is None or function.kind is not Kind.ATTRIBUTE:
        return None
    if function.parts[0].text == "metadata" or not modules.isdisjoint(libraries):
        return Maker(call.line, call.column, symbol, f"{function.text}()")
    return None
