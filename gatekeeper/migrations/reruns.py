"""A migration that is run again: a second time, after an interruption, and after its way back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper.migrations.concern import written_to
from gatekeeper.migrations.course import Course, Standing, Track
from gatekeeper.migrations.engine import Refusal
from gatekeeper.migrations.filling import fill
from gatekeeper.migrations.later import later_losses, unheeded
from gatekeeper.migrations.migration import Script
from gatekeeper.migrations.moments import not_as_before
from gatekeeper.migrations.plains import Plains
from gatekeeper.migrations.proven import Failing, Rows, Trouble
from gatekeeper.migrations.rows import Insert
from gatekeeper.migrations.schema_difference import differences
from gatekeeper.migrations.shortcomings import refused, unlike
from gatekeeper.migrations.supply import near
from gatekeeper.value import dataclass


@dataclass(frozen=True, slots=True)
class Reruns:
    """What can follow the course of some rows, each step from a place of that course.

    Every step yields failings, and what stays open in words.
    """

    track: Track
    inserts: Sequence[Insert]
    course: Course
    after: Standing
    kind: Rows

    def again(self) -> Iterator[Failing | str]:
        """Up, down, up: the second time must come out as the first did."""
        track = self.track
        track.to_back(self.inserts)
        refusal = track.up()
        if refusal is not None:
            yield self._refused(Trouble.NOT_AGAIN, track.migration.up, refusal)
            return
        again = fresh = track.look(self.after, track.near)
        if any(_changes(self.after, again)):
            fresh = track.fresh(self.inserts, self.after)
        for says in not_as_before(self.after, fresh, again):
            yield self._failing(Trouble.NOT_AGAIN, f"after up, down and up, {says}")
            return

    def repeated(self) -> Iterator[Failing | str]:
        """Run a second time: it may fail loudly, but not change anything without a word."""
        track = self.track
        track.to_upped(self.inserts)
        refusal = track.up()
        if refusal is not None:
            yield self._refused(Trouble.REPEAT_FAILS, track.migration.up, refusal)
            return
        for says in _changes(self.after, track.look(self.after, track.near)):
            yield self._failing(Trouble.REPEAT_CHANGES, f"a second run changes it: {says}")
            return

    def interrupted(self) -> Iterator[Failing | str]:
        """Where its runner uses no transaction: stop after each statement, and run it again."""
        track = self.track
        if track.migration.atomic:
            return
        for count in range(1, track.database.count(track.migration.up)):
            track.to_start(self.inserts)
            if track.up(count) is not None:
                continue
            refusal = track.up()
            changes = () if refusal else _changes(self.after, track.look(self.after, track.near))
            says = refusal.says if refusal else next(iter(changes), "")
            if says:
                told = f"interrupted after statement {count}, it cannot be resumed: {says}"
                yield self._failing(Trouble.NOT_RESUMABLE, told)
                return

    def later(self, plains: Plains) -> Iterator[Failing | str]:
        """Down after the new schema was written to: it must still apply and keep the old rows."""
        track = self.track
        script = track.migration.down
        if script is None:
            return
        track.to_upped(self.inserts)
        to = near(written_to(self.course), track.near)
        filled = fill(track.database, to, Rows.TYPED, plains, later=True)
        wrote = track.look(self.after, track.near)
        yield from unheeded(track.migration, self.course, filled, wrote)
        refusal = track.down()
        if refusal is not None:
            yield self._refused(Trouble.DOWN_FAILS_LATER, script, refusal)
        elif self.course.back is not None:
            ended = track.look(wrote, track.near)
            yield from later_losses(track.migration, script, self.course, wrote, ended)

    def _refused(self, trouble: Trouble, script: Script, refusal: Refusal) -> Failing | str:
        """A refusal as a failing; one that says something of the engine alone stays open."""
        if refusal.is_inconclusive:
            return f"{trouble.value}: not judged here: {refusal.says}"
        return refused(trouble, self.track.migration, script, refusal, self.kind)

    def _failing(self, trouble: Trouble, says: str) -> Failing:
        migration = self.track.migration
        script = migration.up
        return Failing(trouble, migration.name, script.path, script.line, says, rows=self.kind)


def _changes(was: Standing, now: Standing) -> Iterator[str]:
    """How two states differ, in words."""
    for difference in differences(was.schema, now.schema):
        if difference.matters:
            yield str(difference)
    for _, says, _ in unlike(was.contents, now.contents):
        yield says
