"""Which tables a migration can read or write at all, from what the engine was asked to allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatekeeper.migrations.engine import Asking
from gatekeeper.migrations.schema import Schema
from gatekeeper.migrations.table_text import Said

# What is asked of each table is asked when a statement is prepared, with all that triggers, views,
# foreign keys and their actions would do, whichever rows there are
# (https://www.sqlite.org/c3ref/set_authorizer.html). Where anything else is asked, and be it
# harmless, a script counts as one that reaches every table.
_OF_TABLES = frozenset(
    {
        *("READ", "INSERT", "UPDATE", "DELETE", "CREATE_TABLE", "DROP_TABLE", "ALTER_TABLE"),
        *("CREATE_INDEX", "DROP_INDEX", "CREATE_TRIGGER", "DROP_TRIGGER"),
        *("CREATE_VIEW", "DROP_VIEW"),
    }
)
_OF_NOTHING = frozenset({"RECURSIVE", "SELECT", "TRANSACTION", "SAVEPOINT"})
_OPAQUE = "rtreecheck"  # the one function that prepares statements of its own
_SWITCHES = frozenset({"foreign_keys", "defer_foreign_keys", "foreign_key_check"})
_MADE = ("CREATE_TABLE", "CREATE_VIEW")
_LISTS = frozenset({"json_each", "json_tree"})  # tables that are made of their arguments
_CATALOGUES = frozenset(
    {"sqlite_master", "sqlite_schema", "sqlite_temp_master", "sqlite_temp_schema"}
)
_SEQUENCES = "sqlite_sequence"


def reached(asked: frozenset[Asking] | None, schemas: Iterable[Schema]) -> frozenset[str] | None:
    """The tables that scripts reach, in small letters, by all that they asked for.

    `schemas` are those that they go between. None where it may be any table: where the engine
    does not say what was asked, where it was anything but a table's rows, definition, indexes and
    triggers, or a table that nobody knows; where a table is virtual, which prepares statements of
    its own while it is used; and where the rows of one were asked for under another name.
    """
    if asked is None:
        return None
    through = tuple(schemas)
    if any(table.virtual for schema in through for table in schema.tables.values()):
        return None
    if not all(map(_is_known, asked)):
        return None
    found = {name.lower() for action, name in asked if action in _OF_TABLES}
    built = {name for action, name in asked if action == "REINDEX"}
    on = {name: schema.indexes[name].table.lower() for schema in through for name in schema.indexes}
    if found - _there(asked, through) or built - on.keys():
        return None
    found |= {on[name] for name in built}
    if _SEQUENCES in found:
        found |= {
            name.lower()
            for schema in through
            for name, table in schema.tables.items()
            if table.autoincrement
        }
    return frozenset((*found, *_remade(through))) - _CATALOGUES - _LISTS


def around(names: frozenset[str], schemas: Iterable[Schema]) -> frozenset[str]:
    """Tables with all that rows of theirs need or bring about, in small letters.

    That is their children, the parents of both, and whatever a trigger or a view names together
    with one of them, and so on.
    """
    through = tuple(schemas)
    groups = [frozenset(group) for schema in through for group in _groups(schema)]
    links = [
        (name.lower(), key.table.lower())
        for schema in through
        for name, table in schema.tables.items()
        for key in table.foreign_keys
    ]
    found = {*names, *(child for child, parent in links if parent in names)}
    size = 0
    while size < len(found):
        size = len(found)
        found.update(parent for child, parent in links if child in found)
        found.update(name for group in groups if group & found for name in group)
    return frozenset(found)


def _is_known(asking: Asking) -> bool:
    action, name = asking
    if action == "FUNCTION":
        return name.lower() != _OPAQUE
    if action == "PRAGMA":
        return name.lower() in _SWITCHES
    return action in _OF_TABLES or action in _OF_NOTHING or action == "REINDEX"


def _there(asked: frozenset[Asking], schemas: Iterable[Schema]) -> frozenset[str]:
    """Every name that can only be that of one table or view, whose rows are asked for by it."""
    known = (name for schema in schemas for name in (*schema.tables, *schema.views))
    made = (name for action, name in asked if action in _MADE)
    there = frozenset(name.lower() for name in (*known, *made))
    return there | _LISTS | _CATALOGUES | {_SEQUENCES}


def _remade(schemas: tuple[Schema, ...]) -> Iterator[str]:
    """The tables that are not in every schema as in the first."""
    for schema in schemas:
        for name in schema.tables.keys() | schemas[0].tables.keys():
            if schema.tables.get(name) is not schemas[0].tables.get(name):
                yield name.lower()


def _groups(schema: Schema) -> Iterator[Iterable[str]]:
    """The tables and views that each trigger and each view names, itself included."""
    names = {name.lower() for name in (*schema.tables, *schema.views)}
    for kind in (schema.triggers, schema.views):
        for name, says in kind.items():
            yield names & {name.lower(), *_words(says)}


def _words(said: Said) -> Iterator[str]:
    """Every word of a text; a name may stand in the quotes of a string."""
    for _, value in said:
        yield value.lower()
        yield value.strip("'").replace("''", "'").lower()
