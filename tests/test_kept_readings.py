"""Readings are kept for the next run as plain data, and what is not whole is as good as none."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper import Measured, Need, Which
from gatekeeper.reading.build import Built
from gatekeeper.reading.coverage import Branch, Coverage, FileCoverage
from gatekeeper.reading.kept import A_DAY, MOST, Kept, kept_readings
from gatekeeper.reading.lint import Linted, Warned
from gatekeeper.reading.measuring import Means, measure
from gatekeeper.reading.packing import packed, unpacked
from gatekeeper.reading.tests import Outcome, Ran, TestRun, Uncollected
from gatekeeper.rule import Reading
from gatekeeper.snapshot import Snapshot
from gatekeeper.terms import ReadingPlan
from gatekeeper.value import replace
from tests.trees import means, said, tree

FILES = {"a.py": "A\n"}

_text = st.text(max_size=8)
_lines = st.frozensets(st.integers(1, 99), max_size=5)
_branches = st.dictionaries(st.integers(1, 9), st.builds(Branch, st.integers(0, 3), st.integers()))
_files = st.dictionaries(_text, st.builds(FileCoverage, _lines, _lines, _lines, _branches))
_ran = st.builds(
    Ran, _text, st.sampled_from(Outcome), _text, st.none() | st.integers(), _text, st.floats(0, 9)
)
VALUES = st.one_of(
    st.builds(Built, _text, st.integers(), _text),
    st.builds(Coverage, _text, _files, st.booleans()),
    st.builds(
        Linted,
        _text,
        st.tuples(st.builds(Warned, _text, st.none() | st.integers(), st.none(), _text, _text)),
        st.frozensets(_text),
    ),
    st.builds(
        TestRun,
        _text,
        st.dictionaries(_text, _ran),
        st.tuples(_text),
        st.tuples(st.builds(Uncollected, _text, _text)),
    ),
)


@given(VALUES)
def test_every_value_comes_back_as_it_was(value: object) -> None:
    assert value == unpacked(json.loads(json.dumps(packed(value))))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(None, id="nothing"),
        pytest.param(["Built", ["make", "0", ""]], id="a text for a number"),
        pytest.param(["Built", ["make", True, ""]], id="a truth for a number"),
        pytest.param(["Built", ["make", 0]], id="a field too few"),
        pytest.param(["Path", ["/etc"]], id="another kind"),
        pytest.param(["TestRun", ["t", [["a", ["a", "WON"]]], [], [], [], []]], id="no outcome"),
        pytest.param(["Coverage", ["c", {"a": 1}, False]], id="an object for pairs"),
        pytest.param(["Coverage", ["c", [["a"]], False]], id="half a pair"),
    ],
)
def test_other_data_is_no_value(data: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        unpacked(data)


def test_what_is_no_reading_is_not_packed() -> None:
    with pytest.raises(TypeError):
        packed({"status": 0})


def counting(folder: Path) -> ReadingPlan:
    return ReadingPlan(f"echo ran >> {folder}/runs; cat a.py", format="build")


def runs(folder: Path) -> int:
    return len((folder / "runs").read_text().splitlines())


def take(
    folder: Path,
    plan: ReadingPlan,
    head: Snapshot | None = None,
    which: Which = Which.HEAD,
    base: Snapshot | None = None,
    **environ: str,
) -> Reading:
    at = head or tree("head", FILES)
    given_means = Means(means(**environ).environ, kept=Kept(folder / "kept"))
    need = Need("b", which)
    return measure([need], {"b": plan}, base or tree("base", {}), at, given_means)[need]


def test_an_unchanged_tree_is_not_run_again(tmp_path: Path) -> None:
    first = take(tmp_path, counting(tmp_path))

    again = take(tmp_path, counting(tmp_path))

    assert isinstance(first, Measured)
    assert isinstance(again, Measured)
    assert first.value == again.value
    assert f"{first.how}; kept of an earlier run" == again.how
    assert 1 == runs(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"head": tree("head", {"a.py": "B\n"})}, id="another tree"),
        pytest.param({"which": Which.CROSSED}, id="the base's tests"),
        pytest.param({"base": tree("base", {"ruff.toml": ""})}, id="another base"),
    ],
)
def test_another_tree_is_another_reading(tmp_path: Path, change: dict[str, Any]) -> None:
    base = tree("base", {"test_a.py": ""})
    take(tmp_path, counting(tmp_path), base=base)

    take(tmp_path, counting(tmp_path), **{"base": base, **change})

    assert 2 == runs(tmp_path)


@pytest.mark.parametrize(
    "change",
    [{"setup": "true"}, {"env": {"A": "1"}}, {"run": "echo ran >> runs; true"}, {"cwd": "."}],
    ids=lambda change: next(iter(change)),
)
def test_another_plan_is_another_reading(tmp_path: Path, change: dict[str, Any]) -> None:
    take(tmp_path, counting(tmp_path))

    reading = take(tmp_path, replace(counting(tmp_path), **change))

    assert isinstance(reading, Measured)
    assert "kept" not in reading.how


def test_another_environment_is_another_reading(tmp_path: Path) -> None:
    take(tmp_path, counting(tmp_path), PIP_INDEX_URL="https://user:secret@one.example")

    take(tmp_path, counting(tmp_path), PIP_INDEX_URL="https://user:secret@two.example")

    assert 2 == runs(tmp_path)
    assert not any("secret" in file.read_text() for file in (tmp_path / "kept").iterdir())


def test_another_version_of_a_program_is_another_reading(tmp_path: Path) -> None:
    tool = tmp_path / "bin" / "tool"
    tool.parent.mkdir()
    path = f"{tool.parent}{os.pathsep}{os.environ['PATH']}"
    plan = ReadingPlan(f"echo ran >> {tmp_path}/runs; tool", format="build")
    readings = []
    for version in ("1", "2", "2"):
        if not tool.exists() or version not in tool.read_text():
            tool.write_text(f"#!/bin/sh\necho version {version}\n")
            tool.chmod(0o755)
        readings.append(said(take(tmp_path, plan, PATH=path)))

    assert ["version 1", "version 2", "version 2"] == readings
    assert 2 == runs(tmp_path)


@pytest.mark.parametrize(
    ("setup", "age", "times"),
    [
        pytest.param("true", A_DAY - 60, 1, id="a setup of today"),
        pytest.param("true", A_DAY + 60, 2, id="a setup of yesterday"),
        pytest.param("true", -3600, 2, id="a setup of a time to come"),
        pytest.param("", 30 * A_DAY, 1, id="no setup, so nothing that could be another version"),
    ],
)
def test_what_a_setup_installs_is_asked_again_every_day(
    tmp_path: Path, setup: str, age: float, times: int
) -> None:
    plan = replace(counting(tmp_path), setup=setup)
    take(tmp_path, plan)
    [file] = (tmp_path / "kept").iterdir()
    then = time.time() - age
    os.utime(file, (then, then))

    take(tmp_path, plan)

    assert times == runs(tmp_path)


def test_a_missing_reading_is_not_kept(tmp_path: Path) -> None:
    take(tmp_path, replace(counting(tmp_path), setup="exit 1"))

    assert not (tmp_path / "kept").exists()


def truncated(text: str) -> str:
    return text[: len(text) // 2]


def forged(text: str) -> str:
    entry = json.loads(text)
    entry["value"][1][1] = 1 - entry["value"][1][1]
    return json.dumps(entry)


def of_another_key(text: str) -> str:
    return json.dumps({**json.loads(text), "key": "another"})


@pytest.mark.parametrize(
    "damage",
    [truncated, forged, of_another_key, lambda _: "", lambda _: "[" * 100_000, lambda _: "null"],
    ids=["cut off", "altered", "of another key", "empty", "nested", "null"],
)
def test_a_damaged_entry_is_as_good_as_none(tmp_path: Path, damage: Callable[[str], str]) -> None:
    first = take(tmp_path, counting(tmp_path))
    [file] = (tmp_path / "kept").iterdir()
    file.write_text(damage(file.read_text()))

    assert first == take(tmp_path, counting(tmp_path))
    assert 2 == runs(tmp_path)


def test_only_so_many_are_kept(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept")

    for number in range(MOST + 5):
        kept.keep(f"key {number}", Built("make", number))

    assert MOST == len(list((tmp_path / "kept").iterdir()))
    assert Built("make", MOST + 4) == kept.recall(f"key {MOST + 4}")


def test_nothing_is_kept_or_recalled_in_ci(tmp_path: Path) -> None:
    assert kept_readings(tmp_path, {"CI": "true"}) is None
    assert Kept(tmp_path / "gatekeeper" / "readings") == kept_readings(tmp_path, {})


def forge(folder: Path, key: str, value: object) -> None:
    """What head code would write into the store, which it finds as well as anybody."""
    Kept(folder / "gatekeeper" / "readings").keep(key, value)


def test_what_a_run_of_the_change_writes_into_the_store_is_neither_recalled_nor_left(
    tmp_path: Path,
) -> None:
    honest, forged = Built("make", 1, "it failed"), Built("make", 0, "")
    forge(tmp_path, "before", honest)
    kept = kept_readings(tmp_path, {})
    assert kept is not None
    kept.keep("own", honest)

    for key in ("new", "before"):
        forge(tmp_path, key, forged)
    recalled = [kept.recall(key) for key in ("new", "before", "own")]
    kept.sweep()

    assert [None, None, honest] == recalled
    later = kept_readings(tmp_path, {})
    assert later is not None
    assert [None, None, honest] == [later.recall(key) for key in ("new", "before", "own")]


def test_a_link_in_the_store_is_not_followed(tmp_path: Path) -> None:
    forge(tmp_path, "a", Built("make", 0, ""))
    (entry,) = (tmp_path / "gatekeeper" / "readings").iterdir()
    entry.rename(tmp_path / "elsewhere.json")
    entry.symlink_to(tmp_path / "elsewhere.json")
    kept = kept_readings(tmp_path, {})
    assert kept is not None

    assert kept.recall("a") is None


@pytest.mark.parametrize(
    "environ",
    [
        pytest.param({"GITHUB_ACTIONS": "true", "CI": ""}, id="a workflow that empties CI"),
        pytest.param({"TF_BUILD": "True"}, id="a service that does not set CI"),
        pytest.param({"CI": "false"}, id="a word that means no, which is there all the same"),
    ],
)
def test_a_service_is_known_by_more_than_one_variable(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    assert kept_readings(tmp_path, environ) is None
