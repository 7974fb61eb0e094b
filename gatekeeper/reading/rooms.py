"""The rooms of one judgement: made when first wanted, shared, and gone at the end."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from gatekeeper.reading.ground import Spoiled, remove
from gatekeeper.reading.room import Room
from gatekeeper.reading.suite import Lodging, Suite
from gatekeeper.reading.surroundings import check_surroundings, clear
from gatekeeper.reading.unusable import Unusable
from gatekeeper.snapshot import Snapshot
from gatekeeper.terms import ReadingPlan


class Rooms:
    """The rooms of one judgement, in a temporary folder that is removed at the end."""

    def __init__(self, environ: Mapping[str, str], repository: Path | None = None) -> None:
        self._environ = environ
        self._repository = repository
        self._folder = Path(tempfile.mkdtemp(prefix="gatekeeper-")).resolve()
        self._known: dict[tuple[object, ...], Suite | Unusable] = {}
        self._made = 0
        self._ours = re.compile(
            rf"(?:file://)?{re.escape(str(self._folder))}(?:/\d+(?:/(?:ground/(?:tree(?:/|\b))?)?)?)?"
        )

    def close(self) -> None:
        """Remove everything."""
        remove(self._folder)

    def room(self, lodging: Lodging, plan: ReadingPlan, content: Snapshot) -> Room:
        """A room whose checkout holds `content` and nothing of an earlier run.

        Raises Unusable, for each plan anew where the setup has failed once.
        """
        try:
            return self._laid(lodging, plan, content)
        except Spoiled:
            # An earlier run has altered what was installed: nobody must build on that.
            self._give_up(lodging)
        try:
            return self._laid(lodging, plan, content)
        except Spoiled as spoiled:
            raise Unusable(f"{spoiled} was altered while nothing was run") from None

    def plainly(self, text: str) -> str:
        """What a tool has said, without the names of our folders, which are new each time."""
        return self._ours.sub("", text)

    def _laid(self, lodging: Lodging, plan: ReadingPlan, content: Snapshot) -> Room:
        check_surroundings(self._folder, node=lodging.node)
        suite = self._suite(lodging)
        clear(self._folder)
        suite.ground.lay(content)
        return suite.room(plan, content)

    def _give_up(self, lodging: Lodging) -> None:
        suite = self._known.pop(lodging.key, None)
        if isinstance(suite, Suite):
            suite.leave()

    def _suite(self, lodging: Lodging) -> Suite:
        if lodging.key not in self._known:
            self._made += 1
            suite = Suite(lodging, self._folder / str(self._made), self._environ, self._repository)
            try:
                suite.set_up()
                self._known[lodging.key] = suite
            except Unusable as unusable:
                suite.leave()
                self._known[lodging.key] = unusable
        known = self._known[lodging.key]
        if isinstance(known, Unusable):
            raise Unusable(*known.args)
        return known
