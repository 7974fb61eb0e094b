"""The whole way with real tools: pip, pytest and coverage in environments of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper import Measured, Need, Which
from gatekeeper.reading.measuring import Means, measure
from gatekeeper.reading.tests import TestRun
from gatekeeper.repository import Repository
from gatekeeper.rule import Reading
from gatekeeper.terms import ReadingPlan
from tests.lending import lent
from tests.repositories import RepositoryBuilder, make_repository
from tests.stages import Outcome, check

SETUP = "pip install --quiet pytest pytest-cov && echo once >> ${NPM_CONFIG_SETUPS:-/dev/null}"
CONTRACT = """\
# Stage

## Validation
- The build passes.
- Line coverage does not decrease.
"""
BINDING = f"""\
contract: contracts/stage.md
readings:
  tests: {{setup: "{SETUP}", run: "pytest -q", format: pytest}}
  coverage: {{run: "pytest -q --cov=src --cov-report=json:{{out}}", format: coverage-json}}
  build: {{run: "python -m compileall -q -f src"}}
clauses:
  - says: The build passes.
    rules: [build-failed]
  - says: Line coverage does not decrease.
    rules: [coverage-dropped]
"""
PROJECT = '[tool.pytest.ini_options]\npythonpath = ["src"]\n'
TILL = """\
def total(prices):
    return sum(prices)


def change(paid, owed):
    if paid < owed:
        raise ValueError(owed - paid)
    return paid - owed
"""
TEST_TOTAL = "from till import total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n"
TEST_CHANGE = """\
import pytest
from till import change


def test_change():
    assert change(5, 3) == 2


def test_too_little():
    with pytest.raises(ValueError):
        change(1, 3)
"""


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> RepositoryBuilder:
    """The work on it takes a test away, and breaks what the test held."""
    made = make_repository(tmp_path_factory.mktemp("measured") / "shop")
    made.write_all(
        {
            "contracts/stage.md": CONTRACT,
            "gatekeeper.yaml": BINDING,
            "pyproject.toml": PROJECT,
            "src/till.py": TILL,
            "tests/test_total.py": TEST_TOTAL,
            "tests/test_change.py": TEST_CHANGE,
        }
    )
    made.commit("the contract")
    made.git("switch", "--quiet", "--create", "work")
    made.delete("tests/test_change.py")
    made.write("src/till.py", TILL.replace("paid < owed", "paid > owed"))
    made.commit("the work")
    return made


@pytest.fixture(scope="module")
def first(repository: RepositoryBuilder) -> Outcome:
    return check(repository, NPM_CONFIG_SETUPS=str(setups(repository)))


def setups(repository: RepositoryBuilder) -> Path:
    """Where each setup leaves a line. Only variables of package clients are handed on to it."""
    return repository.path.parent / "setups"


def test_what_was_measured_is_judged(first: Outcome) -> None:
    verdicts = first.verdicts()

    assert {"validation-1": "kept", "validation-2": "broken"} == {
        each: verdicts[each] for each in ("validation-1", "validation-2")
    }
    assert "validation-2 coverage-dropped head src/till.py:6" in first.broken()


def test_a_second_check_says_the_same_from_what_was_kept(
    repository: RepositoryBuilder, first: Outcome
) -> None:
    before = setups(repository).read_text()

    again = check(repository, NPM_CONFIG_SETUPS=str(setups(repository)))

    assert first.report == again.report
    assert before == setups(repository).read_text()


def taken(repository: RepositoryBuilder, setup: str) -> dict[Which, Reading]:
    plan = ReadingPlan("python -m pytest -q", setup, "pytest")
    needs = [Need("tests", which) for which in Which]
    with Repository.find(repository.path, repository.environ) as found:
        base, head = found.commit("main"), found.commit("work")
        readings = measure(needs, {"tests": plan}, base, head, Means(repository.environ))
    return {need.which: reading for need, reading in readings.items()}


def outcomes(reading: Reading) -> dict[str, str]:
    assert isinstance(reading, Measured), reading
    assert isinstance(reading.value, TestRun)
    return {name: ran.outcome.name for name, ran in sorted(reading.value.tests.items())}


def test_the_tests_of_the_base_are_asked_of_the_head(
    repository: RepositoryBuilder, tmp_path: Path
) -> None:
    readings = taken(repository, lent(tmp_path))

    total, change = "tests/test_total.py::test_total", "tests/test_change.py::test_change"
    too_little = "tests/test_change.py::test_too_little"
    assert {change: "PASSED", too_little: "PASSED", total: "PASSED"} == outcomes(
        readings[Which.BASE]
    )
    assert {total: "PASSED"} == outcomes(readings[Which.HEAD])
    assert {change: "FAILED", too_little: "FAILED", total: "PASSED"} == outcomes(
        readings[Which.CROSSED]
    )
