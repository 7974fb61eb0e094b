"""A folder of ours in which the commands of a data migration are run, on files made for them."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from gatekeeper.carrying.contents import Contents, NoDatabase, contents_of
from gatekeeper.reading.output import told
from gatekeeper.reading.room import Room
from gatekeeper.strays import gathered
from gatekeeper.tools import Ended, Limits, end, has_ended, run, start
from gatekeeper.value import dataclass

LIMITS = Limits(seconds=20, output=1_000_000)
"""What one run of a command may use."""

LARGEST_FILE = 256 * 1024**2
"""Bytes of the largest file that a command may write, and that is read."""

_BLOCK = 512
_LOOK = 0.0001
_PIPE = 65_536
_DATABASE = "d1.sqlite"
_ASIDE = ("", "-journal", "-wal")

Files = Mapping[str, bytes]
"""A database and what lies beside it, by what comes after its name."""


@dataclass(frozen=True, slots=True)
class Run:
    """A command as the binding has it, and how it ended: `says` with the last that it said."""

    command: str
    well: bool
    says: str
    err: bytes = b""
    in_time: bool = True

    @property
    def step(self) -> str:
        """The command and how it ended, on one line."""
        return f"{self.command}  # {self.says}"


@dataclass(frozen=True, slots=True)
class Watched:
    """A run that was looked at closely: how often its files changed, and whether it was killed.

    `writing` are the seconds between the first and the last change.
    """

    changes: int
    seconds: float
    killed: bool
    writing: float


class Place:
    """The files of one experiment: the input, the database, and what the way back writes."""

    def __init__(self, room: Room, name: str, database: Files) -> None:
        self._room = room
        folder = room.out / "data"
        folder.mkdir()
        self.given = folder / f"in{Path(name).suffix}"
        self.out = folder / f"out{Path(name).suffix}"
        self.database = folder / _DATABASE
        self._folder = folder
        self.write(database)

    def write(self, database: Files) -> None:
        """Put a database in place of the one that is there."""
        for suffix in _ASIDE:
            self._beside(suffix).unlink(missing_ok=True)
        for suffix, content in database.items():
            _put(self._beside(suffix), content)

    def run(self, command: str, given: bytes, *, largest: int = LARGEST_FILE) -> Run:
        """Run a command to its end on an input; no file may come to hold more than `largest`."""
        _put(self.given, given)
        line = f"ulimit -f {largest // _BLOCK}\n{self._line(command)}"
        with gathered() as adopted:
            outcome = run(
                ["/bin/sh", "-c", line],
                LIMITS,
                cwd=self._cwd,
                env=self._env,
                meanwhile=adopted.bury,
            )
        in_time = outcome.ended is Ended.BY_ITSELF
        says = told(outcome).replace(f"{self._folder}/", "").replace(f"{self._room.tree}/", "")
        return Run(command, in_time and not outcome.status, says, outcome.err, in_time)

    def watch(
        self, command: str, given: bytes, seconds: float, changes: int, later: float = 0.0
    ) -> Watched:
        """Run a command, and kill it so much later than so many changes of its files.

        Or after so many seconds. It has the same streams as in a run that is not watched.
        """
        _put(self.given, given)
        line = f"ulimit -f {LARGEST_FILE // _BLOCK}\n{self._line(command)}"
        began, before, ended = time.monotonic(), self._traces(), False
        seen = list[float]()
        with gathered() as adopted:
            process = start(["/bin/sh", "-c", line], LIMITS, cwd=self._cwd, env=self._env)
            with _drained(process) as drain:
                while not ended and (now := time.monotonic() - began) < seconds:
                    if len(seen) >= changes and now - seen[-1] >= later:
                        break
                    ended = has_ended(process)
                    traces = self._traces()
                    if traces != before:
                        before = traces
                        seen.append(now)
                    drain()
                    adopted.bury(process.pid)
                    time.sleep(_LOOK if len(seen) < changes else 0)
        writing = seen[-1] - seen[0] if seen else 0.0
        return Watched(len(seen), time.monotonic() - began, not ended, writing)

    def saved(self) -> Files:
        """The database as it lies there; raises NoDatabase where it is no ordinary file."""
        found = {suffix: _content(self._beside(suffix)) for suffix in _ASIDE}
        return {suffix: content for suffix, content in found.items() if content is not None}

    def contents(self) -> Contents:
        """What the database holds, read from a copy; raises NoDatabase."""
        saved, look = self.saved(), self._room.out / "look.sqlite"
        if "" not in saved:
            raise NoDatabase("it is not there any more")
        for suffix in (*_ASIDE, "-shm"):
            beside = look.with_name(f"{look.name}{suffix}")
            beside.unlink(missing_ok=True)
            if suffix in saved:
                _put(beside, saved[suffix])
        return contents_of(look)

    def brought_back(self) -> bytes | None:
        """What the way back has written; None where it wrote nothing that can be read."""
        try:
            return _content(self.out)
        except NoDatabase:
            return None

    @property
    def _cwd(self) -> str:
        return str(self._room.cwd)

    @property
    def _env(self) -> Mapping[str, str]:
        return {**self._room.env, "PYTHONDONTWRITEBYTECODE": "1"}

    def _line(self, command: str) -> str:
        named = {"{in}": self.given, "{db}": self.database, "{out}": self.out}
        for word, file in named.items():
            command = command.replace(word, shlex.quote(str(file)))
        return command

    def _beside(self, suffix: str) -> Path:
        return self.database.with_name(f"{_DATABASE}{suffix}")

    def _traces(self) -> tuple[tuple[int, int] | None, ...]:
        """The size and time of each file of the database."""
        return tuple(_trace(self._beside(suffix)) for suffix in _ASIDE)


@contextmanager
def _drained(process: subprocess.Popen[bytes]) -> Iterator[Callable[[], None]]:
    """What takes from a process all that it has printed; it is ended on leaving."""
    if process.stdin is not None:
        process.stdin.close()
    outputs = [each for each in (process.stdout, process.stderr) if each is not None]
    for pipe in outputs:
        os.set_blocking(pipe.fileno(), False)

    def drain() -> None:
        for pipe in outputs:
            pipe.read(_PIPE)

    try:
        yield drain
    finally:
        end(process)
        for pipe in outputs:
            pipe.close()


def _trace(file: Path) -> tuple[int, int] | None:
    try:
        status = os.lstat(file)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _put(file: Path, content: bytes) -> None:
    """Write a file anew, never through a link or into a pipe that a run has left in its place."""
    file.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(file, flags, 0o644), "wb") as writable:
        writable.write(content)


def _content(file: Path) -> bytes | None:
    """The bytes of an ordinary file; None where none is; raises NoDatabase for anything else.

    Head code had the folder to itself, and could have left a link or a pipe.
    """
    try:
        opened = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NoDatabase(f"it cannot be read: {error.strerror}") from None
    with os.fdopen(opened, "rb") as readable:
        status = os.fstat(readable.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST_FILE:
            raise NoDatabase("it is no ordinary file, or too large")
        return readable.read(LARGEST_FILE)
