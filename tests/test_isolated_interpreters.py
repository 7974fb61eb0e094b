"""A command may tell Python to ignore its environment (-I, -E): it is measured all the same."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from gatekeeper.reading.contexts import Contexts
from gatekeeper.reading.coverage import Coverage
from gatekeeper.reading.file_method import FileMethod
from gatekeeper.reading.method import Method
from gatekeeper.reading.pytest_method import PytestMethod
from gatekeeper.reading.room import Room
from gatekeeper.reading.tests import TestRun
from gatekeeper.reading.unusable import Unusable
from gatekeeper.terms import ReadingPlan
from tests.rooms import room_of, taken

FILES = {
    "shop.py": "def price(order):\n    return order * 2\n",
    "test_shop.py": "import shop\n\n\ndef test_price():\n    assert shop.price(2) == 4\n",
    "pytest.ini": "[pytest]\npythonpath = .\n",
}
COVERED = "-m pytest -q --cov=shop --cov-report=json:{out}"


def environment(folder: Path) -> Path:
    """A virtual environment that has what this Python has; its `python`."""
    asked = (sys.executable, "-I", "-m", "venv", "--without-pip", folder)
    subprocess.run(asked, check=True)
    [packages] = folder.glob("lib/python3*/site-packages")
    own = Path(sysconfig.get_path("purelib"))
    # What a run under gatekeeper has planted there would be lent as well.
    planted = "gatekeeper-plugins.pth"
    more = (each.read_text() for each in sorted(own.glob("*.pth")) if each.name != planted)
    (packages / "lent.pth").write_text("\n".join((str(own), *more)))
    return folder / "bin" / "python"


def room(folder: Path) -> tuple[Room, Path]:
    """A room with an environment of its own, and that environment's Python."""
    python = environment(folder / "venv")
    return room_of(folder, FILES, VIRTUAL_ENV=str(folder / "venv")), python


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(f"-I {COVERED}", id="coverage, isolated"),
        pytest.param(f"-I {COVERED} -n 2", id="coverage, isolated, with workers"),
        pytest.param(
            "-E -m coverage run --source=. -m pytest -q && coverage json -q -o {out}",
            id="coverage.py itself, without the environment's variables",
        ),
    ],
)
def test_coverage_and_which_test_ran_what_are_measured(tmp_path: Path, run: str) -> None:
    there, python = room(tmp_path)

    coverage = taken(FileMethod(), ReadingPlan(f"{python} {run}", format="coverage-json"), there)

    assert isinstance(coverage, Coverage)
    assert isinstance(coverage.contexts, Contexts)
    assert {"test_shop.py::test_price"} == coverage.contexts.tests_of("shop.py", [2])


def test_a_run_of_pytest_is_recorded_with_its_canaries(tmp_path: Path) -> None:
    there, python = room(tmp_path)

    run = taken(PytestMethod(), ReadingPlan(f"{python} -I -m pytest -q"), there)

    assert isinstance(run, TestRun)
    assert ["test_shop.py::test_price"] == list(run.tests)


@pytest.mark.parametrize(
    ("method", "format_", "run"),
    [
        pytest.param(FileMethod(), "coverage-json", COVERED, id="coverage"),
        pytest.param(PytestMethod(), "pytest", "-m pytest -q", id="pytest"),
    ],
)
def test_a_python_of_another_environment_that_ignores_ours_is_told_what_to_do(
    tmp_path: Path, method: Method, format_: str, run: str
) -> None:
    python = environment(tmp_path / "elsewhere")
    there = room_of(tmp_path / "room", FILES)

    with pytest.raises(Unusable, match=r"could not load gatekeeper.s plugins.*without that"):
        taken(method, ReadingPlan(f"{python} -I {run}", format=format_), there)
    assert [] == list(tmp_path.glob("elsewhere/lib/*/site-packages/gatekeeper*"))
