"""A build, run in a room: what counts is how it ended."""

from __future__ import annotations

from gatekeeper.reading.build import Built
from gatekeeper.reading.method import Order
from gatekeeper.reading.output import last_words, placed
from gatekeeper.reading.room import Room
from gatekeeper.reading.unusable import Unusable
from gatekeeper.terms import ReadingPlan
from gatekeeper.tools import Ended, Outcome


class BuildMethod:
    """A command whose exit status is the reading."""

    def order(self, plan: ReadingPlan, room: Room) -> Order:
        """The command itself."""
        return Order(placed(plan.run, room))

    def read(self, plan: ReadingPlan, _room: Room, ended: Outcome) -> Built:
        """How it ended; a build that had to be ended is none."""
        if ended.ended is not Ended.BY_ITSELF:
            raise Unusable(f"the build did not come to an end: {ended.says}")
        return Built(plan.run, ended.status, last_words(ended))
