"""The rule test-lost: a test of the base no longer counts, and nothing took its place."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from gatekeeper import (
    Case,
    Examined,
    Finding,
    Need,
    NoSubject,
    Note,
    Observation,
    Rule,
    Which,
)
from gatekeeper.reading.tests import TestRun
from gatekeeper_rules.suite import _lost_words as words
from gatekeeper_rules.suite._followed import Followed
from gatekeeper_rules.suite._losses import How, Loss, losses
from gatekeeper_rules.suite._renames import Rename, Renames, renamed_cases
from gatekeeper_rules.suite._replacements import TEST_LOST, Replaced, Replacements
from gatekeeper_rules.suite._runs import function_of, line_of, path_of, written
from gatekeeper_rules.wordings import WORDINGS

K = TypeVar("K", bound=Hashable)

_READING = "tests"
_PER_FILE = frozenset({How.DESELECTED, How.UNCOLLECTED})


def needs(_options: Replaced) -> Iterable[Need]:
    """Both runs: each side's own tests on its own code.

    The base's tests on the head's code (`base-tests`) are asked for by test-failed: that run
    shows what fails, and its node ids are the base's whatever the head did to its tests.
    """
    return [Need(_READING, which) for which in (Which.BASE, Which.HEAD)]


def check(case: Case[Replaced]) -> Iterator[Observation]:
    """Compare the runs, then take out what was replaced or renamed."""
    base = case.measured(_READING, Which.BASE, TestRun)
    head = case.measured(_READING, Which.HEAD, TestRun)
    yield Examined("tests of the base", len(base.tests))
    if not base.tests:
        yield NoSubject("no test was collected at the base, so none can be lost")
    yield from _Comparison(case, base, head).observations()


class _Comparison:
    """Two runs, and the files that they are of."""

    def __init__(self, case: Case[Replaced], base: TestRun, head: TestRun) -> None:
        self._change = case.change
        self._runs = base, head
        self._base, self._head = Followed(case.change.base), Followed(case.change.head)
        self._replacements = Replacements(case.options.replaced, base, head, self._head)
        self._alive = {path_of(each) for each in head.tests.values()}

    def observations(self) -> Iterator[Observation]:
        """Doubts about the options, findings, then notes of what became of other tests."""
        yield from self._replacements.misuses()
        all_lost = list(losses(*self._runs))
        lost = [each for each in all_lost if not self._replacements.accepts(each.was.id)]
        if len(all_lost) > len(lost):
            count = len(all_lost) - len(lost)
            yield Note(f"tests whose named replacement passes: {count}")
        gone = [each for each in lost if each.how is How.GONE]
        renames = self._renames(gone)
        yield from _shown(renames)
        names = {each.was for each in renames}
        gone = [each for each in gone if function_of(each.was.id) not in names]
        yield from self._gone(gone)
        yield from self._excused([each for each in lost if each.how is not How.GONE])

    def _renames(self, gone: list[Loss]) -> list[Rename]:
        """Of functions that are lost with all their cases, those that have another name."""
        counts: dict[str, int] = {}
        for each in gone:
            name = function_of(each.was.id)
            if (
                name not in self._replacements.after
                and self._replacements.named(each.was.id) is None
            ):
                counts[name] = counts.get(name, 0) + 1
        whole = {
            name: count
            for name, count in counts.items()
            if count == len(self._replacements.before[name])
        }
        known = (*self._replacements.before, *map(function_of, self._runs[0].deselected))
        return Renames(self._base, self._head).functions(whole, known, self._replacements.after)

    def _gone(self, gone: list[Loss]) -> Iterator[Observation]:
        for path, held in _grouped(gone, lambda each: path_of(each.was)).items():
            lost = held
            plain = [each for each in held if not self._refused(each)]
            if len({function_of(each.was.id) for each in plain}) > 1 and self._is_empty(path):
                there, ran = path in self._change.head, len(self._runs[1].tests)
                yield words.whole_file(path, plain, there=there, ran=ran)
                lost = [each for each in held if self._refused(each)]
            for name, own in _grouped(lost, lambda each: function_of(each.was.id)).items():
                yield from self._function(path, name, own)

    def _is_empty(self, path: str) -> bool:
        """Whether the head's run has no test of a file at all."""
        return path not in self._alive

    def _function(self, path: str, name: str, lost: list[Loss]) -> Iterator[Observation]:
        line = line_of(self._base, lost[0].was)
        now = self._replacements.after.get(name, ())
        if now:
            longer = renamed_cases((each.was for each in lost), self._runs[0], now)
            if longer:
                yield Note(f"cases of {name} under another name: {len(longer)}")
            left = [each for each in lost if each.was.id not in longer]
            if left:
                yield words.fewer_cases(path, line, name, left)
            return
        found = written(self._head, name)
        if found is not None:
            yield words.still_written(path, found.line, name, lost)
        else:
            yield words.gone(path, line, name, lost, self._refused(lost[0]))

    def _refused(self, lost: Loss) -> str:
        why = self._replacements.refusal(lost.was.id)
        return f"; its replacement {self._replacements.named(lost.was.id)} {why}" if why else ""

    def _excused(self, lost: list[Loss]) -> Iterator[Finding]:
        for (name, _, _), held in _grouped(lost, _excuse).items():
            first = held[0]
            line = None if first.how in _PER_FILE else line_of(self._head, first.now or first.was)
            path = path_of(first.now or first.was)
            yield words.excused(path, line, name, held)


def _excuse(loss: Loss) -> tuple[str, How, str]:
    """What makes several losses one finding: a function or a file, how, and why."""
    per_file = loss.how in _PER_FILE or (loss.now is not None and loss.now.id != loss.was.id)
    name = path_of(loss.was) if per_file else function_of(loss.was.id)
    return name, loss.how, loss.why


def _grouped(lost: Iterable[Loss], key: Callable[[Loss], K]) -> dict[K, list[Loss]]:
    found: dict[K, list[Loss]] = {}
    for each in lost:
        found.setdefault(key(each), []).append(each)
    return found


def _shown(renames: list[Rename]) -> Iterator[Note]:
    for each in renames:
        how = "its body is the same" if each.exact else "its body is nearly the same"
        yield Note(f"{each.was} is now {each.now}: {how}, and it passes")


RULE = Rule(
    name=TEST_LOST,
    summary="a test of the base is gone, skipped or expected to fail, without a replacement",
    options=Replaced,
    check=check,
    runs=True,
    needs=needs,
    wordings=WORDINGS[TEST_LOST],
)
