"""The database agent, who plans a table for whatever must be kept."""

from collections.abc import Mapping

from agents.brief import Brief
from agents.writing import bullets, entries_of, section
from documents import Document


def database(brief: Brief, written: Mapping[str, Document]) -> Document:
    """Write the database plan."""
    parts = entries_of(written["architect"], "Database")
    tables = (f"A table for {part}" for part in parts)
    nothing = "No requirement asks for a table."
    body = section("Tables", bullets(tables) or nothing)
    return Document("database", f"Database of {brief.title}", body)
