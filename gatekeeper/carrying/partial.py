"""Partial and corrupt files: what can be carried is, the rest is reported, and all is mended."""

from __future__ import annotations

from gatekeeper.carrying.bench import Bench, Clean, Fixture
from gatekeeper.carrying.contents import NoDatabase
from gatekeeper.carrying.damage import Damaged, damaged
from gatekeeper.carrying.dice import Dice
from gatekeeper.carrying.document import said, shown
from gatekeeper.carrying.losing import lost_of
from gatekeeper.carrying.minutes import Minutes
from gatekeeper.carrying.place import Place, Run
from gatekeeper.carrying.there_and_back import gap_of
from gatekeeper.migrations.carried import DataTrouble

_PROBES = 6


def partial(bench: Bench, clean: Clean, minutes: Minutes, dice: Dice) -> None:
    """Carry damaged files over, each on an empty schema, and then the whole one."""
    fixture = clean.fixture
    for each in damaged(fixture.content, fixture.value, dice):
        place = bench.place(fixture)
        run = bench.forward(place, each.content)
        minutes.tried("partial or corrupt files")
        if not clean.ear.reports(run):
            _in_silence(bench, clean, each, place, run, minutes)
        elif clean.steady:
            _mended(bench, clean, each, place, run, minutes)


def _in_silence(
    bench: Bench, clean: Clean, each: Damaged, place: Place, run: Run, minutes: Minutes
) -> None:
    """It says that all is well: then all that the file holds must be there."""
    says = f"{clean.fixture.name}, but {each.says}"
    if not each.whole:
        told = f"{says}: it reports nothing, as if the file were whole"
        minutes.fail(DataTrouble.DROPPED_SILENTLY, told, "cut off", (run.step,))
        return
    fixture = Fixture(clean.fixture.name, each.content, each.value)
    try:
        contents = place.contents().within(clean.empty)
    except NoDatabase as none:
        minutes.fail(DataTrouble.DROPPED_SILENTLY, f"{says}: {none}", "cut off", (run.step,))
        return
    already = minutes.has(DataTrouble.VALUES_LOST)
    for lost in lost_of(bench, fixture, contents, 0 if already else _PROBES):
        if already and each.mark not in shown(lost.value):
            continue
        told = (
            f"{says}: it reports nothing, and {said(lost.path)} ({shown(lost.value)}) is lost: "
            f"{lost.says}"
        )
        minutes.fail(DataTrouble.DROPPED_SILENTLY, told, "in part", (run.step,))
        return


def _mended(
    bench: Bench, clean: Clean, each: Damaged, place: Place, run: Run, minutes: Minutes
) -> None:
    """It has said that something is wrong: the whole file must then still come to be carried."""
    if not gap_of(clean.empty, place):
        return  # nothing was written, so that the whole file finds what it found before
    again = bench.forward(place, clean.fixture.content)
    minutes.tried("mended by a whole file")
    differing = gap_of(clean.contents, place)
    # A record that came in altered may stand in the way of the right one, if that is said.
    if again.well and not differing:
        return
    if not again.well and not each.part:
        return
    says = (
        f"{clean.fixture.name}, but {each.says}, is refused; then the whole file does not come "
        f"to be carried over: {differing[0].says if differing else again.says}"
    )
    stands = differing[0].stands if differing else ()
    minutes.fail(
        DataTrouble.NOT_RESUMABLE, says, "after a partial file", (run.step, again.step), stands
    )
