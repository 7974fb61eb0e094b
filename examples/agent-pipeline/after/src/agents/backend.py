"""The backend agent, who plans one operation for each requirement."""

from collections.abc import Mapping

from agents.brief import Brief
from agents.writing import bullets, entries_of, section
from documents import Document


def backend(brief: Brief, written: Mapping[str, Document]) -> Document:
    """Write the backend plan."""
    parts = entries_of(written["architect"], "Backend")
    operations = (f"`{_operation(part)}` answers {part.partition(':')[0]}" for part in parts)
    body = section("Operations", bullets(operations))
    return Document("backend", f"Backend of {brief.title}", body)


def _operation(requirement: str) -> str:
    words = requirement.partition(":")[2].lower().split()
    return "_".join(word for word in words[:4] if word.isalpha())
