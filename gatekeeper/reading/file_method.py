"""A command that leaves a report in a known format: run in a room, then read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from gatekeeper.reading.coverage import Coverage
from gatekeeper.reading.coverage_settings import check_no_data, settings_of_the_base
from gatekeeper.reading.method import Order
from gatekeeper.reading.noting import copied, noted, noting
from gatekeeper.reading.output import out_file, placed, told, written
from gatekeeper.reading.planting import check_loaded
from gatekeeper.reading.room import Room
from gatekeeper.reading.tests import Outcome as Fate
from gatekeeper.reading.tests import TestRun
from gatekeeper.reading.unusable import Unusable
from gatekeeper.terms import ReadingPlan
from gatekeeper.tools import Ended, Outcome
from gatekeeper.value import replace

Read = Callable[[bytes, str, str], object]

_READERS: Mapping[str, tuple[str, str]] = {
    "coverage-json": ("coverage_json", "read"),
    "cobertura": ("cobertura_xml", "read"),
    "lcov": ("lcov", "read"),
    "junit": ("junit_xml", "read"),
    "sarif": ("sarif", "linted"),
}
_COVERAGE = ("coverage-json", "coverage-data", "cobertura", "lcov")

# From here on a shell says that a command could not be started, or was killed.
_NOT_RUN = 126


def read_report(format_: str, content: bytes, root: str, cwd: str = "") -> object:
    """The value in a report, or Unusable.

    `root` is where the tree stood, `cwd` the folder in it that the tool ran in.
    """
    if format_ not in _READERS:
        raise Unusable(f"the format {format_} is no file that can be read")
    module, name = _READERS[format_]
    try:
        read: Read = getattr(import_module(f"gatekeeper.reading.{module}"), name)
    except ModuleNotFoundError:
        raise Unusable(f"the format {format_} is not available in this version") from None
    return read(content, root, cwd)


class FileMethod:
    """A command that writes `{out}`. Its exit status is 1 where a test failed."""

    def order(self, plan: ReadingPlan, room: Room) -> Order:
        """The command, told where to write; coverage is measured by the base's settings."""
        if "{out}" not in plan.run:
            raise Unusable("its `run` has no {out}, so nothing says where the report is written")
        if plan.format not in _COVERAGE:
            return Order(placed(plan.run, room))
        check_no_data(room)
        settings = settings_of_the_base(plan, room)
        noted_too = noting(plan, replace(room, env={**room.env, **settings}))
        return Order(placed(plan.run, room), {**settings, **noted_too})

    def read(self, plan: ReadingPlan, room: Room, ended: Outcome) -> object:
        """What the report says."""
        if plan.format in _COVERAGE:
            check_loaded(ended)
        if ended.ended is not Ended.BY_ITSELF or not 0 <= ended.status < _NOT_RUN:
            raise Unusable(f"the command did not come to an end as it should: {told(ended)}")
        if plan.format == "coverage-data":
            return _coverage_data(plan, room, ended)
        value = read_report(plan.format, written(out_file(room), ended), str(room.tree), plan.cwd)
        if isinstance(value, Coverage):
            return noted(value, plan, room, ended)
        if isinstance(value, TestRun) and ended.status and not _shows_failure(value):
            # Some reporters leave out a file whose tests could not even be loaded.
            raise Unusable(f"no test failed, and yet the command did: {told(ended)}")
        return value


def _shows_failure(run: TestRun) -> bool:
    failed = (Fate.FAILED, Fate.ERROR, Fate.XPASSED)
    return bool(run.uncollected) or any(each.outcome in failed for each in run.tests.values())


def _coverage_data(plan: ReadingPlan, room: Room, ended: Outcome) -> object:
    from gatekeeper.reading import coverage_data

    with copied(written(out_file(room), ended)) as file:
        return coverage_data.read(file, str(room.tree), plan.cwd)
