"""A database that refuses (busy, full, read-only, a constraint): a loud failure, and no harm."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import apsw

from gatekeeper.carrying.bench import Bench, Clean
from gatekeeper.carrying.contents import Contents, NoDatabase, opened
from gatekeeper.carrying.dice import Dice
from gatekeeper.carrying.document import arrays, at, with_value, written
from gatekeeper.carrying.minutes import Minutes
from gatekeeper.carrying.place import LARGEST_FILE, Files, Place, Run
from gatekeeper.carrying.there_and_back import gap_of
from gatekeeper.migrations.carried import DataTrouble
from gatekeeper.migrations.schema import quoted
from gatekeeper.value import dataclass

_WRITE_VERSION = 18
_READ_ONLY, _ORDINARY = 3, 1
_PAGE = 4096
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Start:
    """Where the database stands before it refuses: some of the fixture was carried over before."""

    files: Files
    contents: Contents
    end: Contents


def refused(bench: Bench, clean: Clean, minutes: Minutes, dice: Dice) -> None:
    """Run forward on a database that refuses, in each of the ways in which one can."""
    if not clean.steady:
        return
    start = _start(bench, clean)
    for name, failing in (
        ("a database that is locked by somebody else", _locked),
        ("a file that cannot be written to", _read_only),
        ("a disk that is full", _full),
        ("a disk that becomes full", _filled),
    ):
        _tried(bench, clean, start, minutes, (name, failing))
    for table, kept in sorted(clean.contents.tables.items()):
        known = start.contents.tables.get(table)
        if known and len(kept.rows) > len(known.rows):
            limit = len(known.rows) + dice.below(len(kept.rows) - len(known.rows))
            name = f"a constraint on {table} that refuses row {limit + 1}"
            trigger = dice.word()
            _tried(bench, clean, start, minutes, (name, _constrained(table, limit, trigger)))


Failing = Callable[[Bench, Place, bytes], Run]


def _start(bench: Bench, clean: Clean) -> Start:
    """With something in it that was there before, where forward can go on from that."""
    empty = bench.place(clean.fixture)
    fallback = Start(empty.saved(), _contents(empty), clean.contents)
    value = clean.fixture.value
    if value is None:
        return fallback
    for path in arrays(value):
        elements = at(value, path)
        if isinstance(elements, list) and len(elements) > 1:
            value = with_value(value, path, elements[:1])
            break
    place = bench.place(clean.fixture)
    if not bench.forward(place, written(value)).well:
        return fallback
    files, contents = place.saved(), _contents(place)
    run = bench.forward(place, clean.fixture.content)
    if not run.well or gap_of(clean.contents, place):
        return fallback
    return Start(files, contents, clean.contents)


def _contents(place: Place) -> Contents:
    try:
        return place.contents()
    except NoDatabase:
        return Contents({})


def _tried(
    bench: Bench, clean: Clean, start: Start, minutes: Minutes, how: tuple[str, Failing]
) -> None:
    name, failing = how
    place = bench.place(clean.fixture, start.files)
    try:
        run = failing(bench, place, clean.fixture.content)
    except (apsw.Error, NoDatabase) as error:
        minutes.open.append(f"{clean.fixture.name} on {name} could not be tried: {error}")
        return
    minutes.tried("failures of the database")
    says = f"{clean.fixture.name} on {name}"
    lost = gap_of(start.contents, place, more=True)
    if lost:
        told = f"{says}: {lost[0].says}"
        minutes.fail(DataTrouble.DAMAGED, told, name, (run.step,), lost[0].stands)
        return
    if not clean.ear.reports(run):
        missing = gap_of(start.end, place, more=True)
        if missing:
            told = f"{says}: {missing[0].says}"
            minutes.fail(DataTrouble.FAILS_SILENTLY, told, name, (run.step,), missing[0].stands)
        return
    if not gap_of(start.contents, place):
        return  # nothing was written, so that another run finds what it found before
    again = bench.forward(place, clean.fixture.content)
    differing = gap_of(start.end, place)
    if differing or not again.well:
        told = f"{says}; run again on a sound one: "
        told += differing[0].says if differing else again.says
        stands = differing[0].stands if differing else ()
        minutes.fail(DataTrouble.NOT_RESUMABLE, told, name, (run.step, again.step), stands)


def _locked(bench: Bench, place: Place, content: bytes) -> Run:
    with _connected(place) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        return bench.forward(place, content)


def _read_only(bench: Bench, place: Place, content: bytes) -> Run:
    """A write version that SQLite does not know makes a file read-only, for root as well."""
    _set_write_version(place, _READ_ONLY)
    try:
        return bench.forward(place, content)
    finally:
        _set_write_version(place, _ORDINARY)


def _set_write_version(place: Place, version: int) -> None:
    files = dict(place.saved())
    content = files.get("", b"")
    if len(content) > _WRITE_VERSION:
        head, rest = content[:_WRITE_VERSION], content[_WRITE_VERSION + 1 :]
        place.write({**files, "": head + bytes([version]) + rest})


def _full(bench: Bench, place: Place, content: bytes) -> Run:
    return bench.forward_within(place, content, _PAGE)


def _filled(bench: Bench, place: Place, content: bytes) -> Run:
    size = len(place.saved().get("", b""))
    return bench.forward_within(place, content, min(size // 2 + _PAGE, LARGEST_FILE))


def _constrained(table: str, limit: int, trigger: str) -> Failing:
    """A trigger that lets no more than so many rows into a table."""

    def failing(bench: Bench, place: Place, content: bytes) -> Run:
        name = quoted(table)
        with _connected(place) as connection:
            connection.execute(
                " ".join(
                    (
                        f"CREATE TRIGGER {trigger} BEFORE INSERT ON",
                        name,
                        "WHEN (SELECT count(*) FROM",
                        name,
                        f") >= {limit}",
                        "BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed'); END",
                    )
                )
            )
        try:
            return bench.forward(place, content)
        finally:
            with _connected(place) as connection:
                connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")

    return failing


@contextmanager
def _connected(place: Place) -> Iterator[apsw.Connection]:
    with closing(opened(place.database, time.monotonic() + _SECONDS)) as connection:
        yield connection
