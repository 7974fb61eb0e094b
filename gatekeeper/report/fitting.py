"""As many pieces as fit, whole, and an honest word on how many do not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gatekeeper.value import dataclass

Piece = Callable[[], str]
"""Gives a piece of text when it is wanted: what does not fit is never written."""


@dataclass(frozen=True, slots=True)
class Room:
    """How many characters there are, and how many pieces at most."""

    characters: int
    pieces: int = 1_000_000


def fitted(pieces: Sequence[Piece], room: Room, word: str) -> str:
    """The first pieces that fit, one after the other; then how many of `word` are left out.

    A piece is never cut. The result is never longer than the room, provided that the line
    on what is left out (under 100 characters) fits into it.
    """
    kept, used = _first(pieces[: room.pieces], room.characters)
    if len(kept) == len(pieces):
        return "".join(kept)
    while kept and used + len(left_out(len(pieces) - len(kept), word)) > room.characters:
        used -= len(kept.pop())
    return "".join(kept) + left_out(len(pieces) - len(kept), word)


def left_out(count: int, word: str) -> str:
    """A paragraph that says how many are not shown, and where they are."""
    plural = "" if count == 1 else "s"
    return f"\n… {count} more {word}{plural}; the JSON report has all of them.\n"


def _first(pieces: Sequence[Piece], characters: int) -> tuple[list[str], int]:
    kept: list[str] = []
    used = 0
    for piece in pieces:
        text = piece()
        if used + len(text) > characters:
            break
        kept.append(text)
        used += len(text)
    return kept, used
