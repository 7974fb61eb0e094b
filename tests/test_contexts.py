"""Which test ran which line: noted by the way, whatever coverage was measured with."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from gatekeeper.reading import coverage_json
from gatekeeper.reading.context_lines import contexts_of
from gatekeeper.reading.contexts import Contexts, NoContexts, Phase, bits_of, lines_in
from gatekeeper.reading.coverage import Coverage, FileCoverage
from gatekeeper.reading.file_method import FileMethod
from gatekeeper.reading.packing import packed, unpacked
from gatekeeper.terms import ReadingPlan
from tests.rooms import room_of, taken

SHOP = """\
def price(order):
    if order > 9:
        return (
            order
            * 2
        )
    return 1


def refund(order):
    return -order
"""
TESTS = """\
import os
import pytest
import shop


@pytest.fixture
def refunded():
    return shop.refund(1)


@pytest.mark.parametrize("order", [1, 10], ids=["a|b", "large"])
def test_price(order):
    assert shop.price(order)
    assert "GATEKEEPER_CONTEXTS" not in os.environ
    assert "PYTHONPATH" not in os.environ


def test_refund(refunded):
    assert refunded == -1
"""
FILES = {"shop.py": SHOP, "tests/test_shop.py": TESTS, "pytest.ini": "[pytest]\npythonpath = .\n"}
SMALL, LARGE = "tests/test_shop.py::test_price[a|b]", "tests/test_shop.py::test_price[large]"
REFUND = "tests/test_shop.py::test_refund"

PYTEST_COV = "pytest -q --cov=shop --cov-report=json:{out}"
ALONE = "coverage run --source=. -m pytest -q && coverage json -q -o {out}"

TWICE = (
    "coverage run --source=. -m pytest -q -k refund && mv .coverage .coverage.a"
    " && coverage run -p --source=. -m pytest -q -k price"
    " && coverage combine -q && coverage json -q -o {out}"
)


def measured(
    folder: Path, run: str, files: Mapping[str, str] = FILES, format_: str = "coverage-json"
) -> Coverage:
    value = taken(FileMethod(), ReadingPlan(run=run, format=format_), room_of(folder, files))
    assert isinstance(value, Coverage)
    return value


def told(coverage: Coverage) -> str:
    """Why the contexts are not known."""
    assert isinstance(coverage.contexts, NoContexts)
    return coverage.contexts.why


@pytest.mark.parametrize(
    ("run", "format_"),
    [
        (PYTEST_COV, "coverage-json"),
        (f"{PYTEST_COV} --cov-branch", "coverage-json"),
        (f"{PYTEST_COV} -n 2", "coverage-json"),
        (f"{PYTEST_COV} --cov-context=test", "coverage-json"),
        (f"{PYTEST_COV} -x --reruns 2", "coverage-json"),
        (ALONE, "coverage-json"),
        (ALONE.replace("run", "run --branch --context=ci"), "coverage-json"),
        (ALONE.replace("coverage json", "coverage json --show-contexts"), "coverage-json"),
        (ALONE.replace("coverage json", "coverage lcov"), "lcov"),
        (ALONE.replace("coverage json", "coverage xml"), "cobertura"),
        ("coverage run --source=. --data-file={out} -m pytest -q", "coverage-data"),
    ],
)
def test_each_test_is_known_by_the_lines_that_it_ran(
    tmp_path: Path, run: str, format_: str
) -> None:
    contexts = measured(tmp_path, run, format_=format_).contexts

    assert isinstance(contexts, Contexts)
    assert contexts.tests_of("shop.py") == {SMALL, LARGE, REFUND}
    assert contexts.tests_of("shop.py", [3]) == {LARGE}
    assert contexts.tests_of("shop.py", [7]) == {SMALL}
    assert contexts.lines_of("shop.py", LARGE) == {2, 3}
    assert contexts.tests_of("shop.py", phases=[Phase.SETUP]) == {REFUND}
    assert contexts.tests_of("shop.py", [1]) == frozenset()


def test_what_is_measured_stays_the_same(tmp_path: Path) -> None:
    plain = subprocess.run(
        ["sh", "-c", PYTEST_COV.replace("{out}", "../plain.json")],
        cwd=room_of(tmp_path / "plain", FILES).tree,
        env=room_of(tmp_path / "env", {}).env,
        capture_output=True,
        check=True,
    )

    coverage = measured(tmp_path / "noted", PYTEST_COV)

    root = str(tmp_path / "plain" / "tree")
    report = (tmp_path / "plain" / "plain.json").read_bytes()
    assert plain.returncode == 0
    assert coverage.files == coverage_json.read(report, root).files


@pytest.mark.parametrize(
    ("run", "files", "why"),
    [
        (
            "coverage run --source=. -m unittest -q tests.test_shop; coverage json -q -o {out}",
            {"shop.py": "x = 1\n", "tests/test_shop.py": "import shop\nx = shop\n"},
            "does not tell which test ran which line",
        ),
        (
            ALONE,
            {**FILES, ".coveragerc": "[run]\ndynamic_context = test_function\n"},
            "not those of pytest's tests, but 'test_shop.",
        ),
        (
            TWICE,
            FILES,
            "not of the same run: the lines of 'shop.py' differ",
        ),
        (
            f"{ALONE} && ln -sf /dev/null $(dirname {{out}})/contexts",
            FILES,
            "what was noted of each test cannot be used",
        ),
    ],
    ids=["no pytest", "contexts of its own", "two runs combined", "a link"],
)
def test_what_is_not_known_is_said_with_the_reason(
    tmp_path: Path, run: str, files: Mapping[str, str], why: str
) -> None:
    assert why in told(measured(tmp_path, run, files))


def test_a_core_that_knows_no_contexts_is_not_made_to_note_half_of_them(tmp_path: Path) -> None:
    run = f"COVERAGE_CORE=sysmon {PYTEST_COV}"

    contexts = measured(tmp_path, run).contexts

    # Before Python 3.12 there is no such core, and coverage.py takes another.
    assert isinstance(contexts, NoContexts if sys.version_info >= (3, 12) else Contexts)


def test_contexts_are_kept_with_the_reading(tmp_path: Path) -> None:
    coverage = measured(tmp_path, PYTEST_COV)

    assert unpacked(packed(coverage)) == coverage


REAL = FileCoverage(frozenset({1, 3, 9}), frozenset({5}), frozenset({7}))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"a.py::t|run": [1, 3]}, "not of the same run"),
        ({"a.py::t|run": [1, 3, 5, 9]}, "not of the same run"),
        ({"": [1, 3, 9]}, "not which test ran what"),
        ({"nightly": [1, 3, 9]}, "but 'nightly'"),
    ],
    ids=["less", "more", "no context", "another context"],
)
def test_contexts_fit_the_lines_that_ran_or_are_none(
    said: Mapping[str, list[int]], why: str
) -> None:
    contexts = contexts_of({"a.py": REAL}, lambda _: said)

    assert isinstance(contexts, NoContexts)
    assert why in contexts.why


def test_a_line_within_a_statement_is_that_statement() -> None:
    said = {"": [1], "a.py::t|run": [4, 8, 9, 10]}

    contexts = contexts_of({"a.py": REAL}, lambda _: said)

    assert isinstance(contexts, Contexts)
    assert contexts.lines_of("a.py", "a.py::t") == {3, 9}


def test_of_a_file_that_was_not_measured_nothing_is_known() -> None:
    contexts = contexts_of({"a.py": REAL}, lambda _: {"a.py::t|run": [1, 3, 9]})

    assert isinstance(contexts, Contexts)
    with pytest.raises(KeyError):
        contexts.tests_of("b.py")


@pytest.mark.parametrize("lines", [(), (0,), (7, 8), (1, 4096)])
def test_lines_are_bits_and_back(lines: tuple[int, ...]) -> None:
    assert tuple(lines_in(bits_of(lines))) == lines
