"""A command that leaves a report in a known format: run in a room, then read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from gatekeeper.reading.method import Order
from gatekeeper.reading.output import out_file, placed, written
from gatekeeper.reading.room import Room
from gatekeeper.reading.unusable import Unusable
from gatekeeper.terms import ReadingPlan
from gatekeeper.tools import Ended, Outcome

Read = Callable[[bytes, str], object]

_READERS: Mapping[str, str] = {
    "coverage-json": "coverage_json",
    "cobertura": "cobertura_xml",
    "lcov": "lcov",
    "junit": "junit_xml",
    "sarif": "sarif",
}


def read_report(format_: str, content: bytes, root: str) -> object:
    """The value in a report; `root` is where the tree stood. Raises Unusable."""
    if format_ not in _READERS:
        raise Unusable(f"the format {format_} is no file that can be read")
    try:
        module = import_module(f"gatekeeper.reading.{_READERS[format_]}")
    except ModuleNotFoundError:
        raise Unusable(f"the format {format_} is not available in this version") from None
    read: Read = module.read
    return read(content, root)


class FileMethod:
    """A command that writes `{out}`. How it ended says nothing: a failed test ends it with 1."""

    def order(self, plan: ReadingPlan, room: Room) -> Order:
        """The command, told where to write."""
        if "{out}" not in plan.run:
            raise Unusable("its `run` has no {out}, so nothing says where the report is written")
        return Order(placed(plan.run, room))

    def read(self, plan: ReadingPlan, room: Room, ended: Outcome) -> object:
        """What the report says."""
        if ended.ended is not Ended.BY_ITSELF:
            raise Unusable(f"the command did not come to an end: {ended.says}")
        if plan.format == "coverage-data":
            return _coverage_data(room)
        return read_report(plan.format, written(out_file(room), ended), str(room.tree))


def _coverage_data(room: Room) -> object:
    try:
        module = import_module("gatekeeper.reading.coverage_data")
    except ModuleNotFoundError:
        raise Unusable("the format coverage-data is not available in this version") from None
    found: object = module.read(out_file(room), str(room.tree))
    return found
