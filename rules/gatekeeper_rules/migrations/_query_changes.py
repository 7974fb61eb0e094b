"""SQL in the code that changes the schema, which is for migrations to do."""

from __future__ import annotations

from gatekeeper.migrations.part import parts
from gatekeeper.migrations.queries import Query
from gatekeeper.migrations.query_shape import HOLE
from gatekeeper.migrations.tokens import Kind, significant
from gatekeeper.value import dataclass

_CHANGES = frozenset({"CREATE", "ALTER", "DROP"})
_THINGS = frozenset({"TABLE", "VIEW", "INDEX", "TRIGGER"})
_TEMPORARY = frozenset({"TEMP", "TEMPORARY"})
_BEFORE_NAME = frozenset({"IF", "NOT", "EXISTS", "UNIQUE", "VIRTUAL"})


_LEDGERS = """
migrations _migrations schema_migrations _schema_migrations schema_migration schema_version
schema_versions _schema_version migration_history applied_migrations d1_migrations alembic_version
"""
LEDGERS = frozenset(_LEDGERS.split())
"""Tables in which a runner of migrations keeps what it has run: they are in none of them."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a statement does to the schema; `table` is one that it makes, or "" for none."""

    says: str
    table: str = ""


def change_of(query: Query) -> Change | None:
    """What a string of the code would do to the schema; None where it does nothing to it."""
    if query.maker:
        return Change(query.maker)
    if query.hardly and not query.via:
        return None
    found = (_change(part.text) for part in parts(query.text) if part.word in _CHANGES)
    return next((each for each in found if each is not None), None)


def _change(statement: str) -> Change | None:
    tokens = [each for _, each in zip(range(12), significant(statement), strict=False)]
    upper = [each.text.upper() for each in tokens]
    if not _TEMPORARY.isdisjoint(upper[:3]) or any(each.startswith("TEMP.") for each in upper):
        return None
    at = next((at for at, word in enumerate(upper[:4]) if word in _THINGS), None)
    if at is None:
        return None
    named = [
        each
        for each in tokens[at + 1 :]
        if each.kind in (Kind.WORD, Kind.QUOTED) and each.text.upper() not in _BEFORE_NAME
    ]
    if named and named[0].text.lower() == "temp":
        return None
    name = named[0].text.strip("\"`[]'") if named else ""
    shown = "…" if name == HOLE else name
    made = name if upper[0] == "CREATE" and upper[at] in ("TABLE", "VIEW") else ""
    return Change(f"{upper[0]} {upper[at]} {shown}".strip(), made)
