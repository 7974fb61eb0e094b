"""One way in which a file hides something from a tool."""

from __future__ import annotations

from typing import NamedTuple


class Suppression(NamedTuple):
    """What hides something from a tool, and where it stands.

    `kind` names the means (`noqa`, `eslint-disable`, `mypy: ignore_errors`), `codes` are the
    tool's codes that it hides, none for all of them. `text` is the code that it stands on,
    empty where it is about the whole file; `symbol` the class or function, or the table of
    settings, around it. `around` are the lines of code next to it.

    A `guard` is the opposite: something that makes a tool look, which hides when it is lost.
    """

    kind: str
    codes: tuple[str, ...]
    text: str
    symbol: str
    line: int
    column: int
    around: tuple[str, ...] = ()
    guard: bool = False

    def hides(self, other: Suppression) -> bool:
        """Whether this one hides at least what the other one does, in the same place."""
        return not self.codes or (bool(other.codes) and set(other.codes) <= set(self.codes))
