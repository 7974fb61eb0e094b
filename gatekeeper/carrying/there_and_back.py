"""A whole file carried over: once, twice, back, and over again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gatekeeper.carrying.bench import Bench, Clean, Fixture
from gatekeeper.carrying.contents import Contents, Gap, NoDatabase, altered, gaps
from gatekeeper.carrying.document import Path, at, differences, leaves, parsed, pattern, said, shown
from gatekeeper.carrying.losing import MOST_PROBES, Lost, absent, lost_of, untouched
from gatekeeper.carrying.minutes import Minutes
from gatekeeper.carrying.place import Place, Run
from gatekeeper.carrying.told import Ear
from gatekeeper.migrations.carried import DataTrouble

_NAMED, _PROBES = 4, 24


def carried_once(bench: Bench, fixture: Fixture, minutes: Minutes) -> Clean | None:
    """Carry a fixture over on an empty schema, twice apart; None where that fails."""
    place = bench.place(fixture)
    empty = place.contents()
    run = bench.forward(place, fixture.content)
    minutes.tried("whole files carried over")
    if not run.well:
        minutes.fail(DataTrouble.FORWARD_FAILS, f"on {fixture.name}: {run.says}", "", (run.step,))
        return None
    try:
        contents, files = place.contents(), place.saved()
    except NoDatabase as none:
        says = f"of {fixture.name} it leaves no database: {none}"
        minutes.fail(DataTrouble.FORWARD_FAILS, says, "", (run.step,))
        return None
    for unsound in (*contents.unsound, *altered(empty, contents)):
        says = f"after {fixture.name}, {unsound}"
        minutes.fail(DataTrouble.LEAVES_UNSOUND, says, unsound, (run.step,))
    minutes.tried("rows that came of them", contents.count)
    place = bench.place(fixture)
    ear = Ear((run, bench.forward(place, fixture.content)))
    steady = _is_steady(place, fixture, contents, minutes)
    return Clean(fixture, files, empty, contents, run, ear, steady)


def _is_steady(place: Place, fixture: Fixture, contents: Contents, minutes: Minutes) -> bool:
    differing = gap_of(contents, place)
    if differing:
        minutes.open.append(
            f"two runs apart on {fixture.name} do not come out alike ({differing[0].says}), so "
            "that neither a resumed run nor one after the way back can be held against them"
        )
    return not differing


def gap_of(was: Contents, place: Place, *, more: bool = False) -> Sequence[Gap]:
    """How the database in a place differs from what it should hold; empty where it does not."""
    try:
        return tuple(gaps(was, place.contents(), more=more))
    except NoDatabase as none:
        return (Gap("", f"the database is lost: {none}"),)


def repeated(bench: Bench, clean: Clean, minutes: Minutes) -> None:
    """Carry the same file over again: it must succeed and change nothing."""
    fixture = clean.fixture
    place = bench.place(fixture, clean.files)
    run = bench.forward(place, fixture.content)
    minutes.tried("carried over a second time")
    steps = (clean.run.step, run.step)
    differing = gap_of(clean.contents, place)
    for gap in differing:
        says = f"after {fixture.name} was carried over again, {gap.says}"
        minutes.fail(DataTrouble.REPEAT_CHANGES, says, gap.table, steps, gap.stands)
    if not run.well and not differing:
        minutes.fail(DataTrouble.REPEAT_FAILS, f"on {fixture.name}: {run.says}", "", steps)


def complete(bench: Bench, clean: Clean, minutes: Minutes) -> None:
    """Every value of the fixture is in the database, and the way back brings the file back."""
    fixture = clean.fixture
    lost = {each.path: each for each in _lost(bench, clean)}
    away = _way_back(bench, clean, minutes)
    if away and clean.steady and fixture.value is not None:
        # What the way back misses may have been lost on the way there.
        missing = [path for path, _ in away[1] if path not in lost]
        inside = [each for path in missing for each in _inside(fixture, path)][:_PROBES]
        known = [path for path in inside if path not in lost]
        held = clean.contents.within(clean.empty)
        lost |= {each.path: each for each in untouched(bench, fixture, held, known)}
    _tell_lost(clean, lost.values(), minutes)
    if away:
        run, differing = away
        left = [
            (path, says)
            for path, says in differing
            if not any(each in lost for each in (path, *_inside(fixture, path)))
        ]
        _tell_missing(clean, run, left, minutes)


def _lost(bench: Bench, clean: Clean) -> tuple[Lost, ...]:
    if clean.fixture.value is None:
        return ()
    fixture, contents = clean.fixture, clean.contents.within(clean.empty)
    if not clean.steady:
        return tuple(absent(fixture, contents))
    # One of each kind is altered, too: a constant in its place would pass for it.
    places = [path for path, value in leaves(fixture.value) if value not in (None, "")]
    found = {each.path: each for each in lost_of(bench, fixture, contents)}
    kinds = {pattern(path): path for path in reversed(places)}
    unknown = [path for path in kinds.values() if path not in found][:MOST_PROBES]
    found |= {each.path: each for each in untouched(bench, fixture, contents, unknown)}
    return tuple(found.values())


def _inside(fixture: Fixture, path: Path) -> tuple[Path, ...]:
    """The places of values at or below a place; none where it is not in the fixture."""
    try:
        below = at(fixture.value, path)
    except (KeyError, IndexError, ValueError):
        return ()
    return tuple((*path, *rest) for rest, _ in leaves(below))


def _tell_lost(clean: Clean, lost: Iterable[Lost], minutes: Minutes) -> None:
    by_kind: dict[str, list[Lost]] = {}
    for each in lost:
        by_kind.setdefault(pattern(each.path), []).append(each)
    for kind, found in by_kind.items():
        first = found[0]
        more = f", and {len(found) - 1} more like it" if len(found) > 1 else ""
        says = (
            f"{said(first.path)} of {clean.fixture.name} is {shown(first.value)}: "
            f"{first.says}{more}"
        )
        minutes.fail(DataTrouble.VALUES_LOST, says, kind, (clean.run.step,))


def _way_back(
    bench: Bench, clean: Clean, minutes: Minutes
) -> tuple[Run, tuple[tuple[Path, str], ...]] | None:
    """Run the way back; what it does not bring back. None where there is nothing to compare."""
    fixture = clean.fixture
    if not bench.plan.reverse:
        says = "its entry in the binding has no `reverse`"
        minutes.fail(DataTrouble.NO_REVERSE, says)
        return None
    place = bench.place(fixture, clean.files)
    run = bench.reverse(place, b"")
    minutes.tried("brought back")
    content = place.brought_back()
    if not run.well or content is None:
        what = "" if not run.well else ", and it wrote no {out}"
        says = f"on what {fixture.name} was carried over to: {run.says}{what}"
        minutes.fail(DataTrouble.REVERSE_FAILS, says, "", (clean.run.step, run.step))
        return None
    _carried_again(bench, clean, content, run, minutes)
    return run, _missing(fixture, content)


def _missing(fixture: Fixture, content: bytes) -> tuple[tuple[Path, str], ...]:
    if fixture.value is None:
        return () if content == fixture.content else (((), "it comes back as another file"),)
    try:
        return tuple(differences(fixture.value, parsed(content)))
    except ValueError as error:
        return (((), f"what comes back is no JSON: {error}"),)


def _tell_missing(
    clean: Clean, run: Run, missing: Sequence[tuple[Path, str]], minutes: Minutes
) -> None:
    by_kind: dict[str, list[str]] = {}
    for path, says in missing:
        by_kind.setdefault(pattern(path), []).append(f"{said(path)}: {says}")
    for kind, told in by_kind.items():
        more = f"; and {len(told) - _NAMED} more like it" if len(told) > _NAMED else ""
        says = f"of {clean.fixture.name}, {'; '.join(told[:_NAMED])}{more}"
        steps = (clean.run.step, run.step)
        minutes.fail(DataTrouble.NOT_BROUGHT_BACK, says, kind, steps)


def _carried_again(bench: Bench, clean: Clean, content: bytes, back: Run, minutes: Minutes) -> None:
    """Forward on what came back must make the same database."""
    place = bench.place(clean.fixture)
    run = bench.forward(place, content)
    minutes.tried("carried over after the way back")
    steps = (clean.run.step, back.step, run.step)
    if not run.well:
        minutes.fail(DataTrouble.NOT_AGAIN, f"on what came back: {run.says}", "", steps)
        return
    if not clean.steady:
        return
    for gap in gap_of(clean.contents, place):
        minutes.fail(DataTrouble.NOT_AGAIN, gap.says, gap.table, steps, gap.stands)
