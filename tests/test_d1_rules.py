"""The engines against what D1 really said of 195 batches of statements."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gatekeeper.migrations.engine import Database, Reason, Refusal
from gatekeeper.migrations.engines import in_process
from gatekeeper.migrations.migration import Dialect
from tests.d1 import Statements, measured
from tests.workerd import workerd_engine

# Each has its reason in docs/d1-engine.md.
DIFFERENT = {
    "UPDATE..LIMIT": Reason.SYNTAX,
    "DELETE..LIMIT": Reason.SYNTAX,
    "string 2.5MB value via zeroblob": Reason.TOO_MUCH,
    "blob 4.5MB": Reason.TOO_MUCH,
    "function 33 args coalesce": Reason.TOO_MUCH,
}
ALIKE = tuple(case for case in measured() if case.says not in DIFFERENT)
NOT_ALIKE = tuple(case for case in measured() if case.says in DIFFERENT)


def asked(database: Database, case: Statements) -> Refusal | None:
    for text in case.before:
        assert database.batch([text]) is None
    return database.batch(case.batch)


@pytest.fixture(scope="module")
def real() -> Iterator[tuple[Database, object]]:
    """One workerd for all, and what it holds at first: nothing."""
    with workerd_engine().open() as database:
        yield database, database.save()


@pytest.mark.parametrize("case", measured(), ids=lambda case: case.says)
def test_workerd_takes_and_refuses_what_d1_does(
    real: tuple[Database, object], case: Statements
) -> None:
    database, empty = real
    database.restore(empty)

    refused = asked(database, case)

    assert case.is_accepted == (refused is None), refused


@pytest.mark.parametrize("case", ALIKE, ids=lambda case: case.says)
def test_what_d1_takes_is_taken_and_what_it_refuses_is_refused(case: Statements) -> None:
    with in_process(Dialect.D1).open() as database:
        refused = asked(database, case)

    assert case.is_accepted == (refused is None), refused


@pytest.mark.parametrize("case", NOT_ALIKE, ids=lambda case: case.says)
def test_the_known_differences_are_refused_and_never_taken(case: Statements) -> None:
    with in_process(Dialect.D1).open() as database:
        refused = asked(database, case)

    assert case.is_accepted
    assert refused is not None
    assert DIFFERENT[case.says] == refused.reason


def test_limit_that_this_build_does_not_know_says_nothing_against_the_migration() -> None:
    (case,) = (case for case in measured() if case.says == "DELETE..LIMIT")

    with in_process(Dialect.D1).open() as database:
        refused = asked(database, case)

    assert refused is not None
    assert refused.is_inconclusive


def test_each_difference_stands_on_the_page_with_its_reason() -> None:
    page = Path(__file__).parents[1].joinpath("docs", "d1-engine.md").read_text("utf-8")
    rows = (line.split("|") for line in page.splitlines() if line.startswith("| `"))

    reasons = {cells[1].strip().strip("`"): cells[4].strip() for cells in rows}

    assert set(DIFFERENT) == set(reasons)
    assert all(reasons.values())


def test_at_most_five_of_195_differ() -> None:
    assert 195 == len(measured())
    assert len(NOT_ALIKE) <= 5
