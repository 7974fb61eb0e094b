"""The single checks: each gives a complaint, or None."""

import re

from documents import Document

LONGEST_BODY = 200_000
"""Characters; a longer document is nothing that anybody reviews."""

_PLACEHOLDER = re.compile(r"\b(TBD|TODO|FIXME|lorem ipsum)\b", re.IGNORECASE)
_SECTION = re.compile(r"^## \S", re.MULTILINE)


def has_title(document: Document) -> str | None:
    """Every document says what it is about."""
    return None if document.title.strip() else "the title is empty"


def has_sections(document: Document) -> str | None:
    """A document without a section has not been worked out."""
    return None if _SECTION.search(document.body) else "there is no section"


def has_no_placeholder(document: Document) -> str | None:
    """What is left open must be decided before it is handed on."""
    found = _PLACEHOLDER.search(document.body)
    return f"placeholder text: {found.group()}" if found else None


def is_readable(document: Document) -> str | None:
    """A reviewer has to get through it."""
    length = len(document.body)
    return f"{length} characters, over {LONGEST_BODY}" if length > LONGEST_BODY else None
