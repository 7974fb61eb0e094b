"""The product manager, who turns wishes into numbered requirements."""

from collections.abc import Mapping

from agents.brief import Brief
from agents.writing import bullets, section
from documents import Document


def product_manager(brief: Brief, _written: Mapping[str, Document]) -> Document:
    """Write the requirements."""
    wanted = (f"R{number}: {wish}" for number, wish in enumerate(brief.wishes(), start=1))
    body = "\n\n".join(
        (
            section("Purpose", f"What {brief.repository} should offer: {brief.title}."),
            section("Requirements", bullets(wanted)),
        )
    )
    return Document("product_manager", f"Requirements of {brief.title}", body)
