"""Python read with LibCST in another process, which may hang, swell or crash as it likes."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import re
import selectors
import subprocess
import sys
import time

from gatekeeper.errors import Unreadable
from gatekeeper.source.code_tree import Kind, Node
from gatekeeper.tools import Limits, end, how, start

_COMMAND = (sys.executable, "-I", "-m", "gatekeeper.source.python_child")
_LIMITS = Limits(seconds=5, output=100_000_000, memory=3_000_000_000)
_BYTES_A_SECOND = 60_000
_DEEPEST = 200
_TOO_SLOW = 3
_LENGTH = 4
_BLOCK = 1 << 20
_KINDS = tuple(Kind)


def read_apart(text: str, path: str) -> Node | None:
    """The tree of a file's text; None where LibCST knows no such syntax either.

    Raises `Unreadable` where it gives no answer: it took too long, too much memory, or
    crashed. One process answers for all files, until one of them ends it.
    """
    if _depth(text) > _DEEPEST:
        raise Unreadable(path, f"its brackets are nested more than {_DEEPEST} deep")
    answer = _COMPANION.ask(text.encode("utf-8", "surrogatepass"), path)
    said = json.loads(answer)
    if isinstance(said, str):
        raise Unreadable(path, said)
    return None if said is None else _tree(said)


def _depth(text: str) -> int:
    """How deep brackets are nested at most, as if none stood in a string.

    No Python accepts more than 200 (MAXLEVEL in CPython's tokenizer); LibCST would crash.
    """
    depth = deepest = 0
    for character in re.findall(r"[][(){}]", text):
        depth += 1 if character in "([{" else -1
        deepest = max(deepest, depth)
    return deepest


def _tree(flat: list[list[int | str]]) -> Node:
    """Nodes from their flat form: parents before parts, each with the number of its parts."""
    done: list[Node] = []
    for kind, line, column, text, count in reversed(flat):
        parts = tuple(done.pop() for _ in range(int(count)))
        place = int(line), int(column)
        done.append(Node(_KINDS[int(kind)], *place, sys.intern(str(text)), parts))
    return done.pop()


class _Companion:
    """The process that reads, started when first asked and again after it was ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._slow = 0

    def ask(self, text: bytes, path: str) -> bytes:
        if self._slow >= _TOO_SLOW:
            raise Unreadable(path, f"its parser is not tried again after {_TOO_SLOW} slow files")
        seconds = _LIMITS.seconds + len(text) / _BYTES_A_SECOND
        try:
            return self._converse(text, time.monotonic() + seconds)
        except TimeoutError:
            self._slow += 1
            self.close()
            raise Unreadable(path, f"its parser took over {seconds:.0f} seconds") from None
        except (EOFError, BrokenPipeError):
            raise Unreadable(path, f"its parser was ended by {how(self.close())}") from None

    def _converse(self, text: bytes, deadline: float) -> bytes:
        if self._process is None:
            self._process = start(_COMMAND, _LIMITS, errors=subprocess.DEVNULL)
        question, reply = self._process.stdin, self._process.stdout
        assert question is not None
        assert reply is not None
        _send(question.fileno(), len(text).to_bytes(_LENGTH, "big") + text, deadline)
        length = int.from_bytes(_receive(reply.fileno(), _LENGTH, deadline), "big")
        if length > _LIMITS.output:
            raise EOFError
        return _receive(reply.fileno(), length, deadline)

    def close(self) -> int:
        """End the process, if there is one; its exit status."""
        process, self._process = self._process, None
        if process is None:
            return 0
        # A process that is dying by itself is let die, so that its status says of what.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.2)
        status = end(process)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        return status


def _send(fd: int, data: bytes, deadline: float) -> None:
    os.set_blocking(fd, False)
    left = memoryview(data)
    while left:
        _wait(fd, selectors.EVENT_WRITE, deadline)
        left = left[os.write(fd, left[:_BLOCK]) :]


def _receive(fd: int, size: int, deadline: float) -> bytes:
    os.set_blocking(fd, False)
    held = bytearray()
    while len(held) < size:
        _wait(fd, selectors.EVENT_READ, deadline)
        block = os.read(fd, min(_BLOCK, size - len(held)))
        if not block:
            raise EOFError
        held += block
    return bytes(held)


def _wait(fd: int, events: int, deadline: float) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(fd, events)
        if not selector.select(max(0.0, deadline - time.monotonic())):
            raise TimeoutError


_COMPANION = _Companion()
atexit.register(_COMPANION.close)
