"""The comments of HTML, Vue, Svelte and Astro files, of their scripts and of their styles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatekeeper.source.comment_sheet import Sheet, Span, blanked, line_starts
from gatekeeper.source.script_comments import BREAK
from gatekeeper.source.script_sheet import comments_of

_PARTS = re.compile(
    r"<!--[\s\S]*?(?:-->|\Z)"
    r"|<(?P<tag>script|style)\b(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>"
    r"(?P<body>[\s\S]*?)</(?P=tag)\s*>",
    re.IGNORECASE,
)
_TYPED = re.compile(r"\blang\s*=\s*[\"']?ts\b", re.IGNORECASE)
_FRONT = re.compile(r"\s*---\r?\n([\s\S]*?)\r?\n---(?:\r?\n|\Z)")
_BLOCK = re.compile(r"/\*[\s\S]*?\*/")
_LINE = re.compile(r"//[^\r\n]*")


def sheets_of(text: str, path: str) -> Iterator[tuple[Sheet, str]]:
    """The comments, sheet by sheet, each with the code alone (see `script_comments.scan`).

    What stands in the markup itself, between scripts, has no exact reading: `/* … */` in it
    is taken for a comment. Raises `Unreadable`.
    """
    parts = tuple(_PARTS.finditer(text))
    front = _FRONT.match(text) if path.endswith(".astro") else None
    scripts = [Span(*front.span(1))] if front else []
    scripts += [Span(*each.span("body")) for each in parts if _is(each, "script")]
    styles = [Span(*each.span("body")) for each in parts if _is(each, "style")]
    typed = bool(front) or any(_TYPED.search(each.group("attributes") or "") for each in parts)
    for script in scripts:
        yield comments_of(_only(text, script), path, jsx=not typed)
    for style in styles:
        yield style_sheet(_only(text, style)), ""
    hidden = [Span(*each.span()) for each in parts if each.group("tag") is None]
    between = blanked(text, sorted((*scripts, *styles, *hidden)))
    spans = (*hidden, *(Span(*each.span()) for each in _BLOCK.finditer(between)))
    yield Sheet(text, line_starts(text, BREAK), tuple(sorted(spans)), _nowhere), ""


def style_sheet(text: str) -> Sheet:
    """The comments of CSS, SCSS or Less."""
    spans = tuple(
        Span(*each.span()) for each in re.finditer(f"{_BLOCK.pattern}|{_LINE.pattern}", text)
    )
    return Sheet(text, line_starts(text, BREAK), spans, _nowhere)


def _is(part: re.Match[str], tag: str) -> bool:
    return (part.group("tag") or "").lower() == tag


def _only(text: str, span: Span) -> str:
    outside = (Span(0, span.start), Span(span.end, len(text)))
    return blanked(text, outside)


def _nowhere(_offset: int) -> str:
    return ""
