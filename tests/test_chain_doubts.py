"""A chain that is not run as its runner would is kept by no rule."""

from __future__ import annotations

import pytest

from gatekeeper import Doubt, Finding, Need, NoOptions, Observation, Which
from gatekeeper.migrations.migration import Dialect, Fault, FaultKind, Runner
from gatekeeper.migrations.proofs import PROOFS, ChainProof, Proofs
from gatekeeper.migrations.proving import proofs_of
from gatekeeper.snapshot import EMPTY, Snapshot
from gatekeeper_rules.migrations.migration_fails import RULE as FAILS
from gatekeeper_rules.migrations.migration_loses_data import RULE as LOSES_DATA
from tests.cases import case_of, observations, with_readings


def _said(kind: FaultKind) -> tuple[tuple[Observation, ...], tuple[Observation, ...]]:
    """What two rules say of a chain with this fault."""
    fault = Fault(kind, "migrations/1_a.sql", 1, "migrations/1_a.sql is wrong.")
    chain = ChainProof(Runner.WRANGLER, Dialect.D1, "migrations", "", 1, faults=(fault,))
    readings = {Need(PROOFS, Which.HEAD): Proofs((chain,))}
    case = with_readings(case_of({}, {}, NoOptions()), readings)
    return observations(FAILS, case), observations(LOSES_DATA, case)


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.UNREADABLE,
        FaultKind.REFUSED_TEXT,
        FaultKind.MANGLED_TEXT,
        FaultKind.DOWN_RUNS_FORWARD,
        FaultKind.UNSETTLED,
    ],
)
def test_a_fault_of_the_text_is_a_finding_or_a_doubt_of_every_rule(kind: FaultKind) -> None:
    for said in _said(kind):
        assert [each for each in said if isinstance(each, Doubt | Finding)]


def test_what_is_written_for_another_database_is_not_run() -> None:
    files = {"migrations/1_a.up.sql": "CREATE TABLE a (id BIGSERIAL);"}

    (chain,) = proofs_of(EMPTY, Snapshot.of("head", files), None).chains

    assert ((), 1) == (chain.proven, len(chain.stopped))
