"""The only module that starts anything other than git: bounded, in a process group of its own."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import IO

from gatekeeper.errors import GatekeeperError

_BLOCK = 65_536
_POLL = 0.05
_GRACE = 0.5


class ToolError(GatekeeperError):
    """A tool cannot be started, or did not answer as it should."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """What a tool may use: wall-clock seconds, bytes of output, bytes of memory.

    `memory` bounds the address space of each of its processes where the system can (Linux).
    """

    seconds: float
    output: int = 10_000_000
    memory: int | None = None


class Ended(Enum):
    """Why a tool came to an end."""

    BY_ITSELF = "by itself"
    TOO_SLOW = "it took too long"
    TOO_LOUD = "it printed too much"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a tool; `status` is its exit status, negative for the signal that ended it."""

    status: int
    out: bytes
    err: bytes
    ended: Ended

    @property
    def says(self) -> str:
        """How it ended, in words: `exit status 1`, `SIGSEGV`, `it took too long`."""
        return how(self.status) if self.ended is Ended.BY_ITSELF else str(self.ended.value)


def how(status: int) -> str:
    """An exit status in words."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"


def run(
    command: Sequence[str],
    limits: Limits,
    *,
    given: bytes = b"",
    cwd: str | None = None,
    env: Mapping[str, str] | None = None,
    meanwhile: Callable[[int], None] | None = None,
) -> Outcome:
    """Start a tool, hand it `given`, and wait for its end, or end it and all its children.

    What it prints beyond the limit is not kept. `meanwhile` is called with its process id
    again and again while it runs. Raises `ToolError` where it cannot start.
    """
    process = start(command, limits, cwd=cwd, env=env)
    try:
        pipes = _Pipes(process, given, limits)
        ended = pipes.pump(meanwhile)
    finally:
        # Whoever interrupts us does not reach a session of its own.
        end(process)
    pipes.rest()
    return Outcome(process.returncode, bytes(pipes.out), bytes(pipes.err), ended)


def start(
    command: Sequence[str],
    limits: Limits,
    *,
    cwd: str | None = None,
    env: Mapping[str, str] | None = None,
    errors: int = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    """Start a tool in a session of its own; whoever starts it must `end` it."""
    try:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=cwd,
            env=None if env is None else dict(env),
            start_new_session=True,
            bufsize=0,
        )
    except (OSError, ValueError) as error:
        raise ToolError(f"{command[0]} cannot be started: {error}") from None
    _bound(process.pid, limits)
    return process


def _bound(pid: int, limits: Limits) -> None:
    # Set from here and not in the child: code between fork and exec is not safe with threads.
    if sys.platform != "linux":
        return
    import resource

    with contextlib.suppress(OSError):
        resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))
        if limits.memory is not None:
            resource.prlimit(pid, resource.RLIMIT_AS, (limits.memory, limits.memory))


def end(process: subprocess.Popen[bytes]) -> int:
    """Kill the tool and what it left running in its session's group; its exit status.

    A child that made a session of its own is out of reach; it keeps no pipe of ours busy.
    """
    # A leader that is not yet waited for keeps its group's number from being given away.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether the leader is dead, without taking its number from it."""
    if not hasattr(os, "waitid"):  # macOS before Python 3.13
        return process.poll() is not None
    flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
    return os.waitid(os.P_PID, process.pid, flags) is not None


class _Pipes:
    """What goes to a tool and what comes from it, all at once, until it ends or must be ended."""

    def __init__(self, process: subprocess.Popen[bytes], given: bytes, limits: Limits) -> None:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        self.out, self.err = bytearray(), bytearray()
        self._process, self._limits = process, limits
        self._given, self._pipes = memoryview(given), dict[int, IO[bytes]]()
        self._selector = selectors.DefaultSelector()
        self._watch(process.stdin, selectors.EVENT_WRITE)
        self._watch(process.stdout, selectors.EVENT_READ)
        self._watch(process.stderr, selectors.EVENT_READ)
        self._sinks = {process.stdout.fileno(): self.out, process.stderr.fileno(): self.err}

    def _watch(self, pipe: IO[bytes], events: int) -> None:
        os.set_blocking(pipe.fileno(), False)
        self._pipes[pipe.fileno()] = pipe
        self._selector.register(pipe, events)

    def pump(self, meanwhile: Callable[[int], None] | None) -> Ended:
        """Move bytes until the tool has ended."""
        deadline = time.monotonic() + self._limits.seconds
        while not has_ended(self._process):
            if time.monotonic() >= deadline:
                return Ended.TOO_SLOW
            self._turn(_POLL)
            if meanwhile is not None:
                meanwhile(self._process.pid)
            if self._is_full():
                return Ended.TOO_LOUD
        return Ended.BY_ITSELF

    def rest(self) -> None:
        """Take what is still in the pipes, and close them."""
        deadline = time.monotonic() + _GRACE
        while self._open_outputs() and time.monotonic() < deadline and not self._is_full():
            self._turn(_POLL)
        for fd in tuple(self._pipes):
            self._drop(fd)
        self._selector.close()
        for kept in (self.out, self.err):
            del kept[self._limits.output :]

    def _is_full(self) -> bool:
        return max(len(self.out), len(self.err)) > self._limits.output

    def _open_outputs(self) -> bool:
        return any(fd in self._sinks for fd in self._pipes)

    def _turn(self, seconds: float) -> None:
        if not self._pipes:
            time.sleep(seconds)
        for key, _ in self._selector.select(seconds):
            if key.fd in self._sinks:
                self._take(key.fd)
            else:
                self._give(key.fd)

    def _take(self, fd: int) -> None:
        block = os.read(fd, _BLOCK)
        self._sinks[fd].extend(block)
        if not block:
            self._drop(fd)

    def _give(self, fd: int) -> None:
        with contextlib.suppress(BrokenPipeError):
            sent = os.write(fd, self._given[:_BLOCK]) if self._given else 0
            self._given = self._given[sent:]
            if self._given:
                return
        self._drop(fd)

    def _drop(self, fd: int) -> None:
        pipe = self._pipes.pop(fd)
        self._selector.unregister(pipe)
        pipe.close()
