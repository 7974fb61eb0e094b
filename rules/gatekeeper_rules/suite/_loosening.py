"""What a function expects less than it did, told from what it expects otherwise."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from gatekeeper_rules.suite._written import Expectation, Written

_ALIKE = 0.5
_WORD = re.compile(r"\w+|[^\w\s]")


class Lessened(NamedTuple):
    """An expectation of the base that became looser (`now`), or that is gone (None)."""

    was: Expectation
    now: Expectation | None


class Comparison(NamedTuple):
    """What one function expects less than before, and which expected values were edited.

    `rewritten` says that so little is left of its body that expectations cannot be counted
    against each other.
    """

    lessened: tuple[Lessened, ...]
    rewritten: bool
    edited: tuple[tuple[Expectation, Expectation], ...]


def compared(before: Written, after: Written, elsewhere: Counter[str]) -> Comparison:
    """Hold what a function expects against what it expected.

    `elsewhere` are the texts of expectations that the change adds to other functions: what
    moved there is not gone, and is taken out of it. An expectation of the same subject takes
    the place of one that went; what is left over may be replaced by any that is as strict.
    """
    gone = _without(before.expectations, Counter(each.says for each in after.expectations))
    fresh = _without(after.expectations, Counter(each.says for each in before.expectations))
    is_new = bool(fresh)
    lessened: list[Lessened] = []
    edited: list[tuple[Expectation, Expectation]] = []
    left: list[Expectation] = []
    for was in gone:
        now = _about_the_same(was, fresh)
        if now is None:
            left.append(was)
            continue
        fresh.remove(now)
        if now.strength < was.strength:
            lessened.append(Lessened(was, now))
        else:
            edited.append((was, now))
    # Where one became stricter, it may say what another one said.
    for _ in [was for was, now in edited if now.strength > was.strength]:
        del left[-1:]
    lessened += _newly_guarded(before.expectations, after.expectations)
    lessened += [Lessened(was, None) for was in _not_made_up_for(left, fresh, elsewhere)]
    rewritten = is_new and _is_rewritten(before, after)
    return Comparison(tuple(lessened), rewritten, tuple(edited))


def _newly_guarded(
    before: Iterable[Expectation], after: Iterable[Expectation]
) -> Iterable[Lessened]:
    """Expectations that stood under no condition, and of which each now stands under one."""
    free = {each.says for each in after if not each.guarded}
    guarded = {each.says: each for each in after if each.guarded}
    for was in before:
        if not was.guarded and was.says in guarded and was.says not in free:
            yield Lessened(was, guarded[was.says])


def _is_rewritten(before: Written, after: Written) -> bool:
    """Whether little is left of a body, and what is expected now is no less exact, nor half."""
    had, has = before.expectations, after.expectations
    if not had or len(has) * 2 < len(had):
        return False
    if max(each.strength for each in has) < max(each.strength for each in had):
        return False
    words = _WORD.findall(before.code), _WORD.findall(after.code)
    return SequenceMatcher(None, *words, autojunk=False).ratio() < _ALIKE


def _without(expectations: Iterable[Expectation], taken: Counter[str]) -> list[Expectation]:
    """Those whose texts are not among the taken ones, each of which counts once."""
    rest = Counter(taken)
    left = []
    for each in expectations:
        if rest[each.says]:
            rest[each.says] -= 1
        else:
            left.append(each)
    return left


def _about_the_same(was: Expectation, fresh: Sequence[Expectation]) -> Expectation | None:
    """The strictest of the new expectations that look at the same thing."""
    same = [each for each in fresh if each.subject == was.subject]
    return max(same, key=lambda each: each.strength, default=None)


def _not_made_up_for(
    left: Sequence[Expectation], fresh: list[Expectation], elsewhere: Counter[str]
) -> Iterable[Expectation]:
    for was in left:
        enough = [each for each in fresh if each.strength >= was.strength]
        if enough:
            fresh.remove(min(enough, key=lambda each: each.strength))
        elif elsewhere[was.says]:
            elsewhere[was.says] -= 1
        else:
            yield was
