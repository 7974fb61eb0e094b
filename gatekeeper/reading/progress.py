"""A line on the terminal that says what is being measured, and for how long."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator, Mapping

_BLANK = "\r\x1b[K"


@contextlib.contextmanager
def shown(what: str, environ: Mapping[str, str]) -> Iterator[None]:
    """Show `what` on standard error with the seconds it takes; only on a terminal, not in CI."""
    if not sys.stderr.isatty() or environ.get("CI") or environ.get("TERM") == "dumb":
        yield
        return
    done = threading.Event()
    line = threading.Thread(target=_tell, args=(what, done), daemon=True)
    line.start()
    try:
        yield
    finally:
        done.set()
        line.join()
        sys.stderr.write(_BLANK)
        sys.stderr.flush()


def _tell(what: str, done: threading.Event) -> None:
    start = time.monotonic()
    while not done.wait(0.2 if time.monotonic() - start < 1 else 1.0):
        sys.stderr.write(f"{_BLANK}measuring {what} … {time.monotonic() - start:.0f} s")
        sys.stderr.flush()
