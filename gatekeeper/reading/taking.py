"""Taking one reading: whose setup it uses, in which room, and what came out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gatekeeper.git import printable
from gatekeeper.reading.control import controlled
from gatekeeper.reading.file_method import FileMethod
from gatekeeper.reading.handed import GIVEN
from gatekeeper.reading.method import Method, method_of
from gatekeeper.reading.neutral import neutral
from gatekeeper.reading.progress import shown
from gatekeeper.reading.room import Room
from gatekeeper.reading.rooms import Rooms
from gatekeeper.reading.stand_ins import refuse_stand_ins
from gatekeeper.reading.suite import Lodging, is_node, shell
from gatekeeper.reading.tests import TestRun
from gatekeeper.reading.unusable import Unusable
from gatekeeper.rule import Need, Which
from gatekeeper.snapshot import Snapshot
from gatekeeper.strays import Outlived
from gatekeeper.terms import ReadingPlan
from gatekeeper.tools import Ended

WORDS: Mapping[Which, str] = {
    Which.BASE: "of the base",
    Which.HEAD: "of the head",
    Which.CROSSED: "of the head with the base's tests",
}


def lender_of(plan: ReadingPlan, plans: Mapping[str, ReadingPlan]) -> ReadingPlan:
    """The plan whose setup is used: its own, else that of the first such plan with one."""
    if plan.setup:
        return plan
    fit = (
        each
        for each in plans.values()
        if each.setup and (each.cwd, is_node(each)) == (plan.cwd, is_node(plan))
    )
    return next(fit, plan)


class Taker:
    """Takes readings of a base and a head; the rooms are made when the first is taken."""

    def __init__(
        self, base: Snapshot, head: Snapshot, environ: Mapping[str, str], repository: Path | None
    ) -> None:
        self._base, self._head = base, head
        self._environ, self._repository = environ, repository
        self._rooms: Rooms | None = None
        self._outlived = ""

    def close(self) -> None:
        """Remove all that was made."""
        if self._rooms is not None:
            self._rooms.close()

    def take(self, need: Need, plan: ReadingPlan, lender: ReadingPlan, content: Snapshot) -> object:
        """The value of a reading of `content`; raises Unusable, ToolError and OSError."""
        if self._outlived:
            raise Unusable(f"an earlier run is not over, and could alter it: {self._outlived}")
        if self._rooms is None:
            self._rooms = Rooms(self._environ, self._repository)
        rooms, method = self._rooms, method_of(need.name, plan)
        with shown(f"{printable(need.name)} {WORDS[need.which]}", self._environ):
            try:
                lodging = self._lodging(need.which, plan, lender)

                def taken_of(content: Snapshot) -> object:
                    return _ran(method, plan, rooms.room(lodging, plan, content))

                value = taken_of(content)
                if isinstance(value, TestRun) and isinstance(method, FileMethod):
                    accepted = plan.accept == GIVEN
                    value = controlled(value, content, taken_of, accepted=accepted)
                return neutral(value, rooms.plainly)
            except Unusable as unusable:
                raise Unusable(rooms.plainly(str(unusable))) from None
            except Outlived as outlived:
                self._outlived = str(outlived)
                raise Unusable(self._outlived) from None

    def _lodging(self, which: Which, plan: ReadingPlan, lender: ReadingPlan) -> Lodging:
        base = which is Which.BASE
        return Lodging(
            tree=self._base if base else self._head,
            base=None if base else self._base,
            setup=lender.setup,
            cwd=lender.cwd,
            env=tuple(sorted(lender.env.items())),
            node=is_node(plan),
            minutes=lender.minutes,
        )


def _ran(method: Method, plan: ReadingPlan, room: Room) -> object:
    if is_node(plan):
        refuse_stand_ins(plan, room)
    order = method.order(plan, room)
    ended = shell(order.command, room.cwd, {**room.env, **order.env}, plan.minutes)
    if ended.ended is Ended.TOO_SLOW:
        more = "its `minutes` say how long it may take"
        raise Unusable(f"it was ended after {plan.minutes} min; {more}")
    if ended.ended is not Ended.BY_ITSELF:
        raise Unusable(f"it did not come to an end: {ended.says}")
    return method.read(plan, room, ended)
