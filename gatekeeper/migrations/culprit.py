"""Which statement of a migration takes rows away: each is run in turn, on the rows that show it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gatekeeper.migrations.course import Standing, Track, newly_dangling
from gatekeeper.migrations.losses import losses
from gatekeeper.migrations.part import parts
from gatekeeper.migrations.proven import Failing, Trouble
from gatekeeper.migrations.rows import Insert

MOST = 40
"""Statements of a migration that are run one by one."""

_LOSSES = frozenset(
    {
        Trouble.TABLE_LOST,
        Trouble.COLUMN_LOST,
        Trouble.ROWS_LOST,
        Trouble.VALUES_CHANGED,
        Trouble.KEYS_CHANGED,
        Trouble.IDS_GIVEN_AGAIN,
        Trouble.DANGLING,
    }
)


def line_of(track: Track, inserts: Sequence[Insert], failing: Failing) -> int:
    """The line of the statement from which on the table is not what it was; else the failing's.

    Statements are run outside of the transaction that holds them together, which some do not
    stand; nothing more is known then.
    """
    if failing.trouble is Trouble.KEEPS_BROKEN:
        track.to_start(inserts)
        was = track.database.query(failing.subject)
        return _first(track, inserts, failing, lambda: track.database.query(failing.subject) != was)
    if failing.trouble not in _LOSSES:
        return failing.line
    table = failing.subject.partition(".")[0]
    track.to_start(inserts)
    before = track.look()
    return _first(track, inserts, failing, lambda: _harms(before, track.look(), table))


def _first(
    track: Track, inserts: Sequence[Insert], failing: Failing, harms: Callable[[], bool]
) -> int:
    """The line of the statement from which on, up to the last, harm is seen."""
    script = track.migration.up
    listed = parts(script.text, script.line)
    if not 1 < len(listed) <= MOST:
        return failing.line
    guilty, harmed = failing.line, False
    for count, part in enumerate(listed, 1):
        track.to_start(inserts)
        if track.up(count) is not None:
            return failing.line
        now = harms()
        if now and not harmed:
            guilty = part.line
        harmed = now
    return guilty if harmed else failing.line


def _harms(before: Standing, now: Standing, table: str) -> bool:
    found = losses(before.contents, now.contents)
    dangling = any(name == table for name, _ in newly_dangling(before, now))
    return dangling or any(each.table == table and not each.carried for each in found)
