"""The head's coverage against the base's: file by file, line by line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from gatekeeper import Change, Difference, Doubt, Finding, Note, Unreadable
from gatekeeper.reading.coverage import Coverage
from gatekeeper.source.python import is_python
from gatekeeper.source.python_lines import PYTHON_LINES
from gatekeeper.value import dataclass
from gatekeeper_rules.suite._charges import Charge, Sheet
from gatekeeper_rules.suite._exclusions import Exclusions
from gatekeeper_rules.suite._fate import BRANCHES, LINES, Fate, fates, past_of
from gatekeeper_rules.suite._fitness import LAYOUT
from gatekeeper_rules.suite._ratio import Ratio, branches_of, lines_of
from gatekeeper_rules.suite._sighting import Sighting, is_test, new_sources, statements_of
from gatekeeper_rules.suite._tracing import Origin, Tracing
from gatekeeper_rules.suite._unseen import unseen

_FILES = 5
_FIX_FALL = "Cover these lines with tests, or give back the tests that covered them."
_FIX_HIDDEN = (
    "Let them be measured: take the comment or the setting that hides them away again. What "
    "should not be measured is agreed at the base first."
)
_UNKNOWN = Charge(
    (), "Put the body on lines of its own: whether it ran cannot be told from the line it is on."
)


class Followed(NamedTuple):
    """A measured file of the head, with what became of its lines.

    `old` are the lines that the base has as well; None where all are.
    """

    path: str
    fates: Mapping[Fate, frozenset[int]]
    old: frozenset[int] | None


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two measurements that can be compared, and how the change leads from one to the other."""

    change: Change
    base: Coverage
    head: Coverage
    moved: Mapping[str, str]
    files: tuple[Followed, ...]
    doubts: tuple[Doubt, ...]

    @classmethod
    def of(cls, change: Change, base: Coverage, head: Coverage) -> Comparison:
        """Follows each measured file to where it came from."""
        tracing = Tracing.of(change, base.files, new_sources(change, base, head))
        doubts = tuple(_untraceable(change, head, tracing.moved))
        odd = {doubt.path for doubt in doubts}
        origins = tracing.origins(path for path in head.files if path not in odd)
        files = tuple(_followed(path, origin, base, head) for path, origin in origins)
        return cls(change, base, head, tracing.moved, files, doubts)

    def findings(self, *, branches: bool) -> Iterator[Finding]:
        """What is not measured any more, then the lines that made coverage fall."""
        yield from Sighting(self.change, self.base, self.head, self.moved).findings()
        yield from self._hidden()
        fallen = {LINES: self._lines, BRANCHES: self._branches if branches else None}
        for kinds, ratios in fallen.items():
            if ratios and ratios[1].is_under(ratios[0]):
                charge = Charge((_difference(kinds, *ratios),), _FIX_FALL)
                yield from self._charged(kinds, charge)

    def _hidden(self) -> Iterator[Finding]:
        exclusions = Exclusions.of(self.change, self.base, frozenset(self.moved.values()))
        count = sum(len(file.excluded) for file in self.base.files.values())
        now = sum(len(file.excluded) for file in self.head.files.values())
        charge = Charge((Difference("excluded lines", f"{count:,}", f"{now:,}"),), _FIX_HIDDEN)
        for file in self.files:
            excluded = exclusions.hiding(file.path, file.fates[Fate.EXCLUDED], file.old)
            found = {
                Fate.EXCLUDED: excluded,
                Fate.UNMEASURED: file.fates[Fate.UNMEASURED],
                Fate.UNSEEN: self._unseen(file),
            }
            if any(found.values()):
                yield from self._sheet(file).findings(found, charge)
            if folded := self._folded(file):
                yield from self._sheet(file).findings({Fate.FOLDED: folded}, _UNKNOWN)

    def _folded(self, file: Followed) -> frozenset[int]:
        """New lines that run when a function is defined, whatever becomes of its body."""
        if file.old is None or not is_python(file.path) or is_test(file.path):
            return frozenset()
        try:
            folded = self.change.head.facts(PYTHON_LINES, file.path).folded
        except Unreadable:
            return frozenset()
        return (self.head.files[file.path].covered & folded) - file.old

    def _unseen(self, file: Followed) -> frozenset[int]:
        """New lines that surely run something, and of which the data says nothing.

        What measures scripts has no word for lines that are excluded: it leaves them out.
        """
        now = self.head.files[file.path]
        if file.old is None or not (now.covered or now.missed):
            return frozenset()
        lines = statements_of(self.change.head, file.path)
        lines |= unseen(self.change.head, self.head, file.path)
        return lines - file.old - now.covered - now.missed - now.excluded

    def _charged(self, kinds: Collection[Fate], charge: Charge) -> Iterator[Finding]:
        for file in self.files:
            found = {kind: file.fates[kind] for kind in kinds}
            if any(found.values()):
                yield from self._sheet(file).findings(found, charge)

    def _sheet(self, file: Followed) -> Sheet:
        return Sheet(self.change.head, file.path, self.head.files[file.path])

    @cached_property
    def _lines(self) -> tuple[Ratio, Ratio]:
        return lines_of(self.base), lines_of(self.head)

    @cached_property
    def _branches(self) -> tuple[Ratio, Ratio]:
        return branches_of(self.base), branches_of(self.head)

    def notes(self, minimum: Decimal | None) -> Iterator[Note]:
        """What a percentage does not say, and no clause forbids."""
        before, after = self._lines
        worse = [file for file in self.files if any(file.fates[kind] for kind in LINES)]
        fell = after.is_under(before)
        if fell and not worse:
            yield Note(
                f"line coverage was {before} and is {after}; no line is missed that is new or was "
                "covered, so it fell because covered code is gone, or because more is measured"
            )
        elif worse and not fell:
            told = "; ".join(filter(None, (_told(worse, fate) for fate in LINES)))
            yield Note(
                f"line coverage did not fall ({before}, now {after}), though there are: {told}"
            )
        lifted = minimum is not None and after.reaches(minimum) and not before.reaches(minimum)
        if lifted or (worse and not fell):
            yield from self._diluted(minimum if lifted else None)

    def _diluted(self, minimum: Decimal | None) -> Iterator[Note]:
        """Whether the answer hangs on added lines that only set constants."""
        before, after = self._lines
        constants = sum(len(self._constants(file)) for file in self.files)
        without = Ratio(after.covered - constants, after.total - constants)
        fails = minimum is not None and not without.reaches(minimum)
        if constants and (fails or without.is_under(before)):
            yield Note(
                f"without the {constants:,} added lines that only set constants, line coverage "
                f"would be {without}, and the answer another one"
            )

    def _constants(self, file: Followed) -> frozenset[int]:
        if file.old is None or not is_python(file.path):
            return frozenset()
        try:
            constants = self.change.head.facts(PYTHON_LINES, file.path).constants
        except Unreadable:
            return frozenset()
        return (self.head.files[file.path].covered & constants) - file.old


def _followed(path: str, origin: Origin | None, base: Coverage, head: Coverage) -> Followed:
    now = head.files[path]
    old = frozenset[int]() if origin is None else None
    if origin is not None and origin.heads is not None:
        old = frozenset(origin.heads.values())
    return Followed(path, fates(past_of(origin, base.files, now), now), old)


def _untraceable(change: Change, head: Coverage, moved: Mapping[str, str]) -> Iterator[Doubt]:
    """Changed files whose lines are others to git than to the language they are written in."""
    for path in sorted(head.files.keys() & change.files.keys()):
        sides = ((change.base, moved.get(path, path)), (change.head, path))
        there = [(side, name) for side, name in sides if name in side]
        if not all(side.facts(LAYOUT, name).is_plain for side, name in there):
            yield Doubt(
                "it ends lines in a way that git does not count (a carriage return, or U+2028), so "
                "its lines cannot be followed through the change; end them with line feeds",
                path,
            )


def _difference(kinds: Collection[Fate], before: Ratio, after: Ratio) -> Difference:
    what = "line coverage" if kinds == LINES else "branch coverage"
    return Difference(what, str(before), str(after))


def _told(files: Sequence[Followed], fate: Fate) -> str:
    """How many lines met a fate, and in which files; nothing where none did."""
    concerned = [(file.path, len(file.fates[fate])) for file in files if file.fates[fate]]
    if not concerned:
        return ""
    count = sum(number for _, number in concerned)
    named = ", ".join(path for path, _ in concerned[:_FILES])
    rest = len(concerned) - _FILES
    more = f" and {rest:,} more" if rest > 0 else ""
    return f"{count:,} line{'s' * (count != 1)} {fate.value} ({named}{more})"
