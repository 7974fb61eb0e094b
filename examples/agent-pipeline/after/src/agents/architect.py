"""The architect, who assigns every requirement to a component."""

from collections.abc import Mapping

from agents.brief import Brief
from agents.writing import bullets, entries_of, section
from documents import Document

COMPONENTS: Mapping[str, tuple[str, ...]] = {
    "frontend": ("see", "show", "page", "view", "form", "button", "print"),
    "database": ("store", "keep", "remember", "record", "history", "balance"),
}


def architect(brief: Brief, written: Mapping[str, Document]) -> Document:
    """Write the architecture."""
    requirements = entries_of(written["product_manager"], "Requirements")
    sections = (
        section(component.capitalize(), bullets(_part_of(component, requirements)))
        for component in ("backend", *COMPONENTS)
    )
    return Document("architect", f"Architecture of {brief.title}", "\n\n".join(sections))


def _part_of(component: str, requirements: tuple[str, ...]) -> tuple[str, ...]:
    words = COMPONENTS.get(component)
    if words is None:  # the backend has a part in everything
        return requirements
    return tuple(line for line in requirements if any(word in line.lower() for word in words))
