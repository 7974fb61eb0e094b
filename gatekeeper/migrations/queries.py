"""The SQL that stands in the sources of a tree, whatever language they are in."""

from __future__ import annotations

from typing import Protocol

from gatekeeper.migrations.query import Gathered, Query
from gatekeeper.migrations.query_python import PythonQueries
from gatekeeper.migrations.query_script import ScriptQueries
from gatekeeper.snapshot import Snapshot

__all__ = ["Gathered", "Query", "gathered"]


class Language(Protocol):
    """What finds the SQL in the sources of one language; others join `LANGUAGES`."""

    def gathered(self, snapshot: Snapshot) -> Gathered:
        """The SQL in all sources of that language."""
        ...


LANGUAGES: tuple[Language, ...] = (PythonQueries(), ScriptQueries())


def gathered(snapshot: Snapshot) -> Gathered:
    """The SQL in all sources."""
    found = [language.gathered(snapshot) for language in LANGUAGES]
    queries = (each for one in found for each in one.queries)
    return Gathered(
        tuple(sorted(queries, key=lambda each: (each.path, each.line, each.column, each.text))),
        tuple(sorted(each for one in found for each in one.unread)),
    )
