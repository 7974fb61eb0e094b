"""The shipped example with everything measured: pip, pytest, coverage, compileall, ruff, mypy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from examples.history import EXAMPLE, Violation, build, violations
from gatekeeper.hearing import NOT_AVAILABLE
from tests.repositories import RepositoryBuilder
from tests.stages import Outcome, check

AFTER = EXAMPLE / "after"
MEASURED = tuple(each for each in violations() if each.measured)
SUITE = {
    "test-failed",
    "test-lost",
    "test-hollow",
    "coverage-dropped",
    "build-failed",
    "lint-warning",
    "suppression-added",
}


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return check(RepositoryBuilder(build(tmp_path_factory.mktemp("honest"))))


def test_the_honest_change_is_kept_wherever_a_rule_is_there_to_judge_it(honest: Outcome) -> None:
    rulings = [each for clause in honest.report["clauses"] for each in clause["rulings"]]

    assert [] == honest.broken()
    assert {NOT_AVAILABLE} == {each["unproven"] for each in rulings if each["unproven"]}
    kept = {each["rule"] for each in rulings if each["verdict"] == "kept"}
    assert kept >= SUITE
    assert {"unproven"} == {each["verdict"] for each in rulings if each["rule"] not in kept}


def test_what_was_looked_at_in_the_honest_change_is_all_that_there_is(honest: Outcome) -> None:
    code = sorted(each for top in ("src", "tools") for each in (AFTER / top).rglob("*.py"))
    tests = sorted((AFTER / "tests").rglob("*.py"))

    examined = _examined(honest)

    assert {"tests": 114, "tests of the base on the head's code": 73} == examined["test-failed"]
    assert {"tests of the base": 73} == examined["test-lost"]
    assert len(code) == examined["coverage-dropped"]["measured files"]
    assert {"builds": 1} == examined["build-failed"]
    assert {"linted files": 2 * len(code + tests)} == examined["lint-warning"]


def _examined(outcome: Outcome) -> Mapping[str, Mapping[str, int]]:
    return {
        each["rule"]: each["examined"]
        for clause in outcome.report["clauses"]
        for each in clause["rulings"]
    }


@pytest.mark.parametrize("violation", MEASURED, ids=lambda each: each.name)
def test_a_run_shows_a_violation_in_exactly_its_clause_at_its_line(
    tmp_path: Path, violation: Violation
) -> None:
    repository = RepositoryBuilder(build(tmp_path, violation))

    outcome = check(repository, "--rule", violation.rule)

    place = f"{violation.rule} {violation.side} {violation.path}:{violation.line}"
    assert [f"{clause} {place}" for clause in violation.clauses] == list(
        dict.fromkeys(outcome.broken())
    )
    assert 1 == outcome.status
