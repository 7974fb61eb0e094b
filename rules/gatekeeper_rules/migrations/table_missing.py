"""The rule table-missing: a promised table is not in the migrated schema."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import (
    Absence,
    Case,
    Doubt,
    Examined,
    Finding,
    Need,
    Observation,
    Rule,
    Side,
    Stricter,
    Trail,
    Which,
    option,
)
from gatekeeper.migrations.proofs import PROOFS, Proofs
from gatekeeper.value import dataclass
from gatekeeper_rules.wordings import WORDINGS


@dataclass(frozen=True, slots=True)
class Options:
    """The tables promised."""

    tables: tuple[str, ...] = option((), stricter=Stricter.MORE, says="the tables promised")


def check(case: Case[Options]) -> Iterator[Observation]:
    """The schema at the end of a chain is looked at, not the text of any script."""
    proofs = case.measured(PROOFS, Which.HEAD, Proofs)
    there = {table.lower(): chain for chain in proofs.chains for table in chain.tables}
    count = sum(chain.count for chain in proofs.chains)
    yield Examined("tables", len(case.options.tables))
    for chain in proofs.chains:
        # What was not run may drop what is there so far.
        yield from (Doubt(stopped, chain.folder) for stopped in chain.stopped)
    for each in proofs.unplaced:
        yield Doubt(each.says.removesuffix("."), each.path)
    for table in case.options.tables:
        # Without a chain, what is named may be what makes it.
        if table.lower() not in there and (proofs.chains or not proofs.unplaced):
            yield _missing(table, proofs, count)


def _missing(table: str, proofs: Proofs, count: int) -> Finding:
    held = tuple(
        f"{chain.folder}: {', '.join(chain.tables) or 'no table'}" for chain in proofs.chains
    )
    folder = proofs.chains[0].folder if proofs.chains else ""
    return Finding(
        f"The table {table} is not in the migrated schema.",
        Side.HEAD,
        folder,
        (Absence(f"table {table}", count), *((Trail(held),) if held else ())),
        f"Add a migration that creates {table}.",
        quoted=table,
    )


RULE = Rule(
    name="table-missing",
    summary="a promised table is not in the migrated schema",
    options=Options,
    check=check,
    goal=True,
    runs=True,
    needs=lambda _: (Need(PROOFS, Which.HEAD),),
    wordings=WORDINGS["table-missing"],
)
