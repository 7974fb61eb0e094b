"""Findings about Durable Objects in one Python file, each place and name once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from gatekeeper import Evidence, Excerpt, Finding, Side, Trail
from gatekeeper.source.code_tree import Kind, Node
from gatekeeper.value import dataclass, field

_LINE_END = re.compile(r"\r\n?|\n")
_WIDTH = 300
_DEEP = 30


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: line and column from 1, and the class or function around it."""

    line: int
    column: int
    symbol: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's lines, and what was found on them already."""

    path: str
    lines: tuple[str, ...]
    found: set[tuple[int, str]] = field(default_factory=set)

    def text(self, line: int) -> str:
        """A line as it stands there, the white space around it left out."""
        return self.lines[line - 1].strip()[:_WIDTH] if 0 < line <= len(self.lines) else ""

    def finding(
        self, place: Place, name: str, message: str, quoted: str, fix: str, trail: Trail | None
    ) -> Finding | None:
        """A finding, or None where the line has one about this name."""
        if (place.line, name) in self.found:
            return None
        self.found.add((place.line, name))
        excerpt = Excerpt(place.line, self.text(place.line))
        evidence: tuple[Evidence, ...] = (excerpt,) if trail is None else (excerpt, trail)
        return Finding(
            message,
            Side.HEAD,
            self.path,
            evidence,
            fix,
            line=place.line,
            column=place.column,
            symbol=place.symbol,
            quoted=quoted,
        )


def sheet_of(path: str, text: str) -> Sheet:
    """The sheet of a file's decoded text."""
    return Sheet(path, tuple(_LINE_END.split(text)))


def spelled(node: Node, depth: int = 0) -> str:
    """An expression, put briefly."""
    if depth > _DEEP:
        return "…"
    form = _FORMS.get(node.kind)
    if form is None:
        return "…"
    inner = [spelled(part, depth + 1) for part in node.parts]
    return form(node.text, inner)


_FORMS: Mapping[Kind, Callable[[str, list[str]], str]] = {
    Kind.NAME: lambda text, _: "…" if text.startswith("{") else text,
    Kind.ATTRIBUTE: lambda text, inner: f"{inner[0]}.{text}",
    Kind.CALL: lambda _, inner: f"{inner[0]}({', '.join(inner[1:])})",
    Kind.SUBSCRIPT: lambda _, inner: f"{inner[0]}[{inner[1]}]",
    Kind.STRING: lambda text, _: repr(text[:_WIDTH]),
    Kind.BYTES: lambda text, _: repr(text[:_WIDTH]),
    Kind.BINARY: lambda text, inner: f" {text} ".join(inner),
}
