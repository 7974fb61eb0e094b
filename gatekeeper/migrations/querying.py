"""The reading of query-broken: every SQL string of the head, asked of every chain's database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence

from gatekeeper.errors import Unreadable
from gatekeeper.migrations.engine import EngineError
from gatekeeper.migrations.engines import workerd
from gatekeeper.migrations.history import chains
from gatekeeper.migrations.migration import Chain, Dialect, FaultKind
from gatekeeper.migrations.part import parts
from gatekeeper.migrations.proving import LIMITS, Means
from gatekeeper.migrations.queries import Query, gathered
from gatekeeper.migrations.query_proof import Heard, Hearing, QueryCharge, QueryProof, text_of
from gatekeeper.migrations.query_trial import confirmed, heard
from gatekeeper.migrations.unplaced import Sides, loose
from gatekeeper.plain_data import made, plain
from gatekeeper.rule import Measured, Missing, Reading
from gatekeeper.snapshot import Snapshot
from gatekeeper.terms import MigrationPlan
from gatekeeper.tools import Ended, ToolError, run

_COMMAND = (sys.executable, "-I", "-m", "gatekeeper.migrations.query_child")


def queried(head: Snapshot, plan: MigrationPlan | None, means: Means | None = None) -> Reading:
    """The reading: what the head's databases say of its SQL, or why nothing can be said.

    Without `means`, what is asked is the engine in process alone.
    """
    try:
        found = gathered(head)
        there = chains(head, plan)
        listed = tuple(_asked(chain, found.queries, means) for chain in there)
        lost = () if any(each.count for each in listed) else loose(Sides.of(head, there), plan)
    except (EngineError, ToolError, Unreadable, ValueError) as error:
        return Missing(str(error))
    engines = dict.fromkeys(each for chain in listed for each in chain.engines)
    how = f"asked of {', '.join(engines) or 'nothing'}"
    return Measured(QueryProof(found, listed, lost), head.tree or head.label, how)


def _asked(chain: Chain, queries: Sequence[Query], means: Means | None) -> Heard:
    wanted = dict.fromkeys(text_of(each) for each in queries if each.is_constant)
    charge = QueryCharge(chain, tuple(wanted), tuple(dict.fromkeys(_made(queries))))
    hearing = _hearing(charge, means)
    return Heard(
        chain.folder,
        chain.dialect,
        len(chain.migrations),
        chain.faults,
        hearing.stopped,
        hearing.engines,
        hearing.tables,
        {} if hearing.stopped else dict(zip(charge.texts, hearing.answers, strict=True)),
    )


def _made(queries: Sequence[Query]) -> Iterator[str]:
    """The statements of the code that make something."""
    for query in queries:
        if query.is_constant:
            yield from (part.text for part in parts(query.text) if part.word == "CREATE")


def _hearing(charge: QueryCharge, means: Means | None) -> Hearing:
    elsewhere = tuple(each.says for each in charge.chain.faults if each.kind is FaultKind.ELSEWHERE)
    if elsewhere or not charge.texts:
        return Hearing(stopped=elsewhere)
    hearing = _apart(charge)
    if means is None or charge.chain.dialect is not Dialect.D1:
        return hearing
    engine = workerd(means.environ, means.repository)
    return hearing if engine is None else confirmed(hearing, heard(charge, engine))


def _apart(charge: QueryCharge) -> Hearing:
    """The engine in process, in a process that can be killed."""
    given = json.dumps(plain(charge)).encode("ascii")
    outcome = run(_COMMAND, LIMITS, given=given)
    if outcome.ended is not Ended.BY_ITSELF or outcome.status:
        said = outcome.err.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise EngineError(
            f"the SQL of the code could not be held against {charge.chain.folder}: "
            f"{outcome.says}" + (f" ({said[0]})" if said else "")
        )
    return made(Hearing, json.loads(outcome.out))
