"""Where the values of a column went: the place in which they all stand beside their keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.migrations.contents import Contents, Exact, TableContents, exact, exact_row
from gatekeeper.value import dataclass

_FEWEST = 2
"""Different values that a column must hold for another to be recognised by them."""


@dataclass(frozen=True, slots=True)
class Place:
    """A column of a table."""

    table: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"


def each_alone(contents: Contents) -> Iterator[Contents]:
    """The contents of each table, as if it were the only one: rows go whole into one table."""
    for name, table in contents.tables.items():
        yield Contents({name: table}, {}, {})


def carriers(
    table: TableContents, after: Contents, before: Contents | None = None
) -> Mapping[str, Place]:
    """Where each column of whole rows stands now, as far as it is found.

    A column that holds one value alone is recognised by the others: in the only table where they
    all stand, in a place of its own.
    """
    found = {name: carrier(table, name, after, before) for name in table.columns}
    places = {name: place for name, place in found.items() if place is not None}
    tables = {place.table for place in places.values()}
    if len(tables) != 1:
        return places
    now = after.tables[tables.pop()]
    for name in table.columns:
        if name not in places:
            taken = {place.column for place in places.values()}
            free = [each for each in now.columns if each not in taken]
            place = _alone(table, name, now, sorted(free, key=lambda it: it != name), before)
            places |= {} if place is None else {name: place}
    return {name: places[name] for name in table.columns if name in places}


def _alone(
    table: TableContents,
    column: str,
    now: TableContents,
    free: Sequence[str],
    before: Contents | None,
) -> Place | None:
    """Where the values of one column stand in one table, beside the key of their rows."""
    wanted = [exact(value) for value in table.values(column)]
    keys = [[exact(value) for value in table.values(name)] for name in table.key]
    held = [exact_row(row) for row in now.rows]
    stood = None if before is None else before.tables.get(now.table)
    if not keys or column in table.key or now.table == table.table:
        return None
    for name in free:
        there = _stand(wanted, keys, held, now.columns.index(name), None)
        if there and not _stood(wanted, keys, stood, name, None):
            return Place(now.table, name)
    return None


def nearest(table: TableContents, column: str, after: Contents) -> Place | None:
    """Where every value of a column stands now, in its own table if there."""
    own = after.tables.get(table.table)
    here = None if own is None else carrier(table, column, Contents({own.table: own}, {}, {}))
    return here or carrier(table, column, after)


def carrier(
    table: TableContents, column: str, after: Contents, before: Contents | None = None
) -> Place | None:
    """Where every value of a column stands now beside the key of its row; None where nowhere.

    What stood there `before` as well is no copy that the migration has made.
    """
    wanted = [exact(value) for value in table.values(column)]
    if len(set(wanted)) < min(_FEWEST, len(table.rows)):
        return None
    keys = [[exact(value) for value in table.values(name)] for name in table.key]
    own = table.key.index(column) if column in table.key else None
    for now in after.tables.values():
        held = [exact_row(row) for row in now.rows]
        stood = None if before is None else before.tables.get(now.table)
        for place, name in enumerate(now.columns):
            # In its own table only a new column counts: two that change places are no copy.
            old = now.table == table.table and name in table.columns
            if old or not _stand(wanted, keys, held, place, own):
                continue
            if not _stood(wanted, keys, stood, name, own):
                return Place(now.table, name)
    return None


def _stood(
    wanted: Sequence[Exact],
    keys: Sequence[Sequence[Exact]],
    table: TableContents | None,
    column: str,
    own: int | None,
) -> bool:
    """Whether the same stood in a table before the migration."""
    if table is None or column not in table.columns:
        return False
    held = [exact_row(row) for row in table.rows]
    return _stand(wanted, keys, held, table.columns.index(column), own)


def _stand(
    wanted: Sequence[Exact],
    keys: Sequence[Sequence[Exact]],
    held: Sequence[tuple[Exact, ...]],
    place: int,
    own: int | None,
) -> bool:
    """Whether all wanted values stand in one column, each in a row that also holds its key.

    `own` is the place of the column in the key; one that is no part of it needs a place of its
    own, or small numbers would be found in any other table's key.
    """
    if not set(wanted) <= {row[place] for row in held}:
        return False
    if not keys:
        return True
    width = len(held[0]) if held else 0
    parts = [[at for at in range(width) if set(part) <= {row[at] for row in held}] for part in keys]
    pairs = list(zip(wanted, zip(*keys, strict=True), strict=True))
    ways = (each for each in _choices(parts) if _fits(each, place, own))
    return any(_together(pairs, held, place, each) for each in ways)


def _fits(places: Sequence[int], place: int, own: int | None) -> bool:
    return place not in places if own is None else places[own] == place


def _choices(parts: Sequence[Sequence[int]]) -> Iterator[tuple[int, ...]]:
    """One place for each part of a key, in all ways; a bounded number of them."""
    ways: list[tuple[int, ...]] = [()]
    for part in parts:
        ways = [(*way, at) for way in ways for at in part if at not in way][:200]
    return iter(ways)


def _together(
    pairs: Sequence[tuple[Exact, tuple[Exact, ...]]],
    held: Sequence[tuple[Exact, ...]],
    place: int,
    places: tuple[int, ...],
) -> bool:
    there = {(row[place], tuple(row[at] for at in places)) for row in held}
    return all(pair in there for pair in pairs)
