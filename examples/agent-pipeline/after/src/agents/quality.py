"""The quality agent, who looks for requirements that nobody took up."""

import re
from collections.abc import Mapping

from agents.brief import Brief
from agents.writing import bullets, entries_of, section
from documents import Document


def quality(brief: Brief, written: Mapping[str, Document]) -> Document:
    """Write the review."""
    requirements = entries_of(written["product_manager"], "Requirements")
    plans = "\n".join(written[role].body for role in ("backend", "frontend", "database"))
    findings = (_finding(line, plans) for line in requirements)
    body = section("Coverage", bullets(findings))
    return Document("quality", f"Review of {brief.title}", body)


def _finding(requirement: str, plans: str) -> str:
    number = requirement.partition(":")[0]
    planned = re.search(rf"\b{number}\b", plans)
    return f"{number} is planned" if planned else f"{number} is not planned"
