"""A line of styled text: how wide it is, and how it is cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gatekeeper.value import dataclass

Part = tuple[str, str]
"""Some text, of whatever origin, and the style that it gets."""

_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """Text in parts, each with its style."""

    parts: tuple[Part, ...] = ()

    @property
    def plain(self) -> str:
        """The text without the styles."""
        return "".join(words for words, _ in self.parts)

    def indented(self, cells: int) -> Line:
        """The line with this many spaces before it."""
        return Line(((" " * cells, ""), *self.parts)) if cells else self

    def stripped(self) -> Line:
        """The line without the spaces at its end."""
        parts = list(self.parts)
        while parts:
            words, style = parts.pop()
            if kept := words.rstrip():
                return Line((*parts, (kept, style)))
        return BLANK

    def divided(self, room: int, further: int) -> Iterator[Line]:
        """Cut between words, to `room` cells for the first and `further` for each later one.

        A word that is wider stands alone on its line.
        """
        breaks = [*_breaks(self.plain, room, further), -1]
        line: list[Part] = []
        at = index = 0
        for words, style in self.parts:
            rest = words
            while 0 <= breaks[index] - at < len(rest):
                cut = breaks[index] - at
                yield Line((*line, (rest[:cut], style))).stripped()
                rest, at, index, line = rest[cut:], breaks[index], index + 1, []
            line.append((rest, style))
            at += len(rest)
        yield Line(tuple(line)).stripped()

    def fitted(self, room: int, mark: str) -> Line:
        """Cut off where `room` ends, with `mark` in the place of what is left out."""
        if width(self.plain) <= room:
            return self.stripped()
        from rich.cells import set_cell_size

        kept = set_cell_size(self.plain, room - len(mark))
        return Line((*_over(self.parts, kept), (mark, ""))).stripped()


BLANK = Line()


def width(text: str) -> int:
    """How many cells a terminal gives to `text`."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _breaks(text: str, room: int, further: int) -> Iterator[int]:
    used = 0
    for word in _WORD.finditer(text):
        size = width(word.group().rstrip())
        if used and used + size > room:
            yield word.start()
            used, room = 0, further
        used += width(word.group())


def _over(parts: Iterable[Part], text: str) -> Iterator[Part]:
    """The text, as far as the parts reach in their styles."""
    for words, style in parts:
        yield text[: len(words)], style
        text = text[len(words) :]
