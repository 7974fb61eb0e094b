"""Which values of a document forward does not carry into the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatekeeper.carrying.bench import Bench, Fixture
from gatekeeper.carrying.contents import Contents, NoDatabase, gaps
from gatekeeper.carrying.damage import other_than
from gatekeeper.carrying.document import Json, Path, at, pattern, with_value, written
from gatekeeper.carrying.presence import short_of
from gatekeeper.value import dataclass

MOST_PROBES = 40
"""Values that are altered to see whether the database alters with them, of one document."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A value that is lost, its place, and what shows it."""

    path: Path
    value: Json
    says: str


def lost_of(
    bench: Bench, fixture: Fixture, contents: Contents, probes: int = MOST_PROBES
) -> Iterator[Lost]:
    """What of a fixture the database that was made of it does not hold.

    A value that stands nowhere is lost. One that stands there less often than in the fixture is
    altered in another run: if the database then comes out the same, it is lost.
    """
    yield from absent(fixture, contents)
    held = (each for each in short_of(fixture.value, contents) if each.held)
    doubtful = [path for each in held for path in each.places]
    yield from untouched(bench, fixture, contents, by_kind(doubtful)[:probes])


def absent(fixture: Fixture, contents: Contents) -> Iterator[Lost]:
    """The values that stand nowhere in the database."""
    for short in short_of(fixture.value, contents):
        if not short.held:
            for path in short.places:
                yield Lost(path, short.value, "it stands nowhere in the database")


def untouched(
    bench: Bench, fixture: Fixture, contents: Contents, paths: Iterable[Path]
) -> Iterator[Lost]:
    """Those of the places whose value makes no difference to the database."""
    for path in paths:
        value = at(fixture.value, path)
        other = other_than(value)
        if other is None:
            continue
        place = bench.place(fixture)
        run = bench.forward(place, written(with_value(fixture.value, path, other)))
        try:
            if run.well and not any(gaps(contents, place.contents().within(contents))):
                yield Lost(path, value, "with another value there, the database is the same")
        except NoDatabase:
            continue


def by_kind(paths: list[Path]) -> list[Path]:
    """The places so that each kind comes before any kind comes twice."""
    seen: dict[str, int] = {}
    ranked = list[tuple[int, int, Path]]()
    for number, path in enumerate(paths):
        kind = pattern(path)
        seen[kind] = seen.get(kind, 0) + 1
        ranked.append((seen[kind], number, path))
    return [path for _, _, path in sorted(ranked, key=lambda each: each[:2])]
