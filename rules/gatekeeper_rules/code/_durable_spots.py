"""A Durable Object that stands at a place of a text: the finding, with its line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from gatekeeper import Excerpt, Finding, Side

_WIDTH = 160


class Spot(NamedTuple):
    """A place in a file: its line and column from 1, and what it says there."""

    line: int
    column: int
    quoted: str
    symbol: str


def found_at(path: str, lines: Sequence[str], spot: Spot, message: str, fix: str) -> Finding:
    """The finding; `lines` are those of the file."""
    text = lines[spot.line - 1].strip()[:_WIDTH]
    return Finding(
        message,
        Side.HEAD,
        path,
        (Excerpt(spot.line, text),),
        fix,
        line=spot.line,
        column=spot.column,
        symbol=spot.symbol,
        quoted=spot.quoted,
    )
