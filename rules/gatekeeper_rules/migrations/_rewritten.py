"""What is said of all chains of a change by the rule migration-rewritten."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import (
    Change,
    Difference,
    Examined,
    Finding,
    NoSubject,
    Note,
    Observation,
)
from gatekeeper.migrations.history import chains
from gatekeeper.migrations.migration import Chain
from gatekeeper.migrations.numbering import gaps
from gatekeeper.terms import MigrationPlan
from gatekeeper_rules.migrations._chain_faults import disorders, doubts
from gatekeeper_rules.migrations._ledger_names import by_number, reckoned, standings
from gatekeeper_rules.migrations._rewrites import additions, place_of, removed, rewrites
from gatekeeper_rules.migrations._same_chain import fates


def observations(change: Change, plan: MigrationPlan | None) -> Iterator[Observation]:
    """Findings, and how many migrations were looked at."""
    before, after = chains(change.base, plan), chains(change.head, plan)
    told = tuple(dict.fromkeys(each for chain in (*before, *after) for each in doubts(chain)))
    yield from told
    looked_at = 0
    for fate in fates(before, after):
        looked_at += _names(fate.before, fate.after)
        if fate.before is None and fate.after is not None:
            yield from _of_new(change, fate.after)
        elif fate.before is not None and fate.after is None:
            yield from _of_gone(change, fate.before)
        elif fate.before is not None and fate.after is not None:
            yield from _of_both(change, fate.before, fate.after)
    if looked_at:
        yield Examined("migrations", looked_at)
    elif not told:
        yield NoSubject("there is no migration, neither before nor after the change")


def _names(*sides: Chain | None) -> int:
    return len({each.name for chain in sides if chain for each in chain.migrations})


def _of_new(change: Change, after: Chain) -> Iterator[Observation]:
    there = standings(change.head, after)
    yield from additions(change, reckoned((), there), there)
    yield from disorders(change.head, None, after)
    yield from _gaps(after)


def _of_gone(change: Change, before: Chain) -> Iterator[Observation]:
    """All is gone: the files, or what says that they are migrations."""
    there = standings(change.base, before)
    for each in there:
        yield removed(change, each)


def _of_both(change: Change, before: Chain, after: Chain) -> Iterator[Observation]:
    was, there = standings(change.base, before), standings(change.head, after)
    yield from _other_ledger(change, before, after)
    if before.runner is after.runner:
        reckoning = reckoned(was, there)
        yield from rewrites(change, after, reckoning)
        yield from additions(change, reckoning, there)
        old = {each.migration.name for each in was}
        for number, same in by_number(there).items():
            names = [each.migration.name for each in same]
            if old.issuperset(names):
                yield Note(f"{', '.join(names)} have had one number, {number}, before the change")
    yield from disorders(change.head, before, after)
    yield from _gaps(after)


def _other_ledger(change: Change, before: Chain, after: Chain) -> Iterator[Finding]:
    was, now = _keeper(before), _keeper(after)
    if was == now or not before.migrations:
        return
    first = standings(change.base, before)[0]
    side, path, line = place_of(change, after, first)
    yield Finding(
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


def _gaps(after: Chain) -> Iterator[Note]:
    missing = gaps(after.migrations)
    if missing:
        yield Note(f"no migration of {after.folder} has the number {', '.join(map(str, missing))}")
