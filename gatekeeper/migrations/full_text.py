"""Full-text tables: whose rows they show, and whether their index finds what is there.

Source: https://www.sqlite.org/fts5.html#external_content_and_contentless_tables
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.migrations.engine import Database
from gatekeeper.migrations.lexemes import lexemes
from gatekeeper.migrations.schema import Schema, Table, quoted

ROWID = "rowid"
"""What a row of a full-text table is known by: other tables refer to it."""


def is_full_text(table: Table) -> bool:
    """Whether a table is one of FTS5."""
    said = [each.value.lower() for each in lexemes(table.sql)] if table.virtual else []
    return "using" in said and said[said.index("using") + 1 :][:1] == ["fts5"]


def source_of(table: Table) -> str | None:
    """The table whose rows a full-text table shows; "" where it shows none, None for its own."""
    said = lexemes(table.sql)
    for at, each in enumerate(said[:-2]):
        if each.value.lower() == "content" and said[at + 1].value == "=":
            return said[at + 2].value.strip("'")
    return None


def unfit_indexes(database: Database, schema: Schema) -> Iterator[str]:
    """The full-text tables whose index is not that of the rows; raises EngineError."""
    for name, table in schema.tables.items():
        if is_full_text(table) and source_of(table) != "":
            asked = ("INSERT INTO", quoted(name), f"({quoted(name)}, rank)")
            said = " ".join((*asked, "VALUES ('integrity-check', 1)"))
            if database.write(said) is not None:
                yield name
