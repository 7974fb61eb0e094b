"""The shipped example with everything measured: pip, pytest, coverage, compileall, ruff, mypy."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from examples.history import EXAMPLE, Violation, build, violations
from gatekeeper.hearing import NOT_AVAILABLE
from tests.repositories import RepositoryBuilder
from tests.shared import once
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


@dataclass(frozen=True)
class Deed:
    """Violations that share a change, for what takes time is what they share.

    Which is the installing of what measures them, and the proof of the data migration.

    `beside` is what one of them does to a rule that another one is about.
    """

    names: tuple[str, ...]
    beside: tuple[str, ...] = ()

    @property
    def violations(self) -> tuple[Violation, ...]:
        return tuple(KNOWN[name] for name in self.names)

    def expected(self) -> list[str]:
        places = [place for each in self.violations for place in places_of(each)]
        return sorted((*places, *self.beside))


KNOWN = {each.name: each for each in MEASURED}
TOGETHER = (
    Deed(("coverage-dropped", "test-lost")),
    Deed(("lint-warning", "test-failed")),
    Deed(
        ("build-failed", "lint-warning-types"),
        # What cannot be compiled is nothing that linters are quiet about.
        ("validation-criteria-2 lint-warning head src/storage/retention.py:9",),
    ),
    Deed(
        (
            "migration-loses-data",
            "migration-loses-data-backup",
            "migration-loses-data-cascade",
            "migration-loses-data-ids",
            "query-broken",
        )
    ),
    Deed(("migration-irreversible", "migration-unrepeatable")),
    Deed(("migration-fails", "migration-irreversible-forward")),
)
SHARING = {name for deed in TOGETHER for name in deed.names}
DEEDS = (*TOGETHER, *(Deed((name,)) for name in KNOWN if name not in SHARING))


def places_of(violation: Violation) -> list[str]:
    """What must be found of it: `clause rule side path:line`."""
    place = f"{violation.rule} {violation.side} {violation.path}:{violation.line}"
    return [f"{clause} {place}" for clause in violation.clauses]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The honest change with its judgement, and what that kept of the base."""

    def make(folder: Path) -> None:
        check(RepositoryBuilder(build(folder))).write(folder)

    return once(tmp_path_factory, "example", make)


@pytest.fixture(scope="module")
def honest(judged: Path) -> Outcome:
    return Outcome.read(judged)


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


@pytest.mark.parametrize("deed", DEEDS, ids=lambda each: " and ".join(each.names))
def test_a_run_shows_violations_in_exactly_their_clauses_at_their_lines(
    tmp_path: Path, judged: Path, deed: Deed
) -> None:
    repository = built(tmp_path, judged, deed.violations)
    rules = [part for each in deed.violations for part in ("--rule", each.rule)]

    outcome = check(repository, *rules)

    assert deed.expected() == sorted(set(outcome.broken()))
    assert 1 == outcome.status


def built(folder: Path, judged: Path, violations: Sequence[Violation]) -> RepositoryBuilder:
    """The example with violations, and with what was measured of its base."""
    first, *others = sorted(violations, key=lambda each: not each.delete)
    repository = RepositoryBuilder(build(folder, first))
    for each in others:
        assert not each.delete
        shutil.copytree(each.files, repository.path, dirs_exist_ok=True)
        repository.commit(each.name)
    kept = Path(".git", "gatekeeper")
    shutil.copytree(judged / repository.path.name / kept, repository.path / kept)
    return repository
