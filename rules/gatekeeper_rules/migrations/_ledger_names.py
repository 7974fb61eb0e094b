"""What became of each migration that the base has, by the names that its runner remembers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from gatekeeper import Snapshot
from gatekeeper.migrations.migration import Chain, Migration, Runner
from gatekeeper.value import dataclass

_IN_PARTS = (Runner.DBMATE, Runner.GOOSE)


@dataclass(frozen=True, slots=True)
class Standing:
    """A migration where it stands: its chain's place, and what its runner would execute.

    `content` is equal for two of which the runner executes the same.
    """

    migration: Migration
    place: int
    content: tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The migrations of one chain on both sides.

    `kept` are there under the same name, `moved` under another one with the same content,
    `replaced` are gone with another of the same number in their place, `gone` are not there
    at all; `new` are those of the head that are none of these.
    """

    kept: tuple[tuple[Standing, Standing], ...]
    moved: tuple[tuple[Standing, Standing], ...]
    replaced: tuple[tuple[Standing, Standing], ...]
    gone: tuple[Standing, ...]
    new: tuple[Standing, ...]


def standings(snapshot: Snapshot, chain: Chain) -> tuple[Standing, ...]:
    """The migrations of a chain, in its order."""
    return tuple(
        Standing(each, place, _content(snapshot, chain, each))
        for place, each in enumerate(chain.migrations)
    )


def _content(snapshot: Snapshot, chain: Chain, migration: Migration) -> tuple[str, bool]:
    """Of a file in parts the part that goes forward, which a way back behind it does not end."""
    entry = snapshot.entries.get(migration.up.path)
    if chain.runner in _IN_PARTS or entry is None:
        return migration.up.text.rstrip(), migration.atomic
    return entry.oid, migration.atomic


_Alike = Callable[[Standing, Standing], bool]


def reckoned(before: Sequence[Standing], after: Sequence[Standing]) -> Reckoning:
    """What became of those before."""
    there = {each.migration.name: each for each in after}
    known = {each.migration.name for each in before}
    kept = tuple((old, there[name]) for old in before if (name := old.migration.name) in there)
    missing = [each for each in before if each.migration.name not in there]
    new = {each.migration.name: each for each in after if each.migration.name not in known}
    moved = _paired(missing, new, _by_content)
    replaced = _paired(missing, new, _by_number)
    return Reckoning(kept, moved, replaced, tuple(missing), tuple(new.values()))


def _paired(
    missing: list[Standing], new: dict[str, Standing], alike: _Alike
) -> tuple[tuple[Standing, Standing], ...]:
    """Takes those that are alike out of both."""
    found = []
    for old in tuple(missing):
        match = next((each for each in new.values() if alike(old, each)), None)
        if match is not None:
            found.append((old, match))
            missing.remove(old)
            del new[match.migration.name]
    return tuple(found)


def _by_content(old: Standing, new: Standing) -> bool:
    return old.content == new.content


def _by_number(old: Standing, new: Standing) -> bool:
    return old.migration.number is not None and old.migration.number == new.migration.number


def by_number(after: Sequence[Standing]) -> Mapping[int, tuple[Standing, ...]]:
    """The migrations that share a number, by it."""
    found: dict[int, list[Standing]] = {}
    for each in after:
        if each.migration.number is not None:
            found.setdefault(each.migration.number, []).append(each)
    return {number: tuple(same) for number, same in found.items() if len(same) > 1}
