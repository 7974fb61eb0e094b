"""Values that come out otherwise each time: of the clock, of chance, numbers that are given."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Collection, Iterator

from gatekeeper.migrations.contents import TableContents, exact
from gatekeeper.migrations.course import Standing
from gatekeeper.migrations.engine import Value
from gatekeeper.migrations.schema_difference import differences
from gatekeeper.migrations.shortcomings import unlike

_DAY = 86_400
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T]\d\d:\d\d.*)?", re.DOTALL)


def is_of_the_moment(value: Value) -> bool:
    """Whether a value is a time of today, which another day's run does not write again."""
    now = time.time()
    if isinstance(value, str):
        found = _MOMENT.fullmatch(value)
        days = (time.gmtime(now + offset * _DAY) for offset in (-1, 0, 1))
        return found is not None and found.group(1) in {time.strftime("%Y-%m-%d", d) for d in days}
    if isinstance(value, int | float):
        return any(abs(value / unit - now) < _DAY for unit in (1, 1_000, 1_000_000))
    return False


def not_as_before(once: Standing, fresh: Standing, again: Standing) -> Iterator[str]:
    """What a migration does otherwise `again` than it did `once`, tables with their differences.

    `fresh` is what it did where it stood at its start: what differs there, or is of the moment,
    or a number that AUTOINCREMENT has given, would differ without any way back.
    """
    for difference in differences(once.schema, again.schema):
        if difference.matters:
            yield str(difference)
    for name, says, _ in unlike(once.contents, again.contents):
        first, other, last = (each.contents.tables.get(name) for each in (once, fresh, again))
        if first is None or other is None or last is None or first.columns != last.columns:
            yield says
            continue
        given = once.schema.tables[name].key if once.schema.tables[name].autoincrement else ()
        loose = {column.name for column in given} | set(_differing(first, other))
        if _settled(first, loose) != _settled(last, loose):
            yield says


def _differing(one: TableContents, other: TableContents) -> Iterator[str]:
    if one.columns == other.columns:
        for name in one.columns:
            if Counter(map(exact, one.values(name))) != Counter(map(exact, other.values(name))):
                yield name


def _settled(table: TableContents, loose: Collection[str]) -> Counter[tuple[object, ...]]:
    """The rows without what comes out otherwise each time."""
    places = [place for place, name in enumerate(table.columns) if name not in loose]
    return Counter(
        tuple(None if is_of_the_moment(row[at]) else exact(row[at]) for at in places)
        for row in table.rows
    )
