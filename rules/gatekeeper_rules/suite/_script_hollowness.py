"""What is hollow in the tests of a change in TypeScript and JavaScript, and was not in the base."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from gatekeeper import Change, Doubt, Examined, Finding, Note, Observation, Unreadable
from gatekeeper_rules.suite import _hollow_words as words
from gatekeeper_rules.suite._loosening import compared
from gatekeeper_rules.suite._pairs import Pair, added, exits, listed
from gatekeeper_rules.suite._script_files import SCRIPTS
from gatekeeper_rules.suite._script_followed import ScriptFollowed
from gatekeeper_rules.suite._script_paths import is_script_test_code
from gatekeeper_rules.suite._twins import Twins
from gatekeeper_rules.suite._written import Called, Fault, Written

_SNAPSHOTS = (".snap", ".shot")


class ScriptHollowness:
    """Goes through the scripts of tests that a change touches."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._base = ScriptFollowed(change.base)
        self._head = ScriptFollowed(change.head)
        self._twins = Twins(change, self._base, self._head)
        self._known = 0
        self._edited: list[str] = []
        self._cases: list[str] = []
        self._rewritten: list[str] = []
        self._elsewhere: Counter[str] = Counter()

    def observations(self) -> Iterator[Observation]:
        """Doubts, findings, then notes; nothing at all where no script of tests is touched."""
        paths = tuple(self._paths())
        yield from self._unreadable(paths)
        pairs = tuple(self._pairs(paths))
        self._elsewhere = added(pairs)
        if paths:
            yield Examined("functions of test scripts", len(pairs))
        for path in paths:
            yield from self._of_file(path)
        for pair in pairs:
            yield from self._function(pair)
        yield from self._hollowed_out(pairs, frozenset(paths))
        yield from self._notes()

    def _paths(self) -> Iterator[str]:
        for path, changed in self._change.files.items():
            there = changed.after is not None and changed.after.is_file
            if there and is_script_test_code(path):
                yield path

    def _unreadable(self, paths: tuple[str, ...]) -> Iterator[Doubt]:
        for path in paths:
            try:
                unread = self._change.head.facts(SCRIPTS, path).unread
            except Unreadable as unreadable:
                yield Doubt(unreadable.reason, path, unreadable.line)
                continue
            if unread:
                yield Doubt("its grammar is at a loss here", path, unread[0])

    def _pairs(self, paths: tuple[str, ...]) -> Iterator[Pair]:
        for path in paths:
            file = self._head.file(path)
            for now in file.functions if file is not None else ():
                was = self._twins.before(path, now) or self._regrouped(path, now)
                yield Pair(path, now, was[0], was[1]) if was else Pair(path, now, "", None)

    def _regrouped(self, path: str, now: Written) -> tuple[str, Written] | None:
        """A test of the same file that had the title, in another group, and is gone from there."""
        was, head = self._base.file(path), self._head.file(path)
        if was is None or head is None or not now.is_test:
            return None
        kept = {each.name for each in head.functions}
        gone = [each for each in was.functions if each.is_test and each.name not in kept]
        found = [each for each in gone if _title(each) == _title(now)]
        return (path, found[0]) if len(found) == 1 else None

    def _of_file(self, path: str) -> Iterator[Finding]:
        now, was = self._head.file(path), self._base.file(path)
        for each in self._fresh(now.faults if now else (), was.faults if was else ()):
            yield words.fault(self._change.head, path, None, each)
        yield from self._own_expect(path)

    def _own_expect(self, path: str) -> Iterator[Finding]:
        """An `expect` that another file of the repository makes up."""
        place = self._head.made_up(path, "expect")
        if place is not None and self._base.made_up(path, "expect") is None:
            yield words.replaced(self._change.head, path, place)

    def _fresh(self, now: tuple[Fault, ...], was: tuple[Fault, ...]) -> Iterator[Fault]:
        had = Counter(each.quoted for each in was)
        for each in now:
            if had[each.quoted]:
                had[each.quoted] -= 1
                self._known += 1
            else:
                yield each

    def _function(self, pair: Pair) -> Iterator[Finding]:
        if not pair.now.is_test:
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
        was = pair.was
        yield from self._fresh(pair.now.idle, was.idle if was is not None else ())
        if was is not None:
            yield from exits(was, pair.now)
            yield from self._own_subject(pair, was)
        yield from self._fresh(pair.now.faults, was.faults if was is not None else ())

    def _own_subject(self, pair: Pair, was: Written) -> Iterator[Fault]:
        """Names that a test called code under test by, and that stand for its own code now."""
        had = {each.name for each in was.calls}
        for call in pair.now.calls:
            if (
                call.name not in had
                or self._head.subject(pair.path, pair.now, call.name) is not False
            ):
                continue
            had.discard(call.name)
            if self._base.subject(pair.was_at, was, call.name):
                why = "is made by the tests themselves, and at the base was the code under test"
                yield Fault(why, "Test the code itself.", call.line, 1, call.name)

    def _empty(self, pair: Pair) -> Iterator[Finding]:
        """A test that expects nothing; where faults say why, they have been told."""
        told = (*pair.now.faults, *pair.now.idle)
        if pair.was is not None and not self._base.expects(pair.was_at, pair.was):
            self._known += not told
        elif not told:
            lost = pair.was.expectations if pair.was is not None else ()
            yield words.empty(self._change.head, pair.path, pair.now, lost)

    def _mocked(self, pair: Pair) -> Iterator[Finding]:
        name = self._head.doubles(pair.path, pair.now)
        if not name:
            return
        if pair.was is not None and self._base.doubles(pair.was_at, pair.was):
            self._known += 1
            return
        line = next((each.line for each in pair.now.calls if each.name == name), pair.now.line)
        yield words.mocked(self._change.head, pair.path, pair.now, Called(name, line))

    def _lessened(self, pair: Pair) -> Iterator[Finding]:
        if pair.was is not None and not {*pair.was.rows} <= {*pair.now.rows}:
            self._cases.append(f"{pair.path}:{pair.now.line}")
        if pair.was is None or pair.was.code == pair.now.code or not pair.was.expectations:
            return
        comparison = compared(pair.was, pair.now, self._elsewhere)
        called = {each.name for each in pair.was.calls}
        moved = pair.now.repeats > pair.was.repeats
        moved = moved or self._head.gains(pair.path, pair.now, called)
        gone = [] if moved else [each.was for each in comparison.lessened if each.now is None]
        for each in comparison.lessened:
            if each.now is not None:
                yield words.loosened(self._change.head, pair.path, pair.now, each.was, each.now)
        if gone and comparison.rewritten:
            self._rewritten.append(f"{pair.path}:{pair.now.line}")
        elif gone:
            yield words.taken_away(self._change.head, pair.path, pair.now, gone)
        self._edited += [f"{pair.path}:{now.line}" for _, now in comparison.edited]

    def _hollowed_out(self, pairs: tuple[Pair, ...], seen: frozenset[str]) -> Iterator[Finding]:
        """Tests of other files, of which the functions that they rely on expect nothing now."""
        if not any(self._stopped(pair) for pair in pairs):
            return
        for path in sorted(self._change.head.entries):
            file = self._head.file(path) if is_script_test_code(path) and path not in seen else None
            for now in file.functions if file is not None else ():
                was = self._twins.before(path, now) if now.is_test else None
                if was is None or now.expectations or now.faults:
                    continue
                if self._base.expects(*was) and not self._head.expects(path, now):
                    yield words.empty(self._change.head, path, now, ())

    def _stopped(self, pair: Pair) -> bool:
        """Whether a function that tests may rely on expected something, and does not now."""
        if pair.now.is_test or pair.was is None:
            return False
        did = self._base.expects(pair.was_at, pair.was)
        return did and not self._head.expects(pair.path, pair.now)

    def _notes(self) -> Iterator[Note]:
        if self._known:
            yield Note(f"what is hollow in these scripts at the base already: {self._known} places")
        edited = [
            path
            for path, changed in self._change.files.items()
            if path.endswith(_SNAPSHOTS)
            and changed.before is not None
            and changed.after is not None
        ]
        for what, places in (
            ("expected values that were edited", self._edited),
            ("tables of cases that were edited or taken out", self._cases),
            ("tests that were rewritten and expect fewer things", self._rewritten),
            ("snapshots that were edited", edited),
        ):
            if places:
                yield Note(f"{what}, for a person to look at: {listed(places)}")


def _title(test: Written) -> str:
    return test.name.rpartition(" > ")[2]
