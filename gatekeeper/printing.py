"""Writing to standard output, whatever it can show and whoever reads it."""

from __future__ import annotations

import codecs
import os
import sys
from io import TextIOWrapper

from gatekeeper.errors import UsageError

# `typing` takes longer to import than all that a hook asks of it.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


def shows_unicode(stream: TextIO) -> bool:
    """Whether the stream takes any letter: only UTF can show whatever a path holds."""
    try:
        return codecs.lookup(stream.encoding or "ascii").name.startswith("utf")
    except LookupError:
        return False


def put(text: str) -> None:
    """Write to standard output; what its encoding does not have, as an escape.

    Raises BrokenPipeError where the reader has gone, UsageError where nothing can be written.
    """
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # Python would try to write the rest again as it ends, and fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise UsageError(f"the report cannot be printed: {error.strerror}") from None
