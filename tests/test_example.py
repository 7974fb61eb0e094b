"""The shipped example: nothing broken in the honest change, one clause red for each violation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from examples.history import EXAMPLE, Violation, build, violations
from gatekeeper import cli, repository
from gatekeeper.cache import Cache
from gatekeeper.hearing import NOT_AVAILABLE
from tests.repositories import RepositoryBuilder
from tests.stages import Outcome

Judge = Callable[[RepositoryBuilder], Outcome]

RULED = 26
NOT_RUN = "--no-run was given"


@pytest.fixture(scope="module")
def known() -> Cache:
    """What was read of a file, by its content: the trees judged here share nearly all of theirs."""
    return Cache()


@pytest.fixture
def judge(known: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Judge:
    """`gatekeeper check --no-run` in this process, which has the rules loaded already."""
    monkeypatch.setattr(repository, "Cache", lambda _store: known)

    def judged(built: RepositoryBuilder) -> Outcome:
        for name in ("CI", "GITHUB_ACTIONS", "GITHUB_EVENT_NAME"):
            monkeypatch.delenv(name, raising=False)
        for name, value in built.environ.items():
            monkeypatch.setenv(name, value)
        report = tmp_path / "report.json"
        asked = ("check", "-C", str(built.path), "--no-run", "--format", f"json={report}")
        return Outcome(cli.main(asked), report.read_text(encoding="utf-8"), "")

    return judged


def _judged(folder: Path, violation: Violation | None = None) -> RepositoryBuilder:
    return RepositoryBuilder(build(folder, violation))


def test_the_honest_change_gets_a_ruling_on_each_clause_and_breaks_none(
    tmp_path: Path, judge: Judge
) -> None:
    outcome = judge(_judged(tmp_path))

    rulings = [each for clause in outcome.report["clauses"] for each in clause["rulings"]]
    prose = [each for each in outcome.report["clauses"] if each["section"] != "Inputs"]
    assert len(prose) == RULED + 1
    assert outcome.broken() == []
    unproven = {each["unproven"] for each in rulings if each["verdict"] == "unproven"}
    assert {each for each in unproven if not each.endswith(NOT_RUN)} == {NOT_AVAILABLE}
    assert outcome.status == 3


SEEN = tuple(each for each in violations() if not each.measured)
RUN = tuple(each for each in violations() if each.measured)


@pytest.mark.parametrize("violation", SEEN, ids=lambda each: each.name)
def test_a_violation_turns_exactly_its_clause_red_at_its_line(
    tmp_path: Path, violation: Violation, judge: Judge
) -> None:
    outcome = judge(_judged(tmp_path, violation))

    red = {clause for clause, verdict in outcome.verdicts().items() if verdict == "broken"}
    assert red == set(violation.clauses)
    place = f"{violation.rule} {violation.side} {violation.path}:{violation.line}"
    assert {f"{clause} {place}" for clause in violation.clauses} <= set(outcome.broken())
    assert {each.split()[1] for each in outcome.broken()} == {violation.rule}
    assert outcome.status == 1


@pytest.mark.parametrize("violation", RUN, ids=lambda each: each.name)
def test_a_violation_that_takes_a_run_to_see_is_nowhere_taken_for_kept_or_broken(
    tmp_path: Path, violation: Violation, judge: Judge
) -> None:
    """What a run finds is for `test_example_measured`; no other clause turns red."""
    outcome = judge(_judged(tmp_path, violation))

    assert outcome.broken() == []
    assert {outcome.verdicts()[clause] for clause in violation.clauses} == {"unproven"}


def test_protected_modules_are_identical_before_and_after() -> None:
    for module in ("artifacts", "validation", "github"):
        before, after = (EXAMPLE / side / "src" / module for side in ("before", "after"))
        files = sorted(path.relative_to(before) for path in before.rglob("*.py"))

        assert files
        assert files == sorted(path.relative_to(after) for path in after.rglob("*.py"))
        assert all((before / each).read_bytes() == (after / each).read_bytes() for each in files)
