"""Tables that pandas reads and writes by their names alone, as the SQL that it makes of them.

After pandas 2 (pandas.pydata.org, `read_sql_table` and `DataFrame.to_sql`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gatekeeper.source.code_tree import Kind, Node

_READS = {
    "read_sql_table": ("table_name", "con"),
    "read_sql": ("sql", "con"),
    "to_sql": ("name", "con"),
}
_MOST = 2


class Framed(NamedTuple):
    """The expression that names a table, and whether pandas makes it where it is not there."""

    table: Node
    makes: bool


def framed(call: Node) -> Framed | None:
    """What a call reads or writes by its name: `read_sql_table("t", c)`, `df.to_sql("t", c)`.

    What `read_sql` is given may be SQL as well. `to_sql` makes its table (by default, and with
    `if_exists="replace"`), unless it is told to append to one.
    """
    function, *given = call.parts
    names = _READS.get(function.text)
    if names is None or function.kind not in (Kind.ATTRIBUTE, Kind.NAME):
        return None
    plain = [each for each in given if each.kind is not Kind.KEYWORD]
    table = plain[0] if plain else _keyword(given, names[0])
    if table is None or (len(plain) < _MOST and _keyword(given, names[1]) is None):
        return None
    if function.text != "to_sql":
        return Framed(table, makes=False)
    told = _keyword(given, "if_exists")
    return Framed(table, makes=told is None or told.text.strip("\"'") != "append")


def _keyword(given: Sequence[Node], name: str) -> Node | None:
    return next((each.parts[0] for each in given if _is(each, name)), None)


def _is(each: Node, name: str) -> bool:
    return each.kind is Kind.KEYWORD and each.text == name and bool(each.parts)
