"""Whoever interrupts a check ends all that it started, and finds nothing left of it."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repositories import RepositoryBuilder, make_repository
from tests.test_tools import gone

CONTRACT = "# Stage\n\n## Validation\n- The build passes.\n"
BINDING = """\
contract: contracts/stage.md
readings:
  build: {{run: "{run}"}}
clauses:
  - says: The build passes.
    rules: [build-failed]
"""


@pytest.fixture(autouse=True)
def attentive() -> Iterator[None]:
    """What a shell starts in the background is deaf to Ctrl-C, and by nohup to SIGHUP, as are
    its children; then nothing is to be seen here."""
    interrupt = signal.signal(signal.SIGINT, signal.default_int_handler)
    hangup = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGHUP, hangup)


def repository_that_builds(folder: Path, run: str) -> RepositoryBuilder:
    repository = make_repository(folder / "repository")
    binding = BINDING.format(run=run)
    repository.write_all({"contracts/stage.md": CONTRACT, "gatekeeper.yaml": binding})
    repository.commit("the contract")
    repository.git("switch", "--quiet", "--create", "work")
    repository.write("app.py", "X = 1\n")
    repository.commit("the work")
    return repository


def started(
    repository: RepositoryBuilder, temporary: Path, stderr: int, **environ: str
) -> subprocess.Popen[bytes]:
    temporary.mkdir()
    return subprocess.Popen(
        [sys.executable, "-m", "gatekeeper", "check"],
        cwd=repository.path,
        env={**repository.environ, "TMPDIR": str(temporary), **environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
    )


def wait_for(file: Path) -> str:
    deadline = time.monotonic() + 60
    while not (file.exists() and file.read_text()):
        assert time.monotonic() < deadline, f"{file} was never written"
        time.sleep(0.02)
    return file.read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_check_leaves_nothing_behind(tmp_path: Path, number: int) -> None:
    pid = tmp_path / "pid"
    run = f"setsid sh -c 'echo $$ > {pid}; sleep 300' & sleep 300"
    check = started(repository_that_builds(tmp_path, run), tmp_path / "tmp", subprocess.PIPE)
    child = int(wait_for(pid))

    check.send_signal(number)
    _, said = check.communicate(timeout=60)

    assert b"gatekeeper: interrupted; nothing was judged\n" == said
    assert 130 == check.returncode
    assert gone(child)
    assert [] == list((tmp_path / "tmp").iterdir())


def test_a_second_request_does_not_stop_the_tidying_up(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    # So many that it takes a while to remove them.
    run = f"mkdir many; cd many; seq 20000 | xargs touch; echo $$ > {pid}; sleep 300"
    check = started(repository_that_builds(tmp_path, run), tmp_path / "tmp", subprocess.PIPE)
    child = int(wait_for(pid))

    check.send_signal(signal.SIGINT)
    ended = gone(child)
    check.send_signal(signal.SIGTERM)
    _, said = check.communicate(timeout=60)

    assert ended
    assert b"gatekeeper: interrupted; nothing was judged\n" == said
    assert [] == list((tmp_path / "tmp").iterdir())


def on_a_terminal(folder: Path, **environ: str) -> str:
    """What a check writes to standard error where that is a terminal."""
    ours, theirs = pty.openpty()
    repository = repository_that_builds(folder, "sleep 1.5")
    check = started(repository, folder / "tmp", theirs, TERM="xterm", **environ)
    os.close(theirs)
    check.communicate(timeout=120)
    return read_all(ours)


def read_all(terminal: int) -> str:
    shown = b""
    with os.fdopen(terminal, "rb", buffering=0) as file:
        try:
            while block := file.read(4096):
                shown += block
        except OSError:  # how Linux says that nobody has the other end any more
            return shown.decode()
    return shown.decode()


def test_a_terminal_shows_what_is_measured_and_is_left_clean(tmp_path: Path) -> None:
    shown = on_a_terminal(tmp_path)

    assert "measuring build of the head … 0 s" in shown
    assert "measuring build of the head … 1 s" in shown
    assert shown.endswith("\r\x1b[K")
    assert "\n" not in shown


def test_ci_is_shown_nothing(tmp_path: Path) -> None:
    assert "" == on_a_terminal(tmp_path, CI="true")
