"""One data migration, tried in every way on all of its fixtures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import Enum

from gatekeeper.carrying.bench import Bench, Clean, Fixture, TimeIsUp
from gatekeeper.carrying.contents import answers
from gatekeeper.carrying.cut_short import cut_short
from gatekeeper.carrying.dice import Dice
from gatekeeper.carrying.document import is_empty
from gatekeeper.carrying.minutes import Minutes
from gatekeeper.carrying.opaque import opaque
from gatekeeper.carrying.others import others
from gatekeeper.carrying.partial import partial
from gatekeeper.carrying.read_back import read_back
from gatekeeper.carrying.refused import refused
from gatekeeper.carrying.there_and_back import carried_once, complete, repeated
from gatekeeper.migrations.carried import DataTrouble
from gatekeeper.migrations.filling import SEED

MOST_DAMAGED = 2
"""Fixtures that are altered and damaged: those that hold most.

The first is interrupted and refused as well.
"""


class Part(Enum):
    """Experiments that can be made apart, after the fixtures were carried over as they are."""

    UNLIKE = "with what no fixture holds"
    PARTIAL = "with partial and corrupt files"
    KILLED = "interrupted"
    REFUSED = "on a database that refuses"


def tried(
    bench: Bench,
    fixtures: Sequence[Fixture],
    keeps: Sequence[str],
    minutes: Minutes,
    *,
    seed: int = SEED,
    parts: Collection[Part] = tuple(Part),
) -> None:
    """Try it on all fixtures; what stays open is written down. Raises Unusable.

    Chance falls by the seed. A proof takes all `parts`.
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
        _apart(bench, carried, minutes, seed, parts)
    except TimeIsUp as over:
        minutes.open.append(f"{over}, and what was not tried is not shown")


def _apart(
    bench: Bench,
    carried: Sequence[Clean],
    minutes: Minutes,
    seed: int,
    parts: Collection[Part],
) -> None:
    largest = sorted(carried, key=lambda each: -len(each.fixture.content))[:MOST_DAMAGED]
    larger = _unlike(bench, largest, minutes, seed) if Part.UNLIKE in parts else largest
    for number, each in enumerate(largest if Part.PARTIAL in parts else ()):
        partial(bench, each, minutes, Dice(seed + number))
    for each in larger[:1] if Part.KILLED in parts else ():
        cut_short(bench, each, minutes, Dice(seed))
    for each in largest[:1] if Part.REFUSED in parts else ():
        refused(bench, each, minutes, Dice(seed))


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


def _unlike(bench: Bench, carried: Sequence[Clean], minutes: Minutes, seed: int) -> Sequence[Clean]:
    """What no fixture holds: a tool that knows its fixtures by heart shows by that."""
    larger = list[Clean]()
    for number, each in enumerate(carried):
        if each.fixture.value is None:
            opaque(bench, each, minutes, Dice(seed + number))
            larger.append(each)
        else:
            larger.append(others(bench, each, minutes, Dice(seed + number)))
            read_back(bench, each, minutes, Dice(seed + number))
    return larger


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
