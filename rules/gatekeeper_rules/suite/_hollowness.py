"""What is hollow in the Python tests of a change, and was not in the base."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from gatekeeper import Change, Doubt, Examined, Finding, Note, Observation, Unreadable
from gatekeeper_rules.suite import _hollow_words as words
from gatekeeper_rules.suite._followed import Followed
from gatekeeper_rules.suite._loosening import compared
from gatekeeper_rules.suite._mocked import mocked_subject
from gatekeeper_rules.suite._pairs import Pair, added, exits, listed
from gatekeeper_rules.suite._test_files import TESTS
from gatekeeper_rules.suite._test_paths import is_test_code, is_test_file
from gatekeeper_rules.suite._twins import Twins
from gatekeeper_rules.suite._wrapped import muted, own_subject
from gatekeeper_rules.suite._written import Fault, Written


class Hollowness:
    """Goes through the test code that a change touches."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._base = Followed(change.base)
        self._head = Followed(change.head)
        self._twins = Twins(change, self._base, self._head)
        self._known = 0
        self._edited: list[str] = []
        self._cases: list[str] = []
        self._rewritten: list[str] = []
        self._elsewhere: Counter[str] = Counter()

    def observations(self) -> Iterator[Observation]:
        """Doubts, findings, then notes; nothing at all where no test code is touched."""
        paths = tuple(self._paths())
        yield from self._unreadable(paths)
        pairs = tuple(self._pairs(paths))
        self._elsewhere = added(pairs)
        if paths:
            yield Examined("functions of test code", len(pairs))
        for path in paths:
            yield from self._uncollected(path)
        for pair in pairs:
            yield from self._function(pair)
        yield from self._hollowed_out(pairs, frozenset(paths))
        yield from self._notes()

    def _paths(self) -> Iterator[str]:
        for path, changed in self._change.files.items():
            if changed.after is not None and changed.after.is_file and is_test_code(path):
                yield path

    def _unreadable(self, paths: tuple[str, ...]) -> Iterator[Doubt]:
        for path in paths:
            try:
                self._change.head.facts(TESTS, path)
            except Unreadable as unreadable:
                yield Doubt(unreadable.reason, path, unreadable.line)

    def _pairs(self, paths: tuple[str, ...]) -> Iterator[Pair]:
        for path in paths:
            file = self._head.file(path)
            for now in file.functions if file is not None else ():
                was = self._twins.before(path, now)
                yield Pair(path, now, was[0], was[1]) if was else Pair(path, now, "", None)

    def _function(self, pair: Pair) -> Iterator[Finding]:
        if not (pair.now.is_test and is_test_file(pair.path)):
            yield from self._lessened(pair)
            return
        fresh = tuple(self._new_faults(pair))
        yield from (words.fault(self._change.head, pair.path, pair.now, each) for each in fresh)
        if not self._head.expects(pair.path, pair.now):
            yield from self._empty(pair)
            return
        yield from self._mocked(pair)
        if not fresh:
            yield from self._lessened(pair)

    def _new_faults(self, pair: Pair) -> Iterator[Fault]:
        had = Counter(each.quoted for each in pair.was.faults) if pair.was else Counter[str]()
        yield from pair.now.idle if pair.was is None else exits(pair.was, pair.now)
        yield from muted(self._head, (pair.path, pair.now), self._base, (pair.was_at, pair.was))
        yield from own_subject(
            self._head, (pair.path, pair.now), self._base, (pair.was_at, pair.was)
        )
        for each in pair.now.faults:
            if had[each.quoted]:
                had[each.quoted] -= 1
                self._known += 1
            else:
                yield each

    def _empty(self, pair: Pair) -> Iterator[Finding]:
        """A test that expects nothing; where faults say why, they have been told."""
        if pair.was is not None and not self._base.expects(pair.was_at, pair.was):
            self._known += not pair.now.faults
        elif not pair.now.faults:
            lost = pair.was.expectations if pair.was is not None else ()
            yield words.empty(self._change.head, pair.path, pair.now, lost)

    def _mocked(self, pair: Pair) -> Iterator[Finding]:
        call = mocked_subject(self._head, pair.path, pair.now)
        if call is None:
            return
        if pair.was is not None and mocked_subject(self._base, pair.was_at, pair.was):
            self._known += 1
        else:
            yield words.mocked(self._change.head, pair.path, pair.now, call)

    def _lessened(self, pair: Pair) -> Iterator[Finding]:
        if pair.was is not None and not {*pair.was.rows} <= {*pair.now.rows}:
            self._cases.append(f"{pair.path}:{pair.now.line}")
        if pair.was is None or pair.was.code == pair.now.code or not pair.was.expectations:
            return
        comparison = compared(pair.was, pair.now, self._elsewhere)
        moved = pair.now.repeats > pair.was.repeats or self._delegates(pair)
        gone = [] if moved else [each.was for each in comparison.lessened if each.now is None]
        loosened = [(each.was, each.now) for each in comparison.lessened if each.now is not None]
        for was, now in loosened:
            yield words.loosened(self._change.head, pair.path, pair.now, was, now)
        if gone and comparison.rewritten:
            self._rewritten.append(f"{pair.path}:{pair.now.line}")
        elif gone:
            yield words.taken_away(self._change.head, pair.path, pair.now, gone)
        self._edited += [f"{pair.path}:{now.line}" for _, now in comparison.edited]

    def _delegates(self, pair: Pair) -> bool:
        """Whether it calls, or is given, something new that expects something."""
        was = {each.name for each in pair.was.calls} if pair.was is not None else set[str]()
        was |= {*pair.was.parameters} if pair.was is not None else set[str]()
        return self._head.gains(pair.path, pair.now, was)

    def _uncollected(self, path: str) -> Iterator[Finding]:
        now, was = self._head.file(path), self._base.file(path)
        if now is None:
            return
        known = {name.name for name in was.replaced} if was is not None else set[str]()
        for name in now.replaced:
            if name.name not in known and self._head.leads_into_production(path, name.name):
                yield words.replaced(self._change.head, path, name)
        had = Counter(each.quoted for each in was.faults) if was is not None else Counter[str]()
        for each in now.faults:
            if had[each.quoted]:
                had[each.quoted] -= 1
                self._known += 1
            else:
                yield words.fault(self._change.head, path, None, each)

    def _hollowed_out(self, pairs: tuple[Pair, ...], seen: frozenset[str]) -> Iterator[Finding]:
        """Tests of other files, of which the functions that they rely on expect nothing now."""
        if not any(self._stopped(pair) for pair in pairs):
            return
        for path in sorted(self._change.head.entries):
            file = self._head.file(path) if is_test_file(path) and path not in seen else None
            for now in file.functions if file is not None else ():
                if now.is_test and not now.faults and all(each.by for each in now.expectations):
                    yield from self._emptied(path, now)

    def _emptied(self, path: str, now: Written) -> Iterator[Finding]:
        was = self._twins.before(path, now)
        if was is not None and self._base.expects(*was) and not self._head.expects(path, now):
            yield words.empty(self._change.head, path, now, ())

    def _stopped(self, pair: Pair) -> bool:
        """Whether a function that tests may rely on expected something, and does not now."""
        if pair.now.is_test or pair.was is None:
            return False
        did = self._base.expects(pair.was_at, pair.was)
        return did and not self._head.expects(pair.path, pair.now)

    def _notes(self) -> Iterator[Note]:
        if self._known:
            yield Note(f"what is hollow in these files at the base already: {self._known} places")
        for what, places in (
            ("expected values that were edited", self._edited),
            ("parametrisations with cases that were edited or taken out", self._cases),
            ("tests that were rewritten and expect fewer things", self._rewritten),
        ):
            if places:
                yield Note(f"{what}, for a person to look at: {listed(places)}")
