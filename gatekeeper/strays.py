"""What a tool leaves running outside of its own group: found, and ended with it."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator

from gatekeeper.errors import GatekeeperError

_PR_SET_CHILD_SUBREAPER = 36
_PATIENCE = 5.0
_STAT = 4096


class Outlived(GatekeeperError):
    """Something that was started cannot be ended."""

    exit_code = 3


class Adopted:
    """The processes that are handed to us when their parents die."""

    def __init__(self, before: frozenset[int] | None) -> None:
        self._before = before

    def bury(self, leader: int) -> None:
        """Wait for those that have ended, as init would: but for the one that we started.

        Until then they are zombies, and whoever asks whether they still run (kill(2), signal
        0) is told that they do: a test of a clean end would fail here alone.
        """
        if self._before is None or not _has_dead_child(leader):
            return
        for pid in _children() - self._before - {leader}:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


@contextlib.contextmanager
def gathered() -> Iterator[Adopted]:
    """End, on leaving, every process that came to be within and is still there.

    A process that makes a session of its own escapes its group's end, but when its parent
    dies it is handed to us (prctl(2), PR_SET_CHILD_SUBREAPER). Only Linux can do that;
    elsewhere such a process stays. Nothing else may be started meanwhile. Raises `Outlived`
    where one of them cannot be ended: it could write to whatever is read next.
    """
    if not _adopt(orphans=True):
        yield Adopted(None)
        return
    before = _children()
    try:
        yield Adopted(before)
    finally:
        outlived = _end_all_but(before)
        _adopt(orphans=False)
    if outlived:
        raise Outlived(f"a process that it left running cannot be ended: {min(outlived)}")


def _adopt(*, orphans: bool) -> bool:
    if sys.platform != "linux":
        return False
    import ctypes

    try:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):
        return False
    return int(prctl(_PR_SET_CHILD_SUBREAPER, int(orphans), 0, 0, 0)) == 0


def _has_dead_child(leader: int) -> bool:
    """Whether some child has ended and is not waited for; the leader's end is not asked for."""
    try:
        dead = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return dead is not None and dead.si_pid != leader


def _end_all_but(before: frozenset[int]) -> frozenset[int]:
    """Kill what is ours and was not before, until nothing more is handed to us; what is left."""
    deadline = time.monotonic() + _PATIENCE
    while (strays := _children() - before) and time.monotonic() < deadline:
        for pid in strays:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        time.sleep(0.005)
    return strays


def _children() -> frozenset[int]:
    """The processes whose parent we are (proc_pid_stat(5): the second field after the name)."""
    ours = b"%d" % os.getpid()
    # Asked twice for each command that is run, of every process there is: names, not paths.
    with os.scandir("/proc") as listed:
        return frozenset(int(each.name) for each in listed if _parent(each.name) == ours)


def _parent(name: str) -> bytes:
    """The parent of a process, as /proc has it; empty for what is none, or is gone."""
    if not name.isdigit():
        return b""
    try:
        stat = os.open(f"/proc/{name}/stat", os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(stat, _STAT).rpartition(b")")[2].split()[1]
    except (OSError, IndexError):
        return b""
    finally:
        os.close(stat)
