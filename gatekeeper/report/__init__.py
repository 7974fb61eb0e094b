"""Reports: pure functions from a report to text, by the name of the format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from gatekeeper.verdict import Report

Format = Callable[[Report], str]


def _text(report: Report) -> str:
    from gatekeeper.report import text

    return text.render(report)


def _json(report: Report) -> str:
    from gatekeeper.report import canonical

    return canonical.render(report)


def _markdown(report: Report) -> str:
    from gatekeeper.report import markdown

    return markdown.render(report)


FORMATS: Mapping[str, Format] = MappingProxyType(
    {"text": _text, "json": _json, "markdown": _markdown}
)
"""What `--format` can name; each renderer is imported when it is called."""

LATER: tuple[str, ...] = ("html", "sarif", "junit", "github")
"""Formats that are planned and not available in this version."""
