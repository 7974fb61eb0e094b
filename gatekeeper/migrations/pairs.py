"""Plain pairs of files: scripts in the order of their numbers, each with one that takes it back."""

from __future__ import annotations

from gatekeeper.errors import Unreadable
from gatekeeper.migrations import ways_back
from gatekeeper.migrations.migration import Chain
from gatekeeper.migrations.numbering import by_number, leading_number
from gatekeeper.migrations.scripts import unread
from gatekeeper.migrations.sequence import sequence
from gatekeeper.migrations.shelf import Item, joined, resolved_folder
from gatekeeper.snapshot import Snapshot
from gatekeeper.value import replace


def pairs(snapshot: Snapshot, made: Chain, down: str | None, *, numbered: bool = False) -> Chain:
    """The chain with the scripts of its folder, whose runner is not known.

    `down` is where their ways back stand; `numbered` leaves out scripts without a number. Where
    the folder holds no script but a folder `up`, that is where the scripts are.
    """
    try:
        place = resolved_folder(snapshot, made.folder)
    except Unreadable as lost:
        return replace(made, faults=(unread(lost),))
    inside = joined(place, "up")
    items = _scripts(snapshot, place, numbered)
    if not items and (above := _scripts(snapshot, inside, numbered)):
        place, items = inside, above
    both = ways_back.sides(items)
    forward = sorted(both.forward, key=lambda item: by_number(item.name))
    backs = ways_back.backs(snapshot, (each.name for each in forward), place, down)
    return sequence(snapshot, replace(made, folder=place), forward, backs.over(both.back))


def _scripts(snapshot: Snapshot, folder: str, numbered: bool) -> tuple[Item, ...]:
    items = ways_back.scripts_in(snapshot, folder)
    return tuple(each for each in items if not numbered or leading_number(each.name) is not None)
