"""What drizzle makes of a script: pieces between its breakpoints, each sent on its own."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.migrations.migration import Fault, Script
from gatekeeper.migrations.sections import refused
from gatekeeper.migrations.statements import statements
from gatekeeper.snapshot import Snapshot
from gatekeeper.value import replace

BREAKPOINT = "--> statement-breakpoint"


def with_breakpoints(_: Snapshot, script: Script) -> tuple[Script, tuple[Fault, ...]]:
    """The script as one text that does the same, and pieces that a driver refuses.

    Where a piece does not end with a semicolon, the breakpoint behind it becomes one.
    """
    text = BREAKPOINT.join(script.text.split(BREAKPOINT))
    done = ""
    for piece in _pieces(text):
        parts = statements(piece.removesuffix(BREAKPOINT))
        ended = not parts or parts[-1].complete or not piece.endswith(BREAKPOINT)
        done += (
            piece if ended else f"{piece.removesuffix(BREAKPOINT)};{' ' * (len(BREAKPOINT) - 1)}"
        )
    return replace(script, text=done), tuple(_faults(script))


def _pieces(text: str) -> Iterator[str]:
    """The pieces, each with the breakpoint that ends it."""
    pieces = text.split(BREAKPOINT)
    for n, piece in enumerate(pieces):
        yield piece if n == len(pieces) - 1 else piece + BREAKPOINT


def _faults(script: Script) -> Iterator[Fault]:
    at = 0
    for piece in _pieces(script.text):
        parts = statements(piece.removesuffix(BREAKPOINT))
        if len(parts) > 1:
            yield refused(
                script,
                at + parts[1].start,
                "holds two statements between breakpoints, of which some drivers run only the "
                "first and others refuse both",
                f"Put `{BREAKPOINT}` between them.",
            )
            return
        at += len(piece)
