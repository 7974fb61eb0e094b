"""Lost tests that are there under another name: the same body, the same meaning, and passing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from gatekeeper.reading.tests import Ran, TestRun
from gatekeeper_rules.suite._followed import Followed
from gatekeeper_rules.suite._loosening import compared
from gatekeeper_rules.suite._runs import Cases, case_of, passed, written
from gatekeeper_rules.suite._surroundings import means_the_same
from gatekeeper_rules.suite._written import Written

_ALIKE = 0.85
_MOST_PAIRS = 40_000
_WORD = re.compile(r"\w+|[^\w\s]")


class Rename(NamedTuple):
    """A function of tests that has another name at the head, by ids; `exact` for one body."""

    was: str
    now: str
    exact: bool


class _Candidate(NamedTuple):
    """A function of one side: its id, how many cases it has, and what is written of it."""

    name: str
    size: int
    written: Written

    @property
    def path(self) -> str:
        return self.name.partition("::")[0]


class Renames:
    """Pairs functions that are lost with functions that are new, each of them once."""

    def __init__(self, base: Followed, head: Followed) -> None:
        self._base = base
        self._head = head

    def functions(
        self, lost: Mapping[str, int], before: Iterable[str], after: Cases
    ) -> list[Rename]:
        """The renames of wholly lost functions (id: number of cases); the surest come first.

        `before` are the functions that the base had, which are nobody's new name.
        """
        if not lost:
            return []
        known = frozenset(before)
        new = {
            name: len(held) for name, held in after.items() if name not in known and passed(held)
        }
        gone = list(_candidates(self._base, lost))
        fresh = list(_candidates(self._head, new))
        found: list[Rename] = []
        for likely in (self._exact(gone, fresh), self._near(gone, fresh)):
            taken = {each.was for each in found} | {each.now for each in found}
            for was, now, exact in likely:
                if not {was.name, now.name} & taken and self._is_one(was, now):
                    taken |= {was.name, now.name}
                    found.append(Rename(was.name, now.name, exact))
        return found

    def _exact(
        self, gone: Sequence[_Candidate], fresh: Sequence[_Candidate]
    ) -> Iterator[tuple[_Candidate, _Candidate, bool]]:
        """Those with one body; of several, the one with the same last name, or in the same file."""
        by_code: dict[str, list[_Candidate]] = {}
        for each in fresh:
            by_code.setdefault(each.written.code, []).append(each)
        for was in gone:
            same = by_code.get(was.written.code, [])
            for now in sorted(same, key=lambda each: _distance(was, each)):
                yield was, now, True

    def _near(
        self, gone: Sequence[_Candidate], fresh: Sequence[_Candidate]
    ) -> Iterator[tuple[_Candidate, _Candidate, bool]]:
        if len(gone) * len(fresh) > _MOST_PAIRS:
            return
        words = {each.name: _WORD.findall(each.written.code) for each in (*gone, *fresh)}
        scored = [
            (alike, was, now)
            for was in gone
            for now in fresh
            if (alike := _alike(words[was.name], words[now.name])) >= _ALIKE
        ]
        for _, was, now in sorted(scored, key=lambda each: (-each[0], each[1].name, each[2].name)):
            yield was, now, False

    def _is_one(self, was: _Candidate, now: _Candidate) -> bool:
        """Whether two functions test the same thing, and the later one no less of it."""
        if now.size < was.size:
            return False
        comparison = compared(was.written, now.written, Counter())
        if comparison.lessened or comparison.edited:
            return False
        before, after = self._base.file(was.path), self._head.file(now.path)
        if before is None or after is None:
            return False
        used = was.written.uses | now.written.uses
        return means_the_same(used, (was.path, before), (now.path, after))


def _candidates(followed: Followed, names: Mapping[str, int]) -> Iterator[_Candidate]:
    for name, size in names.items():
        found = written(followed, name)
        if found is not None:
            yield _Candidate(name, size, found)


def _distance(was: _Candidate, now: _Candidate) -> tuple[bool, bool, str]:
    return was.written.name != now.written.name, was.path != now.path, now.name


def _alike(one: list[str], other: list[str]) -> float:
    """How much two bodies have in common; cheap refusals first."""
    if not one or not other:
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
        return 0.0
    return matcher.ratio()


def renamed_cases(lost: Iterable[Ran], before: TestRun, after: Iterable[Ran]) -> dict[str, str]:
    """Cases of one function that got a longer name: `[a]` became `[a-True]`, and passes."""
    free = [each for each in after if each.id not in before.tests and passed([each])]
    found: dict[str, str] = {}
    for was in lost:
        said = Counter(_parts(was.id))
        for now in free:
            if said <= Counter(_parts(now.id)):
                found[was.id] = now.id
                free.remove(now)
                break
    return found


def _parts(name: str) -> list[str]:
    return [part for part in case_of(name).strip("[]").split("-") if part]
