"""The proof on D1's own engine, and what becomes of it where two engines differ."""

from __future__ import annotations

import pytest

from gatekeeper.migrations.confirming import confirmed
from gatekeeper.migrations.engines import in_process
from gatekeeper.migrations.migration import Chain, Dialect, Runner
from gatekeeper.migrations.proofs import ChainProof
from gatekeeper.migrations.proven import Failing, Proven, Trouble
from gatekeeper.migrations.trial import Charge, tried
from gatekeeper.value import replace
from tests.test_migration_proof import HARM, HARMLESS, migration
from tests.workerd import workerd_engine

CASES = {
    **{name: HARMLESS[name] for name in ("a renamed table", "a view and a trigger")},
    **{
        name: HARM[name][0]
        for name in (
            "a column without a default that must not be NULL",
            "a parent rebuilt under children that cascade",
            "a cast that loses",
            "ids given anew",
            "a way back that forgets a default",
            "rows without a guard",
            "ids that an AUTOINCREMENT table gave before",
        )
    },
}


def charge_of(before: str, up: str, down: str | None) -> Charge:
    steps = (migration(1, before, "DROP TABLE nothing;"), migration(2, up, down))
    chain = Chain(Runner.WRANGLER, "migrations", Dialect.D1, steps)
    return Charge(chain, (steps[1].name,), explain=False)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_both_engines_see_the_same(case: tuple[str, str, str | None]) -> None:
    charge = charge_of(*case)
    here, there = tried(charge, in_process(Dialect.D1)), tried(charge, workerd_engine())

    both = confirmed(here, there)

    assert [each.trouble for each in there.proven[0].failings] == [
        each.trouble for each in here.proven[0].failings
    ]
    assert (both.proven, both.engines) == (here.proven, (*here.engines, *there.engines))


def proof(engine: str, *failings: Failing) -> ChainProof:
    seen = Proven("0002.sql", "migrations/0002.sql", failings)
    whole = ChainProof(Runner.WRANGLER, Dialect.D1, "migrations", "", 2, (seen,))
    return replace(whole, engines=(engine,))


LOST = Failing(Trouble.ROWS_LOST, "0002.sql", "migrations/0002.sql", 1, "2 rows are gone", "posts")


def test_what_only_the_platforms_engine_sees_is_a_failing_all_the_same() -> None:
    both = confirmed(proof("SQLite"), proof("workerd", LOST)).proven[0]

    assert both.failings == (replace(LOST, note="seen on workerd alone"),)


def test_what_only_the_engine_in_process_sees_stays_open() -> None:
    both = confirmed(proof("SQLite", LOST), proof("workerd")).proven[0]

    assert (both.failings, both.open) == (
        (),
        ("workerd does not show what the engine in process does: 2 rows are gone",),
    )
