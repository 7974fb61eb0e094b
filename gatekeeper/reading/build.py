"""A build: how it ended, and the last of what it printed."""

from __future__ import annotations

from gatekeeper.value import dataclass


@dataclass(frozen=True, slots=True)
class Built:
    """`status` is the exit status, negative for the signal that ended it."""

    command: str
    status: int
    said: str = ""
