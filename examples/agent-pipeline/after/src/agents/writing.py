"""Markdown that several agents write."""

import re
from collections.abc import Iterable

from documents import Document


def section(title: str, *paragraphs: str) -> str:
    """Give a section with its paragraphs."""
    return "\n\n".join((f"## {title}", *paragraphs))


def bullets(lines: Iterable[str]) -> str:
    """Give a list, one line an entry."""
    return "\n".join(f"- {line}" for line in lines)


def entries_of(document: Document, title: str) -> tuple[str, ...]:
    """Give the list entries that stand in a document's section."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", document.body, re.M | re.S)
    lines = found.group(1).splitlines() if found else []
    return tuple(line.removeprefix("- ") for line in lines if line.startswith("- "))
