"""Tools are started bounded: in time, output and memory, with all that they start themselves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gatekeeper.tools import Ended, Limits, Outcome, ToolError, end, how, run, start

SHORT = Limits(seconds=20)


def python(code: str, limits: Limits = SHORT, given: bytes = b"") -> Outcome:
    return run([sys.executable, "-I", "-c", code], limits, given=given)


def is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    if not status.exists():
        return False
    return status.read_text().rpartition(")")[2].split()[0] not in "ZX"


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_running(pid)


def test_a_tool_gives_its_status_and_both_outputs() -> None:
    outcome = python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")

    assert Outcome(3, b"out\n", b"err\n", Ended.BY_ITSELF) == outcome


def test_what_is_handed_over_and_what_comes_back_may_be_larger_than_a_pipe() -> None:
    given = os.urandom(1_000_000)

    outcome = python("import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())", given=given)

    assert given == outcome.out


def test_a_tool_that_never_reads_its_input_still_ends() -> None:
    outcome = python("pass", given=b"x" * 1_000_000)

    assert (0, Ended.BY_ITSELF) == (outcome.status, outcome.ended)


def test_a_tool_that_takes_too_long_is_ended_with_all_that_it_started() -> None:
    code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)"
    )

    outcome = python(code, Limits(seconds=2))

    assert Ended.TOO_SLOW == outcome.ended
    assert outcome.says == "it took too long"
    assert gone(int(outcome.out))


def test_what_a_tool_leaves_running_behind_itself_is_ended() -> None:
    code = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(child.pid)"
    )

    outcome = python(code)

    assert Ended.BY_ITSELF == outcome.ended
    assert gone(int(outcome.out))


def test_a_child_in_a_session_of_its_own_cannot_keep_us_waiting() -> None:
    code = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(20)'],\n"
        "                         start_new_session=True)\n"
        "print(child.pid)"
    )
    began = time.monotonic()

    outcome = python(code)

    os.kill(int(outcome.out), signal.SIGKILL)
    assert time.monotonic() - began < 15


def test_a_tool_that_ignores_polite_signals_is_ended() -> None:
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"

    outcome = python(code, Limits(seconds=1))

    assert (-signal.SIGKILL, Ended.TOO_SLOW) == (outcome.status, outcome.ended)


def test_a_tool_that_prints_without_end_is_ended_and_its_output_cut() -> None:
    outcome = python("while True: print('x' * 1000)", Limits(seconds=20, output=50_000))

    assert (50_000, Ended.TOO_LOUD) == (len(outcome.out), outcome.ended)


def test_a_tool_that_crashes_says_by_which_signal() -> None:
    outcome = python("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")

    assert outcome.says == "SIGSEGV"


@pytest.mark.parametrize(
    ("status", "words"),
    [(0, "exit status 0"), (2, "exit status 2"), (-9, "SIGKILL"), (-200, "signal 200")],
)
def test_a_status_is_put_in_words(status: int, words: str) -> None:
    assert words == how(status)


def test_a_tool_that_takes_too_much_memory_fails_instead_of_the_machine() -> None:
    code = "import sys\ntry: bytearray(3_000_000_000)\nexcept MemoryError: sys.exit(7)"

    outcome = python(code, Limits(seconds=20, memory=1_000_000_000))

    expected = 7 if sys.platform == "linux" else 0
    assert expected == outcome.status


def test_a_tool_sees_only_the_environment_it_is_given() -> None:
    code = "import os; print(sorted(set(os.environ) - {'LC_CTYPE', '__CF_USER_TEXT_ENCODING'}))"

    outcome = run([sys.executable, "-I", "-c", code], SHORT, env={"ONLY": "this"})

    assert outcome.out == b"['ONLY']\n"


def test_a_tool_runs_where_it_is_told_to(tmp_path: Path) -> None:
    code = "import os; print(os.getcwd())"

    outcome = run([sys.executable, "-I", "-c", code], SHORT, cwd=str(tmp_path))

    assert str(tmp_path.resolve()) == outcome.out.decode().strip()


@pytest.mark.parametrize(
    "command",
    [["no-such-tool-anywhere"], ["/"], ["a\0b"]],
    ids=["is not installed", "is a folder", "has a NUL byte in its name"],
)
def test_a_tool_that_cannot_be_started_is_named(command: list[str]) -> None:
    with pytest.raises(ToolError, match="cannot be started"):
        run(command, SHORT)


def test_a_tool_that_was_started_can_be_ended() -> None:
    process = start([sys.executable, "-I", "-c", "input()"], SHORT, errors=subprocess.DEVNULL)

    status = end(process)

    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()
    assert -signal.SIGKILL == status
