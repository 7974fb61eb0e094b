"""Which files of a change are old ones under a new name."""

from __future__ import annotations

from collections import Counter

from gatekeeper import Change, Unreadable


def is_renamed(change: Change, before: str, after: str) -> bool:
    """Whether a file is gone, and another one, new, has more than half of its lines."""
    gone, came = change.files.get(before), change.files.get(after)
    if gone is None or came is None or not (gone.deleted and came.added):
        return False
    if gone.before is not None and came.after is not None and gone.before.oid == came.after.oid:
        return True
    try:
        old = Counter(change.base.read(before).split(b"\n"))
        new = Counter(change.head.read(after).split(b"\n"))
    except Unreadable:
        return False
    return (old & new).total() * 2 > max(old.total(), new.total())


def former(change: Change, path: str) -> str:
    """What a path was called at base: the same, unless it is new and another one is gone."""
    changed = change.files.get(path)
    if changed is None or not changed.added:
        return path
    gone = (each for each, other in change.files.items() if other.deleted)
    return next((each for each in gone if is_renamed(change, each, path)), path)
