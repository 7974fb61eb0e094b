"""Measuring: every reading that the rules need, taken once, or the reason why it is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from gatekeeper.errors import GitError, Unreadable
from gatekeeper.git import printable
from gatekeeper.patterns import Patterns
from gatekeeper.reading.circumstances import circumstances
from gatekeeper.reading.compiled import without_compiled
from gatekeeper.reading.control import AT_ITS_WORD
from gatekeeper.reading.handed import Handed, given
from gatekeeper.reading.interruption import interrupted_by_signals
from gatekeeper.reading.kept import A_DAY, Kept, key_of
from gatekeeper.reading.method import format_of
from gatekeeper.reading.overlay import crossed, laid_over, moved_tests
from gatekeeper.reading.taking import WORDS, Taker, lender_of
from gatekeeper.reading.tests import TestRun
from gatekeeper.reading.unusable import Unusable
from gatekeeper.rule import Measured, Missing, Need, Reading, Which
from gatekeeper.snapshot import Snapshot
from gatekeeper.terms import ReadingPlan
from gatekeeper.tools import ToolError
from gatekeeper.value import dataclass

_ORDER = tuple(Which)
_CALM = ("ruff", "mypy", "eslint", "tsc")


@dataclass(frozen=True, slots=True)
class Means:
    """What measuring may use: the caller's environment, and what was handed in or kept.

    `repository` is the user's work tree, whose programs are not used; `run` says whether
    anything may be run at all. Where nothing may, `recall` says whether what was kept of
    earlier runs is used all the same.
    """

    environ: Mapping[str, str]
    repository: Path | None = None
    kept: Kept | None = None
    handed: Sequence[Handed] = ()
    run: bool = True
    recall: bool = False


def measure(
    needs: Iterable[Need],
    plans: Mapping[str, ReadingPlan],
    base: Snapshot,
    head: Snapshot,
    means: Means,
) -> Mapping[Need, Reading]:
    """Every reading needed, by the plans of the agreed contract; each taken once."""
    with interrupted_by_signals(), _Measurer(plans, base, head, means) as measurer:
        return {
            need: measurer.reading(need)
            for need in sorted(set(needs), key=lambda need: _turn(need, plans))
        }


def _turn(need: Need, plans: Mapping[str, ReadingPlan]) -> tuple[int, bool, str]:
    """The base before the head, and what only looks at code before what runs it.

    Head code could alter whatever comes after it on this machine, as far as it finds it.
    """
    plan = plans.get(need.name)
    calm = plan is not None and format_of(need.name, plan) in _CALM
    return _ORDER.index(need.which), not calm, need.name


class _Measurer:
    """The readings of one judgement, by name and tree."""

    def __init__(
        self, plans: Mapping[str, ReadingPlan], base: Snapshot, head: Snapshot, means: Means
    ) -> None:
        self._plans, self._means = plans, means
        self._base, self._head = without_compiled(base), without_compiled(head)
        self._taker = Taker(self._base, self._head, means.environ, means.repository)
        self._known: dict[tuple[str, str], Reading] = {}

    def __enter__(self) -> _Measurer:
        return self

    def __exit__(self, *_: object) -> None:
        self._taker.close()
        if self._means.kept is not None:
            self._means.kept.sweep()

    def reading(self, need: Need) -> Reading:
        """One reading, or why it is missing."""
        plan = self._plans.get(need.name)
        if plan is None:
            return Missing(f"the contract names no reading {printable(need.name)}")
        for handed in self._means.handed:
            if handed.name == need.name and need.which is Which.HEAD:
                return given(handed, plan, self._head)
        if not self._means.run and not self._means.recall:
            return Missing("--no-run was given")
        content = self._content(need.which, plan)
        key = (need.name, content.tree or need.which.name)
        if key not in self._known:
            self._known[key] = self._taken(need, plan, content)
        return self._known[key]

    @cached_property
    def _moved(self) -> frozenset[str]:
        return moved_tests(self._base, self._head)

    def _content(self, which: Which, plan: ReadingPlan) -> Snapshot:
        if which is Which.CROSSED:
            return crossed(self._base, self._head, Patterns(tuple(plan.support)), self._moved)
        return self._base if which is Which.BASE else self._head

    def _taken(self, need: Need, plan: ReadingPlan, content: Snapshot) -> Reading:
        try:
            return self._recalled(need, plan, content)
        except (Unusable, ToolError, GitError, Unreadable, OSError) as error:
            return Missing(str(error))
        except (RecursionError, MemoryError, UnicodeError) as error:
            return Missing(f"what came out cannot be read: {type(error).__name__}")

    def _recalled(self, need: Need, plan: ReadingPlan, content: Snapshot) -> Measured:
        """A reading of an earlier run where there is one; else it is taken now, and kept."""
        lender = lender_of(plan, self._plans)
        how, tree = self._how(need, plan), content.tree or content.label
        key = self._key(need, (plan, lender))
        kept = self._means.kept if key else None
        value = kept.recall(key, at_most=A_DAY if lender.setup else None) if kept else None
        if value is not None:
            return _measured(value, tree, f"{how}; kept of an earlier run")
        if not self._means.run:
            raise Unusable(
                "a test run measures only itself, and none is kept; see `gatekeeper check`"
            )
        value = self._taker.take(need, plan, lender, content)
        if kept:
            kept.keep(key, value)
        return _measured(value, tree, how)

    def _how(self, need: Need, plan: ReadingPlan) -> str:
        how = f"`{printable(plan.run)}` {WORDS[need.which]}"
        if need.which is not Which.CROSSED:
            return how
        support = Patterns(tuple(plan.support))
        return f"{how}: {laid_over(self._base, self._head, support, self._moved)}"

    def _key(self, need: Need, plans: tuple[ReadingPlan, ...]) -> str:
        """What the reading is kept under; empty where a tree has no id of its own."""
        trees = (
            [self._base.tree] if need.which is Which.BASE else [self._head.tree, self._base.tree]
        )
        if None in trees:
            return ""
        sides = (need.which.name, *(str(tree) for tree in trees))
        return key_of(need.name, plans, sides, circumstances(plans, self._means.environ))


def _measured(value: object, tree: str, how: str) -> Measured:
    if isinstance(value, TestRun) and AT_ITS_WORD in value.notes:
        return Measured(value, tree, f"taken at its word: {how}", given=True)
    return Measured(value, tree, how)
