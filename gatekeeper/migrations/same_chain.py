"""Which chain of the head is which of the base, whatever the configuration calls it now."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gatekeeper.migrations.migration import Chain
from gatekeeper.value import dataclass


@dataclass(frozen=True, slots=True)
class Fate:
    """A chain before and after the change; None where it is not there."""

    before: Chain | None
    after: Chain | None


_Alike = Callable[[Chain, Chain], bool]


def fates(before: Sequence[Chain], after: Sequence[Chain]) -> tuple[Fate, ...]:
    """Each chain of either side once, the same ones together.

    Two are the same where tool, folder and ledger are, else where tool and database are,
    else where the folder is, else where the tool is and all migrations of the one, by name.
    """
    left, right = list(before), list(after)
    found: list[Fate] = []
    for alike in _ALIKE:
        for old in tuple(left):
            new = next((each for each in right if alike(old, each)), None)
            if new is not None:
                found.append(Fate(old, new))
                left.remove(old)
                right.remove(new)
    found += (Fate(old, None) for old in left)
    found += (Fate(None, new) for new in right)
    return tuple(found)


def parted(before: Sequence[Chain], after: Sequence[Chain]) -> tuple[Fate, ...]:
    """What databases are given in place of the chain that they had, though that is still there.

    One folder can serve several: then one of them can be led to a copy, and the others not.
    """
    known = {id(fate.before): fate.after for fate in fates(before, after)}
    found = dict[tuple[int, int], Fate]()
    for old in before:
        left = known[id(old)]
        for database in old.serves:
            if left is not None and database in left.serves:
                continue
            for new in after:
                if new is not left and database in new.serves:
                    found.setdefault((id(old), id(new)), Fate(old, new))
    return tuple(found.values())


def joined(before: Sequence[Chain], after: Sequence[Chain]) -> tuple[Fate, ...]:
    """The chains that come to databases which keep the chain that they had."""
    known = {id(fate.before): fate.after for fate in fates(before, after)}
    apart = {(id(fate.before), id(fate.after)) for fate in parted(before, after)}
    return tuple(
        Fate(old, new)
        for old in before
        for new in after
        if new is not known[id(old)]
        and (id(old), id(new)) not in apart
        and not set(old.serves).isdisjoint(new.serves)
    )


def _all_the_same(old: Chain, new: Chain) -> bool:
    return (old.runner, old.folder, old.ledger) == (new.runner, new.folder, new.ledger)


def _same_database(old: Chain, new: Chain) -> bool:
    databases = set(old.database.split(", ")) & set(new.database.split(", "))
    return old.runner is new.runner and bool(databases - {""})


def _same_folder(old: Chain, new: Chain) -> bool:
    return old.folder == new.folder


def _same_names(old: Chain, new: Chain) -> bool:
    """A chain that was moved: nobody's ledger knows the folder."""
    names = {each.name for each in old.migrations}
    return (
        bool(names)
        and old.runner is new.runner
        and names.issubset(each.name for each in new.migrations)
    )


_ALIKE: tuple[_Alike, ...] = (_all_the_same, _same_database, _same_folder, _same_names)
