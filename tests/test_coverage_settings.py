"""Coverage of the head is measured by the base's settings, and by no data that was there before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from coverage import CoverageData

from gatekeeper.reading.coverage import Coverage
from gatekeeper.reading.file_method import FileMethod
from gatekeeper.reading.room import Room
from gatekeeper.reading.unusable import Unusable
from gatekeeper.terms import ReadingPlan
from tests.rooms import room_of, taken

RUN = "coverage run --source=src -m till; coverage combine -q --append; coverage json -q -o {out}"
PLAN = ReadingPlan(RUN, format="coverage-json")
FILES = {
    "till.py": "import src.a\n",
    "src/__init__.py": "",
    "src/a.py": "X = 1\nif not X:\n    X = 2\n",
}
SETTINGS = {
    ".coveragerc": "[run]\nrelative_files = true\n",
    "pyproject.toml": "[tool.coverage.run]\nrelative_files = true\n",
}
EXCLUDES = "[coverage:report]\nexclude_also = if not\n"
# A single missed line of the file is excluded by the head's settings alone.
HIDING = {
    ".coveragerc": EXCLUDES.replace("coverage:", ""),
    "setup.cfg": EXCLUDES,
    "tox.ini": EXCLUDES,
    "pyproject.toml": '[tool.coverage.report]\nexclude_also = ["if not"]\n',
}


def two_sided(folder: Path, head: Mapping[str, str], base: Mapping[str, str]) -> Room:
    room = room_of(folder / "head", head)
    return replace(room, base=room_of(folder / "base", base).tree)


def missed(
    folder: Path, head: Mapping[str, str], base: Mapping[str, str], run: str = RUN
) -> set[int]:
    room = two_sided(folder, {**FILES, **head}, {**FILES, **base})
    coverage = taken(FileMethod(), replace(PLAN, run=run), room)
    assert isinstance(coverage, Coverage)
    return set(coverage.files["src/a.py"].missed)


@pytest.mark.parametrize("kept", ["", ".coveragerc", "pyproject.toml"])
@pytest.mark.parametrize("added", HIDING)
def test_settings_of_the_head_exclude_nothing(tmp_path: Path, kept: str, added: str) -> None:
    base = {kept: SETTINGS[kept]} if kept else {}

    assert {3} == missed(tmp_path, {**base, added: HIDING[added]}, base)


@pytest.mark.parametrize("name", HIDING)
def test_settings_of_the_base_hold(tmp_path: Path, name: str) -> None:
    assert set() == missed(tmp_path, {}, {name: HIDING[name]})


@pytest.mark.parametrize("option", ["--rcfile=ci.rc", "--rcfile ci.rc"])
def test_settings_that_the_command_names_are_the_bases(tmp_path: Path, option: str) -> None:
    run = RUN.replace("-m till", f"{option} -m till").replace("json -q", f"json -q {option}")

    assert {3} == missed(tmp_path, {"ci.rc": HIDING[".coveragerc"]}, {"ci.rc": "[run]\n"}, run)


PYTEST = "pytest -q -p no:cacheprovider --cov=src --cov-report=json:{out}"
TESTED = {"test_a.py": "import src.a\ndef test_a(): assert src.a.X\n"}


@pytest.mark.parametrize(
    ("head", "base"),
    [
        pytest.param(
            {"pytest.ini": "[pytest]\naddopts = --cov-config=own.rc\n"}, {}, id="new settings"
        ),
        pytest.param(
            {"pytest.ini": "[pytest]\naddopts = --cov-config=ci.rc\n"},
            {"pytest.ini": "[pytest]\naddopts = --cov-config=ci.rc\n", "ci.rc": "[run]\n"},
            id="settings that the base names, and that the head changes",
        ),
    ],
)
def test_settings_that_pytest_names_are_the_bases(
    tmp_path: Path, head: Mapping[str, str], base: Mapping[str, str]
) -> None:
    hiding = dict.fromkeys(("own.rc", "ci.rc"), HIDING[".coveragerc"])

    assert {3} == missed(tmp_path, {**TESTED, **head, **hiding}, base, PYTEST)


def test_data_that_the_change_brings_along_is_refused(tmp_path: Path) -> None:
    room = two_sided(tmp_path, {**FILES, **SETTINGS, "x/data": ""}, {**FILES, **SETTINGS})
    data = CoverageData(basename=str(room.tree / "x" / "data"))
    data.add_lines({"src/a.py": [1, 2, 3]})
    data.write()

    with pytest.raises(Unusable, match="x/data is coverage data; nothing proves what it says"):
        taken(FileMethod(), PLAN, room)


def test_data_that_the_base_has_as_well_is_agreed(tmp_path: Path) -> None:
    files = {**FILES, ".nyc_output/a.json": "{}"}

    coverage = taken(FileMethod(), PLAN, two_sided(tmp_path, files, files))

    assert isinstance(coverage, Coverage)
