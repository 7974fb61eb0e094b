"""What a change, or a run before it, leaves for tools to find steers no reading."""

from __future__ import annotations

import base64
import os
import py_compile
import sys
import tempfile
from pathlib import Path

import pytest

from gatekeeper import Measured, Missing, Need, Which
from gatekeeper.reading import taking
from gatekeeper.reading.shadows import check_shadows
from gatekeeper.reading.unusable import Unusable
from gatekeeper.strays import Outlived
from gatekeeper.terms import ReadingPlan
from tests.cases import LINK
from tests.test_tools import gone
from tests.trees import Files, built, measured, said

FILES = {"app.py": "X = 1\n", "note.py": "print(__import__('app').X)\n"}


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.mark.parametrize(
    ("name", "command"),
    [
        pytest.param("pytest.ini", "true", id="of pytest"),
        pytest.param("conftest.py", "true", id="a conftest"),
        pytest.param("ruff.toml", "true", id="of ruff"),
        pytest.param("eslint.config.mjs", "node --version", id="of ESLint"),
        pytest.param("package.json", "npm --version", id="of npm"),
    ],
)
def test_settings_above_the_checkout_make_a_reading_missing(
    temporary: Path, name: str, command: str
) -> None:
    (temporary / name).touch()

    reading = built(command, FILES)

    assert isinstance(reading, Missing)
    assert f"{temporary / name} stands above the folder for temporary files" in reading.why


def test_settings_that_a_run_leaves_above_its_checkout_are_gone_for_the_next(
    temporary: Path,
) -> None:
    leave = "for i in ../.. ../../..; do touch $i/pytest.ini; mkdir $i/more; done; ls -d ../../more"
    look = "ls -d ../../pytest.ini ../../../pytest.ini ../../more ../../../more"
    plans = {"a": ReadingPlan(leave, format="build"), "b": ReadingPlan(look, format="build")}

    first, second = measured(
        plans, FILES, FILES, [Need(each, Which.HEAD) for each in "ab"]
    ).values()

    assert "../../more" == said(first)
    assert 4 == said(second).count("No such file")


def test_a_link_in_the_place_of_our_own_folder_opens_nothing_behind_it(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "closed").mkdir(parents=True)
    (outside / "closed").chmod(0o500)
    swap = f"rm -r ../../out && ln -s {outside} ../../out"
    plans = {"a": ReadingPlan(swap, format="build"), "b": ReadingPlan("ls ../..", format="build")}

    _, second = measured(plans, FILES, FILES, [Need(each, Which.HEAD) for each in "ab"]).values()

    assert isinstance(second, Measured)
    assert 0o500 == (outside / "closed").stat().st_mode & 0o777


def compiled(source: str) -> bytes:
    """Compiled Python that says of itself that it is never to be held against its source."""
    with tempfile.TemporaryDirectory() as folder:
        file, made = Path(folder, "app.py"), Path(folder, "app.pyc")
        file.write_text(source)
        unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
        py_compile.compile(str(file), str(made), invalidation_mode=unchecked)
        return made.read_bytes()


def test_compiled_python_of_the_tree_does_not_stand_in_for_its_source() -> None:
    other = f"__pycache__/app.{sys.implementation.cache_tag}.pyc"

    reading = built("python note.py", {**FILES, other: compiled("X = 2\n")})

    assert "1" == said(reading)


@pytest.mark.parametrize(
    ("path", "cwd"),
    [
        ("json.py", ""),
        ("pip/__init__.py", ""),
        ("service/pytest.py", "./service/"),
        ("typing.cpython-311-x86_64-linux-gnu.so", "."),
        ("gatekeeper_recorder.py", ""),
    ],
)
def test_a_new_module_that_python_or_a_tool_would_take_for_its_own_is_refused(
    path: str, cwd: str
) -> None:
    with pytest.raises(Unusable, match="would be imported in place of the"):
        check_shadows(["a.py", path], ["a.py"], cwd)


@pytest.mark.parametrize(
    ("head", "base", "cwd"),
    [
        pytest.param(["json.py"], ["json.py"], "", id="one that the base has"),
        pytest.param(["src/json.py", "json/a.py"], [], "", id="one in another folder"),
        pytest.param(["test/__init__.py"], [], "", id="a folder of tests"),
        pytest.param(["json.py"], [], "service", id="one outside of the reading's folder"),
        pytest.param(["json.toml", "jsonx.py"], [], "", id="files of other names"),
    ],
)
def test_other_modules_are_no_shadows(head: list[str], base: list[str], cwd: str) -> None:
    check_shadows(head, base, cwd)


def test_a_module_of_the_change_is_not_run_by_its_setup(tmp_path: Path) -> None:
    evil = {"json.py": f"open({str(tmp_path / 'ran')!r}, 'w')\nfrom sys import exit\nexit()\n"}

    refused = built("true", {**FILES, **evil}, setup="pip --version", base=FILES)
    agreed = built("true", {**FILES, **evil}, setup="pip --version")

    assert isinstance(refused, Missing)
    assert isinstance(agreed, Measured)
    assert not (tmp_path / "ran").exists()


DAEMON = """
import os, sys, time
if "-c" in sys.argv and os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open({0!r}, "w").write(str(os.getpid()))
        time.sleep(300)
    os._exit(0)
while "-c" in sys.argv and not os.path.exists({0!r}):
    time.sleep(0.01)
"""


def test_what_a_setup_installs_starts_nothing_that_stays(tmp_path: Path) -> None:
    code = base64.b64encode(DAEMON.format(str(tmp_path / "pid")).encode())
    pth = f"import base64; exec(base64.b64decode({code!r}))\n"
    setup = 'cp zz.pth "$(echo "$VIRTUAL_ENV"/lib/python3*/site-packages)"'

    reading = built("true", {**FILES, "zz.pth": pth}, setup=setup)

    assert isinstance(reading, Measured)
    assert gone(int((tmp_path / "pid").read_text()))


@pytest.fixture
def everlasting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that leaves a process that cannot be ended; a real one takes a kernel at fault."""

    def shell(*_: object) -> None:
        raise Outlived("a process that it left running cannot be ended: 7")

    monkeypatch.setattr(taking, "shell", shell)


@pytest.mark.usefixtures("everlasting")
def test_nothing_is_measured_beside_a_run_that_is_not_over() -> None:
    plans = {each: ReadingPlan("true", format="build") for each in "ab"}

    first, second = measured(
        plans, FILES, FILES, [Need(each, Which.HEAD) for each in "ab"]
    ).values()

    assert "a process that it left running cannot be ended: 7" == said(first)
    assert said(second).startswith("an earlier run is not over, and could alter it")


def test_the_bases_tests_are_not_written_through_a_link_of_the_head() -> None:
    base: Files = {"tests/helper.py": "", "app.py": ""}
    plan = ReadingPlan("true", format="build")
    needs = [Need("b", Which.HEAD), Need("b", Which.CROSSED)]

    head = {"tests": "lib", "lib/x.py": "", "app.py": ""}
    [alone, crossed] = measured({"b": plan}, head, base, needs, {"tests": LINK}).values()

    assert isinstance(alone, Measured)
    assert "tests/helper.py cannot be written out: tests is a link" == said(crossed)


def test_whatever_terminal_gatekeeper_has_a_run_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "TERM", "xterm-256color")

    assert "dumb" == said(built("echo $TERM", FILES))
