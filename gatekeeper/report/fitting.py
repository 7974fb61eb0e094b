"""As many pieces as fit, whole, and an honest word on how many do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Room:
    """How many characters there are, and how many pieces at most."""

    characters: int
    pieces: int = 1_000_000


def fitted(pieces: Sequence[str], room: Room, word: str) -> str:
    """The first pieces that fit, one after the other; then how many of `word` are left out.

    A piece is never cut. The result is never longer than the room, provided that the line
    on what is left out (under 100 characters) fits into it.
    """
    whole = pieces[: room.pieces]
    if not pieces or (whole == pieces and sum(map(len, pieces)) <= room.characters):
        return "".join(pieces)
    kept: list[str] = []
    left = room.characters - len(left_out(len(pieces), word))
    for piece in whole:
        if len(piece) > left:
            break
        kept.append(piece)
        left -= len(piece)
    return "".join(kept) + left_out(len(pieces) - len(kept), word)


def left_out(count: int, word: str) -> str:
    """A paragraph that says how many are not shown, and where they are."""
    plural = "" if count == 1 else "s"
    return f"\n… {count} more {word}{plural}; the JSON report has all of them.\n"
