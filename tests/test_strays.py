"""What leaves its group is ended with it; what was there before is left alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from gatekeeper.strays import gathered
from gatekeeper.tools import Limits, run
from tests.test_tools import gone, is_running

DAEMON = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open(sys.argv[1], "w").write(str(os.getpid()))
        time.sleep(300)
    os._exit(0)
os.wait()
while not os.path.exists(sys.argv[1]) or not open(sys.argv[1]).read():
    time.sleep(0.01)
"""


def test_a_daemon_is_ended(tmp_path: Path) -> None:
    with gathered():
        run([sys.executable, "-c", DAEMON, str(tmp_path / "pid")], Limits(20))

    assert gone(int((tmp_path / "pid").read_text()))


ORPHAN = """
import os, time
reading, writing = os.pipe()
if os.fork() == 0:
    if os.fork() == 0:
        os.write(writing, b"%d" % os.getpid())
    os._exit(0)
os.wait()
orphan = int(os.read(reading, 20))
for _ in range(500):
    try:
        os.kill(orphan, 0)
    except ProcessLookupError:
        print("gone")
        break
    time.sleep(0.01)
"""


def test_an_orphan_that_has_ended_is_gone_while_the_tool_still_runs() -> None:
    with gathered() as adopted:
        outcome = run([sys.executable, "-c", ORPHAN], Limits(20), meanwhile=adopted.bury)

    assert b"gone\n" == outcome.out


def test_a_process_of_ours_goes_on() -> None:
    own = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        with gathered():
            run([sys.executable, "-c", "pass"], Limits(20))

        assert is_running(own.pid)
    finally:
        own.communicate(b"\n")
    assert 0 == own.returncode
