"""Findings about one configuration file, each place once."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Excerpt, Finding, Side
from gatekeeper.source.located import Span
from gatekeeper.value import dataclass, field

_WIDTH = 300

MOST_GUESSES = 20
"""Words of one file for which the nearest known one is looked for."""


@dataclass(frozen=True, eq=False)
class ConfigSheet:
    """A file's lines, and what was said of them already."""

    path: str
    lines: tuple[str, ...]
    _guesses: list[str] = field(default_factory=list)
    _said: set[tuple[int, int, str]] = field(default_factory=set)

    def may_guess(self, word: str) -> bool:
        """Whether it is worth the time to look what a word may have been meant for."""
        self._guesses.append(word)
        return len(self._guesses) <= MOST_GUESSES

    def has(self, span: Span) -> bool:
        """Whether something was said of a place already."""
        return any((line, column) == (span.line, span.column) for line, column, _ in self._said)

    def told(
        self, span: Span, quoted: str, message: str, fix: str, symbol: str = ""
    ) -> Iterator[Finding]:
        """A finding, or nothing where the place has one about this already."""
        key = (span.line, span.column, quoted)
        if key in self._said:
            return
        self._said.add(key)
        line = self.lines[span.line - 1].strip() if span.line <= len(self.lines) else ""
        yield Finding(
            f"{message}.",
            Side.HEAD,
            self.path,
            (Excerpt(span.line, line[:_WIDTH]),),
            fix,
            line=span.line,
            column=span.column,
            symbol=symbol,
            quoted=quoted,
        )
