"""The names in SQL and in an engine's words: which is missing, and which was meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from gatekeeper.migrations.query_proof import Heard
from gatekeeper.migrations.tokens import Kind, significant

_NO_TABLE = re.compile(r"no such table: (?:main\.)?(\S+)")
_NO_COLUMN = re.compile(r"no such column: (?:\w+\.)?(\S+)|has no column named (\S+)")
_LIKE = 0.7
_LONGEST = 100


def words(sql: str) -> Iterable[str]:
    """The names and words of a text, without their quotes."""
    return (
        each.text.strip("\"`[]'")
        for each in significant(sql[:100_000])
        if each.kind in (Kind.WORD, Kind.QUOTED)
    )


def missing_table(says: str) -> str:
    """The table that an engine does not find; "" where it says something else."""
    found = _NO_TABLE.search(says)
    return found.group(1) if found else ""


def did_you_mean(says: str, chains: Iterable[Heard], sql: str) -> str:
    """`Did you mean …?` for a table or column that is not there, "" where nothing is near."""
    listed = tuple(chains)
    if table := missing_table(says):
        meant = _nearest(table, (each for chain in listed for each in chain.tables))
    elif found := _NO_COLUMN.search(says):
        name = (found.group(1) or found.group(2)).rstrip(".,;:-")
        meant = next(filter(None, (near(name, chain, sql) for chain in listed)), "")
    else:
        return ""
    return f" Did you mean {meant}?" if meant else ""


def near(name: str, chain: Heard, sql: str) -> str:
    """The column that reads most like a name, of the tables that the text names."""
    said = {each.lower() for each in words(sql)}
    columns = (
        column for table, held in chain.tables.items() if table.lower() in said for column in held
    )
    return _nearest(name, columns)


def _nearest(name: str, known: Iterable[str]) -> str:
    lower = {each.lower(): each for each in known}
    found = get_close_matches(name.lower()[:_LONGEST], lower, n=1, cutoff=_LIKE)
    return lower[found[0]] if found else ""
