"""sqitch: the changes that `sqitch.plan` lists, in its order, with `deploy` and `revert` scripts.

After the manual `sqitchtutorial-sqlite` and sqitch 1.3 (`App::Sqitch::Plan`). A change that is
listed again was reworked: what it was before stands in a file named after the next tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gatekeeper.migrations.migration import Chain, Dialect, FaultKind, Runner
from gatekeeper.migrations.scripts import unfit
from gatekeeper.migrations.sequence import sequence
from gatekeeper.migrations.shelf import Item, Sort, joined
from gatekeeper.migrations.ways_back import Backs
from gatekeeper.snapshot import Snapshot
from gatekeeper.value import dataclass, replace

PLAN = "sqitch.plan"
CONFIGURATION = "sqitch.conf"

_CHANGE = re.compile(r"[ \t]*\+?[ \t]*([^\s%#@:\[\]+-][^\s\[\]]*)[ \t\[]")
_TAG = re.compile(r"[ \t]*@([^\s]+)")
_SETTING = re.compile(r"^[ \t]*(engine|top_dir|plan_file)[ \t]*=[ \t]*([^#;\n]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Planned:
    """A change of the plan: its name, what its scripts are called, and its line."""

    name: str
    script: str
    line: int


def settings(snapshot: Snapshot, folder: str) -> dict[str, str]:
    """What the configuration beside a plan says: `engine`, `top_dir`, `plan_file`."""
    path = joined(folder, CONFIGURATION)
    if path not in snapshot:
        return {}
    text = snapshot.read(path).decode("utf-8", "replace")
    return {name: value.strip().strip('"') for name, value in _SETTING.findall(text)}


def sqitch(snapshot: Snapshot, plan: str, top: str, source: str) -> Chain:
    """The chain of a plan; its scripts stand below `top`."""
    made = Chain(Runner.SQITCH, joined(top, "deploy"), Dialect.SQLITE, (), source=source)
    changes = planned(snapshot.read(plan).decode("utf-8", "replace"))
    items = [_item(top, "deploy", each) for each in changes]
    there = [each for each in items if each.path in snapshot]
    lost = tuple(
        unfit(plan, f"lists {change.name}, of which there is no {item.path}", change.line)
        for change, item in zip(changes, items, strict=True)
        if item.path not in snapshot
    )
    back = {each.script: _item(top, "revert", each) for each in changes}
    backs = {name: item for name, item in back.items() if item.path in snapshot}
    chain = sequence(snapshot, replace(made, faults=lost), there, Backs(backs))
    # A script says itself where its transaction begins and ends.
    free = tuple(replace(each, number=None, atomic=False) for each in chain.migrations)
    numbered = tuple(each for each in chain.faults if each.kind is not FaultKind.SAME_NUMBER)
    return replace(chain, migrations=free, faults=numbered)


def _item(top: str, way: str, change: Planned) -> Item:
    return Item(change.script, joined(top, f"{way}/{change.script}.sql"), Sort.FILE)


def planned(plan: str) -> Sequence[Planned]:
    """The changes of a plan, each with the script that belongs to this time it is listed."""
    lines = list(_lines(plan))
    found = []
    for n, (kind, name, line) in enumerate(lines):
        if kind != "change":
            continue
        again = next((m for m in range(n + 1, len(lines)) if lines[m][:2] == ("change", name)), n)
        tag = next((each[1] for each in lines[n:again] if each[0] == "tag"), "")
        found.append(Planned(name, f"{name}@{tag}" if tag else name, line))
    return found


def _lines(plan: str) -> Iterator[tuple[str, str, int]]:
    for line, text in enumerate(plan.splitlines(), 1):
        tag = _TAG.match(text)
        change = _CHANGE.match(f"{text} ")
        if tag:
            yield "tag", tag.group(1), line
        elif change:
            yield "change", change.group(1), line
