"""Migration files that hold both ways, each behind a line that begins it: dbmate and goose."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from gatekeeper.migrations.migration import Chain, Fault, FaultKind, Migration, Script
from gatekeeper.migrations.numbering import same_numbers
from gatekeeper.migrations.scripts import Opened, opened
from gatekeeper.migrations.sequence import hollow
from gatekeeper.migrations.shelf import Item
from gatekeeper.snapshot import Snapshot
from gatekeeper.value import dataclass, replace


@dataclass(frozen=True, slots=True)
class Halves:
    """A file taken apart; `down` is None where it has no such part."""

    up: Script
    down: Script | None
    atomic: bool = True
    faults: tuple[Fault, ...] = ()


TakeApart = Callable[[Script], Halves]


def chain_of_halves(
    snapshot: Snapshot, chain: Chain, items: Sequence[tuple[int, Item]], apart: TakeApart
) -> Chain:
    """The chain of numbered files, in their order, each taken apart."""
    migrations: list[Migration] = []
    faults: list[Fault] = list(chain.faults)
    for number, item in items:
        whole = opened(snapshot, item)
        halves = Halves(whole.script, None) if whole.faults else apart(whole.script)
        faults += (*whole.faults, *_marked(whole), *halves.faults)
        if halves.down is not None:
            faults += hollow(halves.down, item.name)
        migrations.append(Migration(item.name, halves.up, halves.down, number, halves.atomic))
    faults += same_numbers(migrations)
    return replace(chain, migrations=tuple(migrations), faults=tuple(faults))


def _marked(whole: Opened) -> Iterator[Fault]:
    if whole.marked:
        yield refused(
            whole.script,
            0,
            "begins with a byte order mark, behind which its runner does not see the line that "
            "begins a part",
            "Write the file without a byte order mark.",
        )


def refused(script: Script, at: int, says: str, mend: str) -> Fault:
    """The fault of text that the runner does not take; `says` completes "PATH …"."""
    return Fault(
        FaultKind.REFUSED_TEXT, script.path, line_at(script, at), f"{script.path} {says}.", mend
    )


def line_at(script: Script, at: int) -> int:
    """The line in the file of a place in a script's text, in characters from 0."""
    return script.line + script.text.count("\n", 0, at)


def part(script: Script, start: int, end: int | None = None) -> Script:
    """A part of a script, which keeps its place in the file."""
    return Script(script.path, script.text[start:end], line_at(script, start))


def numbered(items: Iterable[Item], name: re.Pattern[str]) -> list[tuple[int, Item]]:
    """The items whose names fit, each with the number that the first group holds."""
    found = ((name.fullmatch(each.name), each) for each in items)
    return [(int(fits.group(1)[:_DIGITS]), each) for fits, each in found if fits]


_DIGITS = 4000  # Python makes no number of a longer text
