"""One data migration, tried in every way on all of its fixtures."""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper.carrying.bench import Bench, Clean, Fixture, TimeIsUp
from gatekeeper.carrying.contents import answers
from gatekeeper.carrying.cut_short import cut_short
from gatekeeper.carrying.dice import Dice
from gatekeeper.carrying.document import is_empty
from gatekeeper.carrying.minutes import Minutes
from gatekeeper.carrying.partial import partial
from gatekeeper.carrying.refused import refused
from gatekeeper.carrying.there_and_back import carried_once, complete, repeated
from gatekeeper.migrations.carried import DataTrouble
from gatekeeper.migrations.filling import SEED

MOST_DAMAGED = 2
"""Fixtures that are damaged: those that hold most. The first is interrupted and refused as well."""


def tried(
    bench: Bench,
    fixtures: Sequence[Fixture],
    keeps: Sequence[str],
    minutes: Minutes,
    *,
    disturbed: bool = True,
) -> None:
    """Try it on all fixtures; what stays open is written down. Raises Unusable.

    Unless `disturbed`, nothing is damaged, interrupted or refused.
    """
    full = [each for each in fixtures if each.content.strip() and not _holds_nothing(each)]
    for each in fixtures:
        if each not in full:
            minutes.open.append(f"the fixture {each.name} holds nothing that could be carried")
    if not full:
        minutes.open.append("there is no fixture that holds anything, so nothing was carried over")
        return
    try:
        carried = _undisturbed(bench, full, keeps, minutes)
        if disturbed:
            _disturbed(bench, carried, minutes)
    except TimeIsUp as over:
        minutes.open.append(f"{over}, and what was not tried is not shown")


def _holds_nothing(fixture: Fixture) -> bool:
    return fixture.value is not None and is_empty(fixture.value)


def _undisturbed(
    bench: Bench, fixtures: Sequence[Fixture], keeps: Sequence[str], minutes: Minutes
) -> Sequence[Clean]:
    found = [carried_once(bench, each, minutes) for each in fixtures]
    carried = [each for each in found if each is not None]
    for each in carried:
        repeated(bench, each, minutes)
        complete(bench, each, minutes)
        _kept(bench, each, keeps, minutes)
    return carried


def _disturbed(bench: Bench, carried: Sequence[Clean], minutes: Minutes) -> None:
    largest = sorted(carried, key=lambda each: -len(each.fixture.content))
    for number, each in enumerate(largest[:MOST_DAMAGED]):
        partial(bench, each, minutes, Dice(SEED + number))
    for each in largest[:1]:
        cut_short(bench, each, minutes, Dice(SEED))
        refused(bench, each, minutes, Dice(SEED))


def _kept(bench: Bench, clean: Clean, keeps: Sequence[str], minutes: Minutes) -> None:
    """What must be kept can still be asked for, where it could before."""
    before = answers(bench.place(clean.fixture).database, keeps)
    after = answers(bench.place(clean.fixture, clean.files).database, keeps)
    for query in keeps:
        if before[query] is None and after[query] is not None:
            says = f"after {clean.fixture.name}, `{query}` is answered no more: {after[query]}"
            minutes.fail(DataTrouble.KEEPS_BROKEN, says, query, (clean.run.step,))
        elif before[query] is None:
            minutes.tried("queries of `keeps` answered")
