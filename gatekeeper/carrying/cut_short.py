"""Forward killed in the middle, and run again: it must come out as if nothing had happened."""

from __future__ import annotations

from gatekeeper.carrying.bench import Bench, Clean
from gatekeeper.carrying.dice import Dice
from gatekeeper.carrying.minutes import Minutes
from gatekeeper.carrying.place import LIMITS
from gatekeeper.carrying.there_and_back import gap_of
from gatekeeper.migrations.carried import DataTrouble
from gatekeeper.value import dataclass

MOST_KILLS = 8
"""Runs that are killed after a change of their files, of one fixture; two more at any time.

And four within the time in which they write, from their first change on.
"""

_NEVER = 1_000_000
_SHORTEST = 0.002


@dataclass(frozen=True, slots=True)
class Kill:
    """When a run is killed: after so many seconds, or so much later than so many changes."""

    seconds: float
    changes: int
    later: float = 0.0


def cut_short(bench: Bench, clean: Clean, minutes: Minutes, dice: Dice) -> None:
    """Kill it after some of the changes that it makes to its files, and at random times."""
    if not clean.steady:
        return
    fixture = clean.fixture
    watched = bench.place(fixture).watch(
        bench.plan.forward, fixture.content, LIMITS.seconds, _NEVER
    )
    points = range(1, watched.changes + 1)
    chosen = sorted(dice.some(points, MOST_KILLS))
    plan = [Kill(LIMITS.seconds, each) for each in chosen]
    plan += [Kill(watched.seconds * dice.below(100) / 100, _NEVER) for _ in range(2)]
    writing = max(watched.writing, _SHORTEST)
    plan += [Kill(LIMITS.seconds, 1, writing * dice.below(100) / 100) for _ in range(4)]
    for each in plan:
        _killed(bench, clean, minutes, each)


def _killed(bench: Bench, clean: Clean, minutes: Minutes, kill: Kill) -> None:
    fixture = clean.fixture
    place = bench.place(fixture)
    cut = place.watch(bench.plan.forward, fixture.content, kill.seconds, kill.changes, kill.later)
    bench.runs += 1
    if not cut.killed:
        return
    minutes.tried("killed and run again")
    when = f"after {cut.changes} changes of its files"
    half = gap_of(clean.contents, place)
    if not half:
        return  # it had done all; running it again is tried apart
    run = bench.forward(place, fixture.content)
    differing = gap_of(clean.contents, place)
    if run.well and not differing:
        return
    says = f"on {fixture.name}, killed {when} and run again: "
    says += differing[0].says if differing else run.says
    steps = (f"{bench.plan.forward}  # killed {when}", run.step)
    stands = differing[0].stands if differing else ()
    minutes.fail(DataTrouble.NOT_RESUMABLE, says, "after a kill", steps, stands)
