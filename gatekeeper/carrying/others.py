"""Files that no fixture is: carried over, brought back, and carried to where others were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gatekeeper.carrying.bench import Bench, Clean, Fixture
from gatekeeper.carrying.contents import Contents, NoDatabase, gaps, lasting
from gatekeeper.carrying.dice import Dice
from gatekeeper.carrying.document import (
    Json,
    differences,
    in_any_order,
    parsed,
    pattern,
    said,
    shown,
    written,
)
from gatekeeper.carrying.kinds import Unit, record_of, units
from gatekeeper.carrying.minutes import Minutes
from gatekeeper.carrying.place import Files, Run
from gatekeeper.carrying.presence import Short, short_of
from gatekeeper.carrying.renewed import Renewal, edged, grown, replaced
from gatekeeper.migrations.carried import DataTrouble
from gatekeeper.value import dataclass, replace

MOST_UNITS = 24
"""Groups of values that are given others one by one, where all at once is refused."""

_MOST_EDGED, _MOST_GROWN, _MOST_NAMED = 8, 6, 3
_TIMES, _LARGE = 8, 100_000


@dataclass(frozen=True, slots=True)
class Other:
    """A file that was carried over without a word: what it holds, and what came of it."""

    says: str
    value: Json
    files: Files
    contents: Contents
    run: Run


def others(bench: Bench, clean: Clean, minutes: Minutes, dice: Dice) -> Clean:
    """Give the fixture other values, more records and values at the edge, and carry it over.

    The largest file of them that was carried over, which is the fixture where none was.
    """
    return _Others(bench, clean, minutes, dice).tried()


class _Others:
    def __init__(self, bench: Bench, clean: Clean, minutes: Minutes, dice: Dice) -> None:
        self._bench, self._clean, self._minutes, self._dice = bench, clean, minutes, dice
        self._value, self._name = clean.fixture.value, clean.fixture.name
        self._refused = ""

    def tried(self) -> Clean:
        clean = self._clean
        known = units(self._value)
        renewed = tuple(self._renewed(known))
        bearing = tuple(dict.fromkeys(unit for chosen, _ in renewed for unit in chosen))
        self._tell_unshown(known, bearing)
        for _, other in renewed:
            self._whole(other)
        larger = self._grown(bearing) if bearing else None
        if bearing:
            self._edged(bearing)
        for _, other in renewed[:1]:
            self._onto(other)
        if larger is None:
            return clean
        name = f"{self._name} {larger.says}"
        fixture = Fixture(name, written(larger.value), larger.value)
        return replace(
            clean, fixture=fixture, files=larger.files, contents=larger.contents, run=larger.run
        )

    def _renewed(self, known: Sequence[Unit]) -> Iterator[tuple[Sequence[Unit], Other]]:
        """With other values in the place of all, or of as many as it takes."""
        every = self._with_others(known)
        if every is not None:
            yield known, every
            return
        found = [(unit, self._with_others((unit,))) for unit in known[:MOST_UNITS]]
        good = tuple(unit for unit, other in found if other is not None)
        together = self._with_others(good) if len(good) > 1 else None
        if together is not None:
            yield good, together
            return
        yield from (((unit,), other) for unit, other in found if other is not None)

    def _with_others(self, chosen: Sequence[Unit]) -> Other | None:
        value = Renewal(chosen, self._dice).of(self._value)
        if value == self._value:
            return None
        return self._carried(f"with other values in the place of {_named(chosen)}", value)

    def _carried(self, says: str, value: Json) -> Other | None:
        """None where it is refused; where that is said, nothing is wrong with it."""
        bench, clean = self._bench, self._clean
        place = bench.place(clean.fixture)
        run = bench.forward(place, written(value))
        self._minutes.tried("files with other values and records")
        if not run.well:
            self._refused = run.says
            return None
        try:
            files, contents = place.saved(), place.contents()
        except NoDatabase:
            files, contents = {}, Contents({})
        other = Other(says, value, files, contents, run)
        if not any(self._lost(other)):
            clean.ear.learns(run)
        elif clean.ear.reports(run):
            self._refused = run.says
            return None
        return other

    def _lost(self, other: Other) -> Iterator[Short]:
        held = other.contents.within(self._clean.empty)
        return (short for short in short_of(other.value, held) if not short.held)

    def _whole(self, other: Other) -> None:
        """What was carried over without a word must be there, and must come back."""
        lost = next(self._lost(other), None)
        if lost is not None:
            says = (
                f"{self._name} {other.says}: it reports nothing, and {said(lost.places[0])} "
                f"({shown(lost.value)}) stands nowhere in the database"
            )
            self._minutes.fail(DataTrouble.DROPPED_SILENTLY, says, "others", (other.run.step,))
            return
        # What the fixture lost, or did not bring back, is told of that.
        told = self._minutes.has(DataTrouble.VALUES_LOST, DataTrouble.NOT_BROUGHT_BACK)
        if self._bench.plan.reverse and not told:
            self._back(other)

    def _back(self, other: Other) -> None:
        place = self._bench.place(self._clean.fixture, other.files)
        run = self._bench.reverse(place, b"")
        self._minutes.tried("brought back with other values and records")
        steps, content = (other.run.step, run.step), place.brought_back()
        if not run.well or content is None:
            says = f"on what {self._name} {other.says} was carried over to: {run.says}"
            self._minutes.fail(DataTrouble.REVERSE_FAILS, says, "others", steps)
            return
        try:
            now = in_any_order(parsed(content))
        except ValueError as error:
            told: list[str] = [f"what comes back is no JSON: {error}"]
        else:
            missing = list(differences(in_any_order(other.value), now))
            told = [f"{pattern(path)}: {says}" for path, says in missing]
        if told:
            says = f"of {self._name} {other.says}, {told[0]}"
            self._minutes.fail(DataTrouble.NOT_BROUGHT_BACK, says, "others", steps)

    def _grown(self, bearing: Sequence[Unit]) -> Other | None:
        """With new records next to those that it has."""
        kinds = list(dict.fromkeys(kind for unit in bearing for kind in sorted(unit.kinds)))
        records = tuple(dict.fromkeys(record for kind in kinds if (record := record_of(kind))))
        if not records:
            return None
        drawn = self._dice.below(1000)
        single = [(1, (record,)) for record in records[:_MOST_GROWN] if records[1:]]
        for times, chosen in ((_TIMES, records), (1, records), *single):
            value = self._value
            for number in range(times if len(self._clean.fixture.content) < _LARGE else 1):
                whole = Renewal(bearing, Dice(drawn), number).of(self._value)
                value = grown(value, whole, chosen)
            other = self._carried(f"with new records in {', '.join(chosen)}", value)
            if other is None:
                continue
            self._whole(other)
            if other.contents.count > self._clean.contents.count:
                return other
        self._minutes.open.append(
            f"no record but those of {self._name} could be carried over beside them: "
            f"{self._refused or 'no row came of one'}"
        )
        return None

    def _edged(self, bearing: Sequence[Unit]) -> None:
        """With texts that are long, foreign and blank at their ends, and with large numbers."""
        by = edged(bearing, self._dice)
        choices = [by, *([{old: new} for old, new in by.items()][:_MOST_EDGED] if by else [])]
        for each in choices if by else ():
            other = self._carried("with values at the edge", replaced(self._value, each))
            if other is not None:
                self._whole(other)
                if each is by:
                    return

    def _onto(self, other: Other) -> None:
        """Carried to where the rows of another file are, it must leave these alone."""
        place = self._bench.place(self._clean.fixture, other.files)
        run = self._bench.forward(place, self._clean.fixture.content)
        self._minutes.tried("carried over to where other rows were")
        try:
            now = place.contents()
        except NoDatabase as none:
            says = f"the database is lost: {none}"
            self._minutes.fail(DataTrouble.DAMAGED, says, "others", (run.step,))
            return
        left = lasting(other.contents, self._clean.contents)
        for gap in gaps(left, now, more=True):
            says = f"{self._name}, carried to where other rows were: {gap.says}"
            steps = (other.run.step, run.step)
            self._minutes.fail(DataTrouble.DAMAGED, says, "others", steps, gap.stands)

    def _tell_unshown(self, known: Iterable[Unit], bearing: Iterable[Unit]) -> None:
        """Of which records only those of the fixture were carried: they can be known by heart."""
        every = {record for unit in known for record in unit.records}
        wanted = sorted(each for each in every if each or len(every) == 1)
        shown_ = {record for unit in bearing for record in unit.records}
        for record in wanted:
            if record not in shown_:
                where = f"in a record of {record} of" if record else "in"
                self._minutes.open.append(
                    f"no file with other values {where} {self._name} is carried over: what is "
                    f"known by heart would look the same ({self._refused})"
                )


def _named(chosen: Sequence[Unit]) -> str:
    kinds = sorted(kind for unit in chosen for kind in unit.kinds)
    more = f" and {len(kinds) - _MOST_NAMED} more" if len(kinds) > _MOST_NAMED else ""
    return ", ".join(kinds[:_MOST_NAMED]) + more
