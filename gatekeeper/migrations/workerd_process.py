"""A workerd of our own: on 127.0.0.1 only, its files in a temporary folder, ended by its number."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import selectors
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import IO

from gatekeeper.migrations.engine import EngineError
from gatekeeper.tools import Limits, ToolError, end, how, run, start
from gatekeeper.value import dataclass

Plain = None | bool | int | float | str | Sequence["Plain"] | Mapping[str, "Plain"]

_START = 20.0
_MEMORY = Path("/dev", "shm")
_FILES = 512_000_000
_SLOWEST = 30.0
# Whoever started it may be killed, and then nobody is left to end it: a shell waits for the end
# of its own input. Files are bounded too, in blocks of half or one kilobyte.
_ENDED_WITH_US = """\
ulimit -c 0; ulimit -f 1000000
folder=$1; shift
{ "$@"; echo "workerd ended with status $?" >&2; kill -KILL 0; } &
read -r gone
kill -KILL $!
rm -rf -- "$folder"
kill -KILL 0
"""
_CONFIG = """\
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "workerd.mjs", esModule = embed "workerd.mjs")],
      compatibilityDate = "2026-04-01",
      durableObjectNamespaces = [(className = "Rows", uniqueKey = "rows", enableSql = true)],
      durableObjectStorage = (localDisk = "disk"),
      bindings = [
        (name = "ROWS", durableObjectNamespace = "Rows"),
        (name = "SECRET", text = "{secret}"),
      ],
      globalOutbound = "nowhere",
    )),
    (name = "nowhere", network = (allow = [])),
    (name = "disk", disk = (writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
"""


class Stopped(Exception):
    """It did not answer in time, or died of the question; it has been ended."""


class Broken(Exception):
    """The object broke: what it had written is undone. `says` is what workerd wrote down."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says


@dataclass(frozen=True, slots=True)
class _Running:
    process: subprocess.Popen[bytes]
    connection: http.client.HTTPConnection


class WorkerdProcess:
    """Answers questions about databases by name; started when first asked, and after an end."""

    def __init__(self, binary: Path, seconds: float = _SLOWEST) -> None:
        self._binary, self._seconds = binary, seconds
        self._folder = Path(tempfile.mkdtemp(prefix="gatekeeper-workerd-", dir=_in_memory()))
        self._secret = secrets.token_hex()
        self._running: _Running | None = None
        self._log = self._furnished()

    def _furnished(self) -> IO[bytes]:
        (self._folder / "disk").mkdir()
        worker = files("gatekeeper.migrations").joinpath("workerd.mjs").read_text("utf-8")
        (self._folder / "workerd.mjs").write_text(worker, "utf-8")
        config = self._folder / "config.capnp"
        config.touch(mode=0o600)
        config.write_text(_CONFIG.replace("{secret}", self._secret), "utf-8")
        return (self._folder / "log").open("w+b")

    def close(self) -> None:
        """End it, and remove its files."""
        self.stop()
        self._log.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def stop(self) -> str:
        """End it, if it runs; how it ended. What it has not committed is gone."""
        running, self._running = self._running, None
        if running is None:
            return ""
        running.connection.close()
        return _ended(running.process)

    @property
    def group(self) -> int:
        """The number of its group of processes."""
        return self._now().process.pid

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._now().connection.port

    def ask(self, database: str, question: Mapping[str, Plain]) -> Mapping[str, Plain]:
        """What a database answers; raises Stopped, Broken, EngineError."""
        written = self._log.seek(0, os.SEEK_END)
        status, body = self._request("POST", database, json.dumps(question).encode())
        if status != http.client.OK:
            self._log.seek(written)
            raise Broken(self._log.read().decode("utf-8", "replace"))
        said: Mapping[str, Plain] = json.loads(body)
        return said

    def file(self, database: str) -> Path:
        """Where a database is kept, beside which SQLite has its log."""
        status, body = self._request("GET", database, b"")
        if status != http.client.OK:
            raise EngineError(f"workerd does not say where it keeps {database}: status {status}.")
        return self._folder / "disk" / "rows" / f"{body.decode('ascii')}.sqlite"

    def _request(self, method: str, database: str, body: bytes) -> tuple[int, bytes]:
        running = self._now()
        try:
            headers = {"Authorization": self._secret}
            running.connection.request(method, f"/{database}", body, headers)
            answer = running.connection.getresponse()
            return answer.status, answer.read()
        except TimeoutError:
            self.stop()
            raise Stopped(f"it was stopped after {self._seconds:.0f} seconds") from None
        except (OSError, http.client.HTTPException) as error:
            ended = self.stop()
            raise Stopped(f"workerd came to its end ({ended}): {error}") from None

    def _now(self) -> _Running:
        self._running = self._running or self._started()
        return self._running

    def _started(self) -> _Running:
        disk = f"--directory-path=disk={self._folder / 'disk'}"
        config = str(self._folder / "config.capnp")
        served = (str(self._binary), "serve", config, "--control-fd=1", disk)
        folder = str(self._folder)
        command = ("/bin/sh", "-c", _ENDED_WITH_US, "sh", folder, *served)
        env = {"PATH": "/usr/bin:/bin", "TMPDIR": folder}
        try:
            process = start(
                command, Limits(self._seconds), cwd=folder, env=env, errors=self._log.fileno()
            )
        except ToolError as error:
            raise EngineError(str(error)) from None
        port = _port(process)
        if port is None:
            _ended(process)
            raise EngineError(f"{self._binary} does not start: {self._last_words()}")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=self._seconds)
        return _Running(process, connection)

    def _last_words(self) -> str:
        self._log.seek(0)
        return self._log.read().decode("utf-8", "replace").strip()[-500:] or "it says nothing"


def _ended(process: subprocess.Popen[bytes]) -> str:
    """End it, and say how it ended."""
    status = end(process)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    return how(status)


def _in_memory() -> Path | None:
    """A folder in memory, where there is room in one: four times as fast; None for any other."""
    try:
        has_room = shutil.disk_usage(_MEMORY).free > 4 * _FILES
    except OSError:
        return None
    return _MEMORY if has_room and os.access(_MEMORY, os.W_OK) else None


def _port(process: subprocess.Popen[bytes]) -> int | None:
    """The port that it says it listens on; None where it ends or says nothing in time."""
    assert process.stdout is not None
    held, until = b"", time.monotonic() + _START
    os.set_blocking(process.stdout.fileno(), False)
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while b"\n" not in held and time.monotonic() < until:
            if not selector.select(max(0.0, until - time.monotonic())):
                continue
            block = os.read(process.stdout.fileno(), 4096)
            if not block:
                return None
            held += block
    return _read_port(held)


def _read_port(said: bytes) -> int | None:
    try:
        heard = json.loads(said.partition(b"\n")[0])
    except ValueError:
        return None
    port = heard.get("port") if isinstance(heard, dict) else None
    return port if isinstance(port, int) else None


def version_of(binary: Path) -> str:
    """What workerd says of its version; raises EngineError."""
    try:
        outcome = run((str(binary), "--version"), Limits(_START, output=10_000), env={})
    except ToolError as error:
        raise EngineError(str(error)) from None
    said = outcome.out.decode("utf-8", "replace").strip()
    if outcome.status != 0 or not said.startswith("workerd "):
        raise EngineError(f"{binary} does not say that it is workerd: {outcome.says}.")
    return said.removeprefix("workerd ")
