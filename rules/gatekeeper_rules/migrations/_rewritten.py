"""What is said of all chains of a change by the rule migration-rewritten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper import (
    Change,
    Difference,
    Doubt,
    Examined,
    Finding,
    NoSubject,
    Note,
    Observation,
)
from gatekeeper.migrations.history import chains
from gatekeeper.migrations.migration import Chain
from gatekeeper.migrations.numbering import gaps
from gatekeeper.migrations.same_chain import fates, joined, parted
from gatekeeper.migrations.unplaced import Sides, loose
from gatekeeper.terms import MigrationPlan
from gatekeeper.value import replace
from gatekeeper_rules.migrations._chain_faults import disorders, doubts
from gatekeeper_rules.migrations._ledger_names import (
    Standing,
    by_number,
    reckoned,
    standings,
)
from gatekeeper_rules.migrations._rewrites import additions, place_of, removed, rewrites


def observations(change: Change, plan: MigrationPlan | None) -> Iterator[Observation]:
    """Findings, and how many migrations were looked at."""
    before, after = chains(change.base, plan), chains(change.head, plan)
    told = tuple(dict.fromkeys(each for chain in (*before, *after) for each in doubts(chain)))
    yield from told
    sides = Sides(change.base, change.head, before, after)
    lost = () if sides.are_known else loose(sides, plan)
    yield from (Doubt(each.says.removesuffix("."), each.path) for each in lost)
    looked_at = 0
    for fate in fates(before, after):
        looked_at += _names(fate.before, fate.after)
        yield from _of_chain(change, fate.before, fate.after)
    for fate in parted(before, after):
        if fate.before and fate.after:
            yield from _of_parted(change, fate.before, fate.after)
    for fate in joined(before, after):
        if fate.before and fate.after and not _is_old(fate.after, before):
            yield from _of_joined(change, fate.before, fate.after)
    if looked_at:
        yield Examined("migrations", looked_at)
    elif not told and not lost:
        yield NoSubject("there is no migration, neither before nor after the change")


def _names(*sides: Chain | None) -> int:
    return len({each.name for chain in sides if chain for each in chain.migrations})


def _of_chain(change: Change, before: Chain | None, after: Chain | None) -> Iterator[Observation]:
    was = standings(change.base, before) if before else ()
    if after is None:
        # All is gone: the files, or what says that they are migrations.
        yield from (removed(change, each) for each in was)
        return
    there = standings(change.head, after)
    if before is not None and was and before.ledger and _keeper(before) != _keeper(after):
        yield _other_ledger(change, before, after, was[0])
    known = was if before is not None and _has_same_names(before, after) else ()
    reckoning = reckoned(known, there)
    yield from rewrites(change, after, reckoning)
    yield from additions(change, reckoning, there)
    yield from disorders(change.head, before, after)
    yield from _notes(after, known, there)


def _of_parted(change: Change, before: Chain, after: Chain) -> Iterator[Observation]:
    """A database that is led from one chain to another, while others keep the first."""
    was = standings(change.base, before)
    if was and before.ledger and _keeper(before) != _keeper(after):
        yield _other_ledger(change, before, after, was[0])
    yield from rewrites(change, after, reckoned(was, standings(change.head, after)))


def _of_joined(change: Change, before: Chain, after: Chain) -> Iterator[Observation]:
    """A second chain for a database: of one name, its ledger knows only one migration."""
    reckoning = reckoned(standings(change.base, before), standings(change.head, after))
    if _keeper(before) == _keeper(after):
        yield from rewrites(change, after, replace(reckoning, moved=(), replaced=(), gone=()))


def _is_old(chain: Chain, before: Sequence[Chain]) -> bool:
    """Whether the base has had it so already."""
    return any(
        (each.folder, each.ledger, each.serves) == (chain.folder, chain.ledger, chain.serves)
        for each in before
    )


def _has_same_names(before: Chain, after: Chain) -> bool:
    """Whether names can be compared: another tool may have other names for the same."""
    names = {each.name for each in before.migrations}
    return before.runner is after.runner or any(each.name in names for each in after.migrations)


def _notes(after: Chain, was: Sequence[Standing], there: Sequence[Standing]) -> Iterator[Note]:
    old = {each.migration.name for each in was}
    for number, same in by_number(there).items():
        names = [each.migration.name for each in same]
        if old.issuperset(names):
            yield Note(f"{', '.join(names)} have had one number, {number}, before the change")
    missing = gaps(after.migrations)
    if missing:
        yield Note(f"no migration of {after.folder} has the number {', '.join(map(str, missing))}")


def _other_ledger(change: Change, before: Chain, after: Chain, first: Standing) -> Finding:
    was, now = _keeper(before), _keeper(after)
    side, path, line = place_of(change, after, first)
    return Finding(
        f"what was applied is remembered by {was}, and {now} does not know it: all "
        f"{len(before.migrations)} migrations would be run again",
        side,
        path,
        (Difference("where applied migrations are remembered", was, now),),
        "Keep the tool and its table as they were.",
        line=line,
        quoted=f"ledger {was} {now}",
    )


def _keeper(chain: Chain) -> str:
    return f"{chain.runner.value} in {chain.ledger}" if chain.ledger else chain.runner.value
