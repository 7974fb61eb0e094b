"""Plain pairs of files: scripts in the order of their numbers, each with one that takes it back."""

from __future__ import annotations

from gatekeeper.errors import Unreadable
from gatekeeper.migrations import ways_back
from gatekeeper.migrations.migration import Chain, Dialect, Runner
from gatekeeper.migrations.numbering import by_number
from gatekeeper.migrations.scripts import unread
from gatekeeper.migrations.sequence import sequence
from gatekeeper.migrations.shelf import joined, resolved_folder
from gatekeeper.snapshot import Snapshot
from gatekeeper.value import replace


def pairs(
    snapshot: Snapshot, folder: str, down: str | None, dialect: Dialect, source: str
) -> Chain:
    """The chain of a folder whose runner is not known; `down` is where its ways back stand.

    Where the folder holds no script but a folder `up`, that is where the scripts are.
    """
    made = Chain(Runner.PAIRS, folder, dialect, (), source=source)
    try:
        place = resolved_folder(snapshot, folder)
    except Unreadable as lost:
        return replace(made, faults=(unread(lost),))
    inside = joined(place, "up")
    if not ways_back.scripts_in(snapshot, place) and ways_back.scripts_in(snapshot, inside):
        place = inside
    both = ways_back.sides(ways_back.scripts_in(snapshot, place))
    forward = sorted(both.forward, key=lambda item: by_number(item.name))
    backs = ways_back.backs(snapshot, (each.name for each in forward), place, down)
    return sequence(snapshot, replace(made, folder=place), forward, backs.over(both.back))
