"""A request to end that leaves nothing behind: neither processes nor folders."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType

_REQUESTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def interrupted_by_signals() -> Iterator[None]:
    """Have SIGTERM and SIGHUP interrupt like Ctrl-C, so that what was started is ended.

    CI ends a job that was cancelled so, and what runs is in sessions of its own. GitHub Actions
    sends SIGINT, and seconds later SIGTERM: whoever is tidying up already is not interrupted by
    that. Ctrl-C pressed again is.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    request = _Request()
    heard = [each for each in _REQUESTS if signal.getsignal(each) is not signal.SIG_IGN]
    before = {each: signal.signal(each, request) for each in heard}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


class _Request:
    """What is done when we are asked to end."""

    def __init__(self) -> None:
        self._was_made = False

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        if self._was_made and number != signal.SIGINT:
            return
        self._was_made = True
        raise KeyboardInterrupt
