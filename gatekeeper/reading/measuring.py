"""Measuring: every reading that the rules need, taken once, or the reason why it is missing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from gatekeeper.errors import GitError, Unreadable
from gatekeeper.git import printable
from gatekeeper.reading.handed import Handed, given
from gatekeeper.reading.interruption import interrupted_by_signals
from gatekeeper.reading.kept import Kept, key_of
from gatekeeper.reading.method import format_of, method_of
from gatekeeper.reading.overlay import crossed, laid_over
from gatekeeper.reading.progress import shown
from gatekeeper.reading.rooms import Rooms
from gatekeeper.reading.suite import Lodging, is_node, shell
from gatekeeper.reading.unusable import Unusable
from gatekeeper.rule import Measured, Missing, Need, Reading, Which
from gatekeeper.snapshot import Snapshot
from gatekeeper.terms import ReadingPlan
from gatekeeper.tools import Ended, ToolError
from gatekeeper.value import dataclass

_ORDER = tuple(Which)
_CALM = ("ruff", "mypy", "eslint", "tsc")

_FAILURES = (Unusable, ToolError, GitError, Unreadable, OSError)

_WORDS = {
    Which.BASE: "of the base",
    Which.HEAD: "of the head",
    Which.CROSSED: "of the head with the base's tests",
}


@dataclass(frozen=True, slots=True)
class Means:
    """What measuring may use: the caller's environment, and what was handed in or kept.

    `repository` is the user's work tree, whose programs are not used; `run` says whether
    anything may be run at all.
    """

    environ: Mapping[str, str]
    repository: Path | None = None
    kept: Kept | None = None
    handed: Sequence[Handed] = ()
    run: bool = True


def measure(
    needs: Iterable[Need],
    plans: Mapping[str, ReadingPlan],
    base: Snapshot,
    head: Snapshot,
    means: Means,
) -> Mapping[Need, Reading]:
    """Every reading needed, by the plans of the agreed contract; each taken once."""
    readings: dict[Need, Reading] = {}
    with interrupted_by_signals(), _Measurer(plans, base, head, means) as measurer:
        for need in sorted(set(needs), key=lambda need: _turn(need, plans)):
            try:
                readings[need] = measurer.take(need)
            except _FAILURES as error:
                readings[need] = Missing(str(error))
            except (RecursionError, MemoryError, UnicodeError) as error:
                readings[need] = Missing(f"what came out cannot be read: {type(error).__name__}")
    return readings


def _turn(need: Need, plans: Mapping[str, ReadingPlan]) -> tuple[int, bool, str]:
    """The base before the head, and what only looks at code before what runs it.

    Head code could alter whatever comes after it on this machine, as far as it finds it.
    """
    plan = plans.get(need.name)
    calm = plan is not None and format_of(need.name, plan) in _CALM
    return _ORDER.index(need.which), not calm, need.name


class _Measurer:
    """The takings of one judgement; the rooms are made when the first has to be run."""

    def __init__(
        self, plans: Mapping[str, ReadingPlan], base: Snapshot, head: Snapshot, means: Means
    ) -> None:
        self._plans, self._means = plans, means
        self._base, self._head = base, head
        self._crossed = crossed(base, head) if means.run else head
        self._rooms: Rooms | None = None
        self._taken: dict[tuple[str, str], Measured] = {}

    def __enter__(self) -> _Measurer:
        return self

    def __exit__(self, *_: object) -> None:
        if self._rooms is not None:
            self._rooms.close()

    def take(self, need: Need) -> Reading:
        """One reading; raises what measuring raises where it is missing."""
        if need.name not in self._plans:
            raise Unusable(f"the contract names no reading {printable(need.name)}")
        plan = self._plans[need.name]
        for handed in self._means.handed:
            if handed.name == need.name and need.which is Which.HEAD:
                return given(handed, plan, self._head)
        if not self._means.run:
            raise Unusable("--no-run was given")
        content = self._content(need.which)
        known = (need.name, content.tree or "")
        if content.tree is None or known not in self._taken:
            taken = self._recalled(need, plan, content)
            if content.tree is None:
                return taken
            self._taken[known] = taken
        return self._taken[known]

    def _content(self, which: Which) -> Snapshot:
        both = {Which.BASE: self._base, Which.HEAD: self._head, Which.CROSSED: self._crossed}
        return both[which]

    def _recalled(self, need: Need, plan: ReadingPlan, content: Snapshot) -> Measured:
        """A reading of an earlier run where there is one; else it is taken now, and kept."""
        lender = self._lender(plan)
        how = f"`{printable(plan.run)}` {_WORDS[need.which]}"
        if need.which is Which.CROSSED:
            how += f": {laid_over(self._base, self._head)}"
        key = self._key(need, (plan, lender))
        kept = self._means.kept if key else None
        value = kept.recall(key) if kept else None
        if value is not None:
            return Measured(value, content.tree or content.label, f"{how}; kept of an earlier run")
        value = self._run(need, plan, lender, content)
        if kept:
            kept.keep(key, value)
        return Measured(value, content.tree or content.label, how)

    def _run(self, need: Need, plan: ReadingPlan, lender: ReadingPlan, content: Snapshot) -> object:
        if self._rooms is None:
            self._rooms = Rooms(self._means.environ, self._means.repository)
        method = method_of(need.name, plan)
        with shown(f"{printable(need.name)} {_WORDS[need.which]}", self._means.environ):
            room = self._rooms.room(self._lodging(need.which, plan, lender), plan, content)
            order = method.order(plan, room)
            ended = shell(order.command, room.cwd, {**room.env, **order.env})
            if ended.ended is not Ended.BY_ITSELF:
                raise Unusable(f"it did not come to an end: {ended.says}")
            return method.read(plan, room, ended)

    def _lodging(self, which: Which, plan: ReadingPlan, lender: ReadingPlan) -> Lodging:
        base = which is Which.BASE
        return Lodging(
            tree=self._base if base else self._head,
            base=None if base else self._base,
            setup=lender.setup,
            cwd=lender.cwd,
            env=tuple(sorted(lender.env.items())),
            node=is_node(plan),
        )

    def _lender(self, plan: ReadingPlan) -> ReadingPlan:
        """The plan whose setup is used: its own, else that of the first such plan with one."""
        if plan.setup:
            return plan
        fit = (
            each
            for each in self._plans.values()
            if each.setup and (each.cwd, is_node(each)) == (plan.cwd, is_node(plan))
        )
        return next(fit, plan)

    def _key(self, need: Need, plans: tuple[ReadingPlan, ...]) -> str:
        """What the reading is kept under; empty where a tree has no id of its own."""
        trees = (
            [self._base.tree] if need.which is Which.BASE else [self._head.tree, self._base.tree]
        )
        if None in trees:
            return ""
        path = self._means.environ.get("PATH", os.defpath)
        programs = ":".join(str(_stamp(shutil.which(each, path=path))) for each in ("node", "sh"))
        sides = (need.which.name, *(str(tree) for tree in trees))
        return key_of(need.name, plans, sides, f"{path} {programs}")


def _stamp(program: str | None) -> tuple[str, int] | None:
    """A program's file and when it was last changed, which another version does not share."""
    if program is None:
        return None
    file = Path(program).resolve()
    return str(file), file.stat().st_mtime_ns
