"""All checks in order, and the one error they end in."""

from collections.abc import Callable

from documents import Document
from validation.checks import has_no_placeholder, has_sections, has_title, is_readable

Check = Callable[[Document], str | None]

CHECKS: tuple[Check, ...] = (has_title, has_sections, has_no_placeholder, is_readable)


class Rejected(ValueError):
    """A document that failed; trying again with the same input cannot help."""

    def __init__(self, author: str, complaints: tuple[str, ...]) -> None:
        super().__init__(f"{author}: {'; '.join(complaints)}")
        self.complaints = complaints


def complaints_about(document: Document) -> tuple[str, ...]:
    """Give every complaint, in the order of the checks."""
    return tuple(found for check in CHECKS if (found := check(document)))


def require_valid(document: Document) -> Document:
    """Give the document back, or raise Rejected."""
    if complaints := complaints_about(document):
        raise Rejected(document.author, complaints)
    return document
