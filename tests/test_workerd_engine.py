"""A workerd of our own: which one is trusted, how it ends, and what happens if it must be ended."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gatekeeper.migrations.engine import EngineError, Reason, Refusal
from gatekeeper.migrations.engines import workerd
from gatekeeper.migrations.migration import Dialect, Script
from gatekeeper.migrations.workerd import WorkerdEngine
from gatekeeper.migrations.workerd_binary import find_workerd
from gatekeeper.migrations.workerd_process import WorkerdProcess
from tests.workerd import workerd_binary, workerd_engine

ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c;"


def program(folder: Path, text: str = "#!/bin/sh\n") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / "workerd"
    made.write_text(text)
    made.chmod(0o755)
    return made


def is_running(group: int) -> bool:
    """Whether anything is left of a group of processes."""
    listed = subprocess.run(("ps", "-eo", "pgid=,stat="), capture_output=True, check=True)
    rows = (line.split() for line in listed.stdout.decode().splitlines())
    return any(int(pgid) == group and not stat.startswith("Z") for pgid, stat in rows)


def test_the_engine_says_which_workerd_it_is() -> None:
    engine = workerd_engine()

    assert ("workerd", "2026-10-23", Dialect.D1) == (engine.name, engine.version, engine.dialect)


def test_the_workerd_that_the_environment_names_is_taken(tmp_path: Path) -> None:
    named, other = program(tmp_path / "a"), program(tmp_path / "b")
    environ = {"GATEKEEPER_WORKERD": str(named), "PATH": str(other.parent)}

    assert named == find_workerd(environ, tmp_path / "repository")


def test_the_workerd_on_the_path_is_taken(tmp_path: Path) -> None:
    found = program(tmp_path / "bin")

    assert found == find_workerd({"PATH": f"/nowhere::{found.parent}"}, tmp_path / "repository")


def test_a_workerd_of_the_repository_is_never_found_on_the_path(tmp_path: Path) -> None:
    planted = program(tmp_path / "repository" / "node_modules" / ".bin")
    outside = tmp_path / "bin"
    outside.mkdir()
    (outside / "workerd").symlink_to(planted)
    environ = {"PATH": f"{planted.parent}{os.pathsep}node_modules/.bin{os.pathsep}{outside}"}

    assert find_workerd(environ, tmp_path / "repository") is None


def test_where_there_is_no_workerd_there_is_no_engine(tmp_path: Path) -> None:
    assert workerd({"PATH": str(tmp_path)}, tmp_path) is None


@pytest.mark.parametrize("named", ["node_modules/workerd", "/nowhere/workerd", "/"])
def test_a_workerd_that_is_named_wrongly_is_not_passed_over(tmp_path: Path, named: str) -> None:
    with pytest.raises(EngineError, match="GATEKEEPER_WORKERD"):
        workerd({"GATEKEEPER_WORKERD": named}, tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "#!/bin/sh\nexit 0\n",
        "#!/bin/sh\necho no thanks\n[ $1 = serve ] && sleep 60\n",
        "#!/bin/sh\nkill -SEGV $$\n",
    ],
    ids=["ends", "talks", "crashes"],
)
def test_a_program_that_is_no_workerd_is_an_error_and_no_verdict(tmp_path: Path, text: str) -> None:
    engine = WorkerdEngine(program(tmp_path, text), seconds=2)

    with engine.open() as database, pytest.raises(EngineError, match="does not start"):
        database.apply(Script("0001.sql", "SELECT 1;"))
    with pytest.raises(EngineError):
        _ = engine.version


def test_nothing_is_left_of_it() -> None:
    process = WorkerdProcess(workerd_binary())
    folder = process.file("a").parents[2]
    group = process.group
    assert is_running(group)

    process.close()

    assert not is_running(group)
    assert not folder.exists()


def test_it_ends_with_whoever_started_it() -> None:
    ours = (
        "import sys, time; from pathlib import Path\n"
        "from gatekeeper.migrations.workerd_process import WorkerdProcess\n"
        "process = WorkerdProcess(Path(sys.argv[1]))\n"
        "print(process.file('a').parents[2], flush=True)\n"
        "print(process.group, flush=True); time.sleep(60)\n"
    )
    command = (sys.executable, "-c", ours, str(workerd_binary()))
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        folder, group = (
            Path(parent.stdout.readline().decode().strip()),
            int(parent.stdout.readline()),
        )
        assert is_running(group)

        parent.send_signal(signal.SIGKILL)

    until = time.monotonic() + 20
    while (is_running(group) or folder.exists()) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_running(group)
    assert not folder.exists()


def test_a_script_without_end_is_stopped_and_nothing_else_is_lost() -> None:
    with workerd_engine(seconds=1.5).open() as database:
        assert database.apply(Script("0001.sql", "CREATE TABLE t(a);")) is None

        refused = database.apply(Script("0002.sql", f"DROP TABLE t;\n{ENDLESS}"))

        assert refused is not None
        assert (Reason.UNBOUNDED, "0002.sql") == (refused.reason, refused.path)
        assert () == database.query("SELECT * FROM t")


def test_a_query_without_end_is_stopped() -> None:
    with workerd_engine(seconds=1.5).open() as database:
        refused = database.query(ENDLESS)

    assert isinstance(refused, Refusal)
    assert refused.is_inconclusive


def test_a_stranger_on_this_machine_is_not_answered() -> None:
    process = WorkerdProcess(workerd_binary())
    try:
        process.file("a")
        stranger = http.client.HTTPConnection("127.0.0.1", process.port, timeout=10)
        stranger.request("POST", "/a", b'{"verb": "run", "parts": [], "alone": false}')
        status = stranger.getresponse().status
        stranger.close()
    finally:
        process.close()

    assert http.client.FORBIDDEN == status
