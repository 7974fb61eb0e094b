"""Lines of styled text for a terminal of some width; the only way in is through escaping."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from gatekeeper.report.escape import ascii_only, clipped

Part = tuple[str, str]
"""Some text, of whatever origin, and the style that it gets."""

NARROWEST = 20
MOST_CHARACTERS = 1_000
"""Of one part: more than a path that people can read, less than a flood."""


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes parts as lines at most `width` cells wide; without `unicode`, in ASCII."""

    width: int
    unicode: bool = True

    def wrapped(self, *parts: Part, indent: int = 0, hang: int = 0) -> Iterator[Text]:
        """The parts as one paragraph, its further lines indented by `hang` more.

        Words are never broken, so that a path can be copied whole; one that is wider than
        the line stands alone on it.
        """
        text = self._text(parts)
        room = max(NARROWEST, self.width) - indent
        for index, line in enumerate(_lines(text, room, room - hang)):
            yield Text(" " * (indent + (hang if index else 0))) + line

    def fitted(self, *parts: Part, indent: int = 0) -> Text:
        """The parts on one line, cut off where the line ends."""
        text = self._text(parts)
        room = max(NARROWEST, self.width) - indent
        if cell_len(text.plain) > room:
            mark = self.glyph("…", "...")
            text.truncate(room - len(mark))
            text.append(mark)
        text.rstrip()
        return Text(" " * indent) + text

    def glyph(self, fine: str, plain: str) -> str:
        """`fine` where the terminal can show it, else `plain`."""
        return fine if self.unicode else plain

    def _text(self, parts: Iterable[Part]) -> Text:
        text = Text()
        for words, style in parts:
            seen = clipped(words, MOST_CHARACTERS)
            text.append(seen if self.unicode else ascii_only(seen), style)
        return text


def painted(lines: Iterable[Text], *, color: bool) -> str:
    """The lines as a string that ends in a line feed; with `color`, in the 16 of ANSI.

    The environment is not asked: whether to colour is for the caller to say.
    """
    stream = io.StringIO()
    console = Console(
        file=stream,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ={},
    )
    for line in lines:
        console.print(line, soft_wrap=True)
    return stream.getvalue()


def _lines(text: Text, first: int, further: int) -> Iterator[Text]:
    """`text` divided between words, so that each line fits where words allow it."""
    breaks: list[int] = []
    used, room = 0, first
    for word in re.finditer(r"\S+\s*", text.plain):
        size = cell_len(word.group().rstrip())
        if used and used + size > room:
            breaks.append(word.start())
            used, room = 0, further
        used += cell_len(word.group())
    for line in text.divide(breaks):
        line.rstrip()
        yield line
