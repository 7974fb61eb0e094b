"""golang-migrate: `N_title.up.sql` and `N_title.down.sql`, in the order of N.

After golang-migrate 4 (github.com/golang-migrate/migrate, `source/parse.go`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gatekeeper.migrations.migration import Chain, Dialect, Fault, FaultKind, Runner
from gatekeeper.migrations.sections import numbered
from gatekeeper.migrations.sequence import sequence
from gatekeeper.migrations.shelf import Item, Sort, held
from gatekeeper.migrations.ways_back import Backs
from gatekeeper.snapshot import Snapshot
from gatekeeper.value import replace

LEDGER = "schema_migrations"

_UP = re.compile(r"([0-9]+)_.*\.up\..*", re.DOTALL)
_DOWN = re.compile(r"([0-9]+)_.*\.down\..*", re.DOTALL)


def is_golang_migrate(items: Iterable[Item]) -> bool:
    """Whether the names in a folder are golang-migrate's, and none is of another kind."""
    names = [each.name for each in items]
    ours = [bool(_UP.fullmatch(each) or _DOWN.fullmatch(each)) for each in names]
    return any(map(_UP.fullmatch, names)) and all(ours)


def golang_migrate(snapshot: Snapshot, folder: str, source: str) -> Chain:
    """The chain of a folder: a way back belongs to the number, whatever its title."""
    made = Chain(Runner.GOLANG_MIGRATE, folder, Dialect.SQLITE, (), ledger=LEDGER, source=source)
    files = [each for each in held(snapshot, folder) if each.sort is not Sort.FOLDER]
    ups = sorted(numbered(files, _UP), key=lambda each: (each[0], each[1].name))
    downs = dict[int, Item]()
    twice = list[tuple[int, Item]]()
    for number, item in numbered(files, _DOWN):
        if downs.setdefault(number, item) is not item:
            twice.append((number, item))
    by_name = {item.name: downs[number] for number, item in ups if number in downs}
    numbers = {number for number, _ in ups}
    unpaired = tuple(item for number, item in downs.items() if number not in numbers)
    named = replace(made, faults=tuple(_twice(twice)))
    return sequence(snapshot, named, [item for _, item in ups], Backs(by_name, unpaired))


def _twice(downs: Iterable[tuple[int, Item]]) -> Iterator[Fault]:
    for number, item in downs:
        yield Fault(
            FaultKind.SAME_NUMBER,
            item.path,
            1,
            f"{item.path} is a second way back with the number {number}, for which golang-migrate "
            "refuses the whole folder.",
            "Keep one of them.",
        )
