"""Lines of styled text for a terminal of some width; the only way in is through escaping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatekeeper.report.escape import ascii_only, clipped
from gatekeeper.report.line import Line, Part
from gatekeeper.value import dataclass

NARROWEST = 20
MOST_CHARACTERS = 1_000
"""Of one part: more than a path that people can read, less than a flood."""


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes parts as lines at most `width` cells wide; without `unicode`, in ASCII."""

    width: int
    unicode: bool = True

    def wrapped(self, *parts: Part, indent: int = 0, hang: int = 0) -> Iterator[Line]:
        """The parts as one paragraph, its further lines indented by `hang` more.

        Words are never broken, so that a path can be copied whole; one that is wider than
        the line stands alone on it.
        """
        room = max(NARROWEST, self.width) - indent
        for index, line in enumerate(self._line(parts).divided(room, room - hang)):
            yield line.indented(indent + (hang if index else 0))

    def fitted(self, *parts: Part, indent: int = 0) -> Line:
        """The parts on one line, cut off where the line ends."""
        room = max(NARROWEST, self.width) - indent
        return self._line(parts).fitted(room, self.glyph("…", "...")).indented(indent)

    def glyph(self, fine: str, plain: str) -> str:
        """`fine` where the terminal can show it, else `plain`."""
        return fine if self.unicode else plain

    def _line(self, parts: Iterable[Part]) -> Line:
        seen = ((clipped(words, MOST_CHARACTERS), style) for words, style in parts)
        return Line(
            tuple((words if self.unicode else ascii_only(words), style) for words, style in seen)
        )


def painted(lines: Iterable[Line], *, color: bool) -> str:
    """The lines as a string that ends in a line feed; with `color`, in the 16 of ANSI.

    The environment is not asked: whether to colour is for the caller to say.
    """
    if not color:
        return "".join(f"{line.plain}\n" for line in lines)
    from gatekeeper.report.coloring import colored

    return colored(lines)
