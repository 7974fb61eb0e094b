"""The format of an artifact: a titled Markdown document with its author in the front matter."""

from documents.document import Document, Malformed, parse, render

__all__ = ["Document", "Malformed", "parse", "render"]
