"""What is hollow in the tests of a change, and was not in the base, in any language."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import ClassVar, Generic, NamedTuple, Protocol, TypeVar

from gatekeeper import Change, Doubt, Examined, Finding, Note, Observation
from gatekeeper_rules.suite import _hollow_words as words
from gatekeeper_rules.suite._loosening import compared
from gatekeeper_rules.suite._pairs import Pair, added, listed
from gatekeeper_rules.suite._twins import Files, Place, Twins
from gatekeeper_rules.suite._written import Called, Fault, Written


class Follows(Files, Protocol):
    """The test code of one snapshot, its calls followed by name."""

    def expects(self, path: str, function: Written) -> bool:
        """Whether a function, or one that it relies on, expects something."""
        ...

    def gains(self, path: str, function: Written, known: set[str]) -> bool:
        """Whether a function relies on something that expects and is not among the known."""
        ...


Followed = TypeVar("Followed", bound=Follows)


class Language(NamedTuple):
    """What is said of the tests of a language: of functions, of places, of tables of cases."""

    functions: str
    places: str
    tables: str


class Hollowness(ABC, Generic[Followed]):
    """Goes through the test code that a change touches; a language says how its code is read."""

    language: ClassVar[Language]

    def __init__(self, change: Change, base: Followed, head: Followed) -> None:
        self._change, self._base, self._head = change, base, head
        self._twins = Twins(change, base, head)
        self._known = 0
        self._edited: list[str] = []
        self._cases: list[str] = []
        self._rewritten: list[str] = []
        self._elsewhere: Counter[str] = Counter()

    # -- what a language says

    @abstractmethod
    def _is_test_code(self, path: str) -> bool:
        """Whether a file holds tests, or what tests rely on."""

    @abstractmethod
    def _holds_tests(self, path: str) -> bool:
        """Whether what looks like a test in a file is collected as one."""

    @abstractmethod
    def _unreadable(self, path: str) -> Iterator[Doubt]:
        """Why a file cannot be read, or not to its end."""

    @abstractmethod
    def _of_file(self, path: str) -> Iterator[Finding]:
        """What is wrong with a file as a whole."""

    @abstractmethod
    def _new_faults(self, pair: Pair) -> Iterator[Fault]:
        """What makes a test expect nothing, and did not at the base."""

    @abstractmethod
    def _mocked(self, followed: Followed, path: str, test: Written) -> Called | None:
        """The replaced code that a test takes for the code under test."""

    def _was(self, path: str, now: Written) -> Place | None:
        """Where a function stood at the base."""
        return self._twins.before(path, now)

    def _told(self, test: Written) -> Sequence[Fault]:
        """The faults that say why a test expects nothing."""
        return test.faults

    def _relied_on(self, function: Written) -> set[str]:
        """The names through which a function may have expected something."""
        return {each.name for each in function.calls}

    def _further(self) -> Iterator[tuple[str, Sequence[str]]]:
        """What else a person should look at, and where."""
        return iter(())

    # -- what is the same in all of them

    def observations(self) -> Iterator[Observation]:
        """Doubts, findings, then notes; nothing at all where no test code is touched."""
        paths = tuple(self._paths())
        for path in paths:
            yield from self._unreadable(path)
        pairs = tuple(self._pairs(paths))
        self._elsewhere = added(pairs)
        if pairs:
            yield Examined(self.language.functions, len(pairs))
        elif paths:
            # An `__init__.py`, a conftest of settings: what there is has been read.
            yield Examined("files of test code", len(paths))
        for path in paths:
            yield from self._of_file(path)
        for pair in pairs:
            yield from self._function(pair)
        yield from self._hollowed_out(pairs, frozenset(paths))
        yield from self._notes()

    def _paths(self) -> Iterator[str]:
        for path, changed in self._change.files.items():
            there = changed.after is not None and changed.after.is_file
            if there and self._is_test_code(path):
                yield path

    def _pairs(self, paths: Sequence[str]) -> Iterator[Pair]:
        for path in paths:
            file = self._head.file(path)
            for now in file.functions if file is not None else ():
                was = self._was(path, now)
                yield Pair(path, now, was[0], was[1]) if was else Pair(path, now, "", None)

    def _fresh(self, now: Sequence[Fault], was: Sequence[Fault]) -> Iterator[Fault]:
        """The faults that the base did not have; the others are counted."""
        had = Counter(each.quoted for each in was)
        for each in now:
            if had[each.quoted]:
                had[each.quoted] -= 1
                self._known += 1
            else:
                yield each

    def _function(self, pair: Pair) -> Iterator[Finding]:
        if not (pair.now.is_test and self._holds_tests(pair.path)):
            yield from self._lessened(pair)
            return
        fresh = tuple(self._new_faults(pair))
        yield from (words.fault(self._change.head, pair.path, pair.now, each) for each in fresh)
        if not self._head.expects(pair.path, pair.now):
            yield from self._empty(pair)
            return
        yield from self._replaced(pair)
        if not fresh:
            yield from self._lessened(pair)

    def _empty(self, pair: Pair) -> Iterator[Finding]:
        """A test that expects nothing; where faults say why, they have been told."""
        told = self._told(pair.now)
        if pair.was is not None and not self._base.expects(pair.was_at, pair.was):
            self._known += not told
        elif not told:
            lost = pair.was.expectations if pair.was is not None else ()
            yield words.empty(self._change.head, pair.path, pair.now, lost)

    def _replaced(self, pair: Pair) -> Iterator[Finding]:
        call = self._mocked(self._head, pair.path, pair.now)
        if call is None:
            return
        if pair.was is not None and self._mocked(self._base, pair.was_at, pair.was):
            self._known += 1
        else:
            yield words.mocked(self._change.head, pair.path, pair.now, call)

    def _lessened(self, pair: Pair) -> Iterator[Finding]:
        was, now = pair.was, pair.now
        if was is not None and not {*was.rows} <= {*now.rows}:
            self._cases.append(f"{pair.path}:{now.line}")
        if was is None or was.code == now.code or not was.expectations:
            return
        comparison = compared(was, now, self._elsewhere)
        moved = now.repeats > was.repeats
        moved = moved or self._head.gains(pair.path, now, self._relied_on(was))
        gone = [] if moved else [each.was for each in comparison.lessened if each.now is None]
        for each in comparison.lessened:
            if each.now is not None:
                yield words.loosened(self._change.head, pair.path, now, each.was, each.now)
        if gone and comparison.rewritten:
            self._rewritten.append(f"{pair.path}:{now.line}")
        elif gone:
            yield words.taken_away(self._change.head, pair.path, now, gone)
        self._edited += [f"{pair.path}:{each.line}" for _, each in comparison.edited]

    def _hollowed_out(self, pairs: Sequence[Pair], seen: frozenset[str]) -> Iterator[Finding]:
        """Tests of other files, of which the functions that they rely on expect nothing now."""
        if not any(self._stopped(pair) for pair in pairs):
            return
        for path in sorted(self._change.head.entries):
            file = self._head.file(path) if self._holds_tests(path) and path not in seen else None
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
            places = self.language.places
            yield Note(f"what is hollow in {places} at the base already: {self._known} places")
        for what, places_of in (
            ("expected values that were edited", self._edited),
            (f"{self.language.tables} that were edited or taken out", self._cases),
            ("tests that were rewritten and expect fewer things", self._rewritten),
            *self._further(),
        ):
            if places_of:
                yield Note(f"{what}, for a person to look at: {listed(places_of)}")
