"""The only module that starts git: nothing a repository configures can run or mislead it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress

from gatekeeper.errors import GitError
from gatekeeper.value import dataclass

# Both take longer to import than all that a hook asks of them.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

PATIENCE = 120.0
"""Seconds that one git process may take."""

_LOCATION = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_EXEC_PATH")

_FIXED = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    # An object missing from a partial clone would be fetched by a program that the
    # repository names. GIT_NO_LAZY_FETCH needs git 2.44; a list of allowed transports
    # that holds none stops older ones.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
    "LC_ALL": "C",
    "LANGUAGE": "C",
}

_CONFIG = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    f"core.attributesFile={os.devnull}",
    "core.commitGraph=false",
    "core.untrackedCache=false",
    "core.warnAmbiguousRefs=false",
    "advice.graftFileDeprecated=false",
    "submodule.recurse=false",
    # In a container the files often belong to another user. Git refuses such a
    # repository because its configuration could run programs; here it cannot.
    "safe.directory=*",
)

_COMMAND = (
    "git",
    "--no-pager",
    "--literal-pathspecs",
    *(word for setting in _CONFIG for word in ("-c", setting)),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a git process gave back: its exit status and what it wrote."""

    code: int
    out: bytes
    err: bytes

    @property
    def complaint(self) -> str:
        """What it wrote to its standard error, on one line and safe to print."""
        said = self.err.decode("utf-8", "replace").strip()
        return printable("; ".join(said.splitlines())) or f"exit status {self.code}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A git command that has begun, in a directory, and is yet to be answered."""

    name: str
    cwd: str
    process: subprocess.Popen[bytes]

    def answer(self, stdin: bytes = b"") -> Answer:
        """What it answers, where failing is an answer too; raises GitError."""
        try:
            out, err = self.process.communicate(stdin, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            raise GitError(
                f"git {self.name} in {self.cwd} took longer than {PATIENCE:.0f} seconds; "
                "run it by hand to see why"
            ) from None
        finally:
            self.end()
        return Answer(self.process.returncode, out, err)

    def output(self, stdin: bytes = b"") -> bytes:
        """What it writes; raises GitError when it fails."""
        answer = self.answer(stdin)
        if answer.code:
            raise GitError(f"git {self.name} failed in {self.cwd}: {answer.complaint}")
        return answer.out

    def end(self) -> None:
        """End it, answered or not."""
        stop(self.process)


@dataclass(frozen=True, slots=True)
class Git:
    """Git, started in one directory with an environment that holds nothing unknown."""

    cwd: str
    environ: Mapping[str, str]

    @classmethod
    def at(cls, cwd: Path | str, environ: Mapping[str, str]) -> Git:
        """Git in `cwd`; of the caller's GIT_* variables only those that say where things are."""
        return cls(str(cwd), _clean(environ))

    def within(self, cwd: Path | str, **variables: str) -> Git:
        """The same git in another directory, with more of its variables set."""
        return Git(str(cwd), {**self.environ, **variables})

    def run(self, *args: str | bytes, stdin: bytes = b"") -> bytes:
        """The output of a git command; raises GitError when it fails."""
        return self.begin(*args).output(stdin)

    def ask(self, *args: str | bytes, stdin: bytes = b"") -> Answer:
        """What a git command answers, where failing is an answer too; raises GitError."""
        return self.begin(*args).answer(stdin)

    def begin(self, *args: str | bytes) -> Asked:
        """A git command that works while others are asked; raises GitError."""
        return Asked(printable(os.fsdecode(args[0])), self.cwd, self.open(*args))

    def open(self, *args: str | bytes, quiet: bool = False) -> subprocess.Popen[bytes]:
        """A git process with pipes, in a group of its own; `quiet` drops what it complains."""
        if not os.path.isdir(self.cwd):
            raise GitError(f"{self.cwd} is not a directory that can be entered")
        try:
            return subprocess.Popen(
                [*_COMMAND, *args],
                cwd=self.cwd,
                env=self.environ,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL if quiet else subprocess.PIPE,
                process_group=0,
            )
        except FileNotFoundError:
            raise GitError("git was not found on PATH; install git, or add it to PATH") from None
        except OSError as error:
            raise GitError(f"git cannot be started: {error.strerror}") from None


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process that may still be running, with all that it started, and reap it."""
    with suppress(ProcessLookupError, PermissionError):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    for pipe in (process.stdin, process.stdout, process.stderr):
        # What was still to be written cannot be, and need not.
        with suppress(OSError):
            if pipe is not None:
                pipe.close()
    process.wait()


def printable(text: str) -> str:
    """The text with everything that could steer a terminal written as an escape."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def _clean(environ: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in environ.items() if not name.startswith("GIT_")}
    # A relative entry of PATH would find a `git` that lies in the work tree.
    entries = environ.get("PATH", os.defpath).split(os.pathsep)
    kept["PATH"] = os.pathsep.join(entry for entry in entries if os.path.isabs(entry))
    located = {name: environ[name] for name in _LOCATION if environ.get(name)}
    return kept | _FIXED | located
