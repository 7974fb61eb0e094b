"""Scripts in their order, made into the migrations of a chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from gatekeeper.migrations.migration import Chain, Fault, FaultKind, Migration, Runner, Script
from gatekeeper.migrations.numbering import is_day, leading_number, same_numbers
from gatekeeper.migrations.scripts import opened
from gatekeeper.migrations.shelf import Item
from gatekeeper.migrations.tokens import is_hollow
from gatekeeper.migrations.ways_back import Backs
from gatekeeper.snapshot import Snapshot
from gatekeeper.value import replace

Reading = Callable[[Snapshot, Script], tuple[Script, tuple[Fault, ...]]]


def as_it_stands(_: Snapshot, script: Script) -> tuple[Script, tuple[Fault, ...]]:
    """What a runner makes of a script that hands it to the database as it is."""
    return script, ()


def sequence(
    snapshot: Snapshot,
    chain: Chain,
    forward: Sequence[Item],
    backs: Backs,
    read: Reading = as_it_stands,
) -> Chain:
    """The chain with these scripts, in this order, and what is wrong with them.

    `read` says what the runner makes of a script forward.
    """
    migrations: list[Migration] = []
    faults: list[Fault] = list(chain.faults)
    for item in forward:
        up = opened(snapshot, item)
        faults += up.faults
        script, said = (up.script, ()) if up.faults else read(snapshot, up.script)
        faults += said
        down = _down(snapshot, item, backs, faults)
        migrations.append(Migration(item.name, script, down, _number(chain.runner, item.name)))
    faults += backs.faults(chain.folder)
    faults += same_numbers(migrations)
    return replace(chain, migrations=tuple(migrations), faults=tuple(faults))


def _down(snapshot: Snapshot, item: Item, backs: Backs, faults: list[Fault]) -> Script | None:
    back = backs.by_name.get(item.name)
    if back is None:
        return None
    down = opened(snapshot, back)
    faults += down.faults
    if not down.faults:
        faults += hollow(down.script, item.name)
    return down.script


def hollow(down: Script, name: str) -> Iterator[Fault]:
    """The fault of a way back without a statement."""
    if is_hollow(down.text):
        yield Fault(
            FaultKind.HOLLOW_DOWN,
            down.path,
            down.line,
            f"{down.path} holds no statement: nothing takes {name} back.",
            "Write the statements that take it back.",
        )


def _number(runner: Runner, name: str) -> int | None:
    """The number that a runner orders by; Diesel's is a day and a time with `-` in between.

    A day is none where names are what counts: wrangler and its like run all scripts of one day,
    in the order of their names, and remember each by its name.
    """
    if runner is Runner.DIESEL:
        return leading_number(name.partition("_")[0].replace("-", ""))
    return None if runner in _BY_NAME and is_day(name) else leading_number(name)


_BY_NAME = (Runner.WRANGLER, Runner.PAIRS)
