"""What a command leaves behind: the file that it was to write, and its last words."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path

from gatekeeper.reading.room import Room
from gatekeeper.reading.unusable import Unusable
from gatekeeper.tools import Outcome

LARGEST = 512 * 1024 * 1024
"""Bytes of the largest file that is read."""

_PLACE, _NAME = "{out}", "out"
_SHOWN, _WIDEST, _TAIL = 20, 2_000, 65_536


def placed(command: str, room: Room) -> str:
    """The command with the path of the room's own output file for `{out}`."""
    return command.replace(_PLACE, shlex.quote(str(out_file(room))))


def out_file(room: Room) -> Path:
    """Where `{out}` is."""
    return room.out / _NAME


def written(file: Path, ended: Outcome) -> bytes:
    """The content of a file that a command was to write.

    Raises Unusable where it is not there, or is a link, a folder, a pipe, or too large: head
    code had the folder to itself, and could have left anything.
    """
    try:
        opened = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise Unusable(f"the command wrote no {_PLACE}: {told(ended)}") from None
    except OSError as error:
        raise Unusable(f"the {_PLACE} it left cannot be read: {error.strerror}") from None
    try:
        status = os.fstat(opened)
        if not stat.S_ISREG(status.st_mode):
            raise Unusable(f"the {_PLACE} it left is no ordinary file")
        if status.st_size > LARGEST:
            raise Unusable(f"the {_PLACE} it left holds {status.st_size} bytes, {LARGEST} at most")
        with os.fdopen(opened, "rb", closefd=False) as readable:
            return readable.read(LARGEST)
    finally:
        os.close(opened)


def told(ended: Outcome) -> str:
    """How a command ended with the last that it said, on one line."""
    words = [line.strip() for line in last_words(ended, 3).split("\n") if line.strip()]
    return f"{ended.says}: {' / '.join(words)}" if words else ended.says


def last_words(ended: Outcome, lines: int = _SHOWN) -> str:
    """The last lines of what a command printed, errors last, without control characters."""
    rows = [*_rows(ended.out), *_rows(ended.err)]
    return "\n".join(rows[-lines:])


def _rows(printed: bytes) -> list[str]:
    text = printed[-_TAIL:].decode("utf-8", "replace")
    shown = ("".join(c if c.isprintable() else " " for c in row) for row in text.splitlines())
    return [row.rstrip()[:_WIDEST] for row in shown if row.strip()]
