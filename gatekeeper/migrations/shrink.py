"""The smallest rows that still show a failing, and how the tables concerned stood."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gatekeeper.migrations.contents import shown
from gatekeeper.migrations.course import Course, Standing
from gatekeeper.migrations.proven import Counterexample, Failing, Stand
from gatekeeper.migrations.rows import Insert
from gatekeeper.migrations.schema import Schema

MOST_RUNS = 60
"""Courses that are run to make one counterexample smaller."""

MOST_ROWS = 5
"""Rows of a table that a counterexample shows."""

Shows = Callable[[Sequence[Insert]], bool]


def shrunk(inserts: Sequence[Insert], shows: Shows) -> tuple[Insert, ...]:
    """Fewer rows for which `shows` still holds: first whole tables are left out, then rows."""
    left = [MOST_RUNS]

    def still(some: Sequence[Insert]) -> bool:
        left[0] -= 1
        return left[0] >= 0 and shows(some)

    kept = list(inserts)
    for table in dict.fromkeys(each.table for each in reversed(inserts)):
        fewer = [each for each in kept if each.table != table]
        if len(fewer) < len(kept) and still(fewer):
            kept = fewer
    size = len(kept) // 2
    while size:
        at = 0
        while at < len(kept):
            fewer = kept[:at] + kept[at + size :]
            if still(fewer):
                kept = fewer
            else:
                at += size
        size //= 2
    return tuple(kept)


def counterexample(inserts: Sequence[Insert], course: Course, failing: Failing) -> Counterexample:
    """The rows with the tables concerned at each moment of their course.

    Of the table that the failing is about, every moment is shown; of the others, the moments at
    which they are not as they were.
    """
    tables = _concerned(inserts, course.before.schema, failing)
    subject = failing.subject.partition(".")[0]
    stands = list[Stand]()
    for table in tables:
        seen = set[tuple[tuple[str, ...], ...]]()
        for stand in _moments(course, table):
            if table == subject or stand.rows not in seen:
                stands.append(stand)
            seen.add(stand.rows)
    return Counterexample(tuple(map(str, inserts)), tuple(stands))


def _moments(course: Course, table: str) -> Iterator[Stand]:
    moments = (("before", course.before), ("after up", course.after), ("after down", course.back))
    for when, standing in moments:
        stand = None if standing is None else _stand(when, table, standing)
        if stand is not None:
            yield stand


def _concerned(inserts: Sequence[Insert], schema: Schema, failing: Failing) -> tuple[str, ...]:
    """The table of the failing with its parents, then the others that rows were needed in."""
    subject = failing.subject.partition(".")[0]
    first = [subject] if subject in schema.tables else []
    if first:
        first += sorted(key.table for key in schema.tables[subject].foreign_keys)
    return tuple(dict.fromkeys((*first, *(each.table for each in inserts))))


def _stand(when: str, table: str, standing: Standing) -> Stand | None:
    held = standing.contents.tables.get(table)
    if held is None:
        return None
    rows = tuple(tuple(map(shown, row)) for row in held.rows[:MOST_ROWS])
    return Stand(when, table, held.columns, rows)
