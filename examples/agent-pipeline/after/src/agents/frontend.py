"""The frontend agent, who plans a view for whatever people are to see."""

from collections.abc import Mapping

from agents.brief import Brief
from agents.writing import bullets, entries_of, section
from documents import Document


def frontend(brief: Brief, written: Mapping[str, Document]) -> Document:
    """Write the frontend plan."""
    parts = entries_of(written["architect"], "Frontend")
    views = (f"A view for {part}" for part in parts)
    nothing = "No requirement asks for a view."
    body = section("Views", bullets(views) or nothing)
    return Document("frontend", f"Frontend of {brief.title}", body)
