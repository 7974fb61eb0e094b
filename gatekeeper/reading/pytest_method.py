"""How a run of pytest is taken as a reading: recorded, with canaries among its tests."""

from __future__ import annotations

import json
import os
import secrets
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from gatekeeper.reading.method import Order
from gatekeeper.reading.output import placed, told, written
from gatekeeper.reading.planting import before, check_loaded, planted
from gatekeeper.reading.pytest_records import records
from gatekeeper.reading.pytest_trust import Canary, trusted
from gatekeeper.reading.room import Room
from gatekeeper.reading.tests import TestRun
from gatekeeper.reading.unusable import Unusable
from gatekeeper.terms import ReadingPlan
from gatekeeper.tools import Ended, Outcome
from gatekeeper.value import dataclass, field

_RECORDS, _JUNIT = "records.jsonl", "junit.xml"
_PLUGINS = ("recorder", "canaries")
_OPERATORS = frozenset(";|&\n()")


def _new_canary() -> Canary:
    fails, passes, says, secret = (secrets.token_hex(8) for _ in range(4))
    return Canary(f"test_{fails}", f"test_{passes}", f"{says} is not right", secret)


@dataclass(frozen=True, slots=True)
class PytestMethod:
    """Runs any command that ends in a run of pytest; one of these for each run.

    The names of the canaries are new each time, and known to no code of the tree before the
    run.
    """

    canary: Canary = field(default_factory=_new_canary)

    def order(self, plan: ReadingPlan, room: Room) -> Order:
        """The plan's command, with our plugins loaded by way of pytest's environment."""
        _refuse_more_than_pytest(plan.run)
        env = planted(_PLUGINS, room, tuple(_options(room)))
        return Order(placed(plan.run, room), {**env, **self._asked(room)})

    def _asked(self, room: Room) -> Mapping[str, str]:
        recorder = {"records": str(room.out / _RECORDS), "restore": before(room)}
        canaries = {
            "fails": self.canary.fails,
            "passes": self.canary.passes,
            "says": self.canary.says,
            "secret": self.canary.secret,
            "junit": str(room.out / _JUNIT),
        }
        return {
            "GATEKEEPER_RECORDER": json.dumps(recorder),
            "GATEKEEPER_CANARIES": json.dumps(canaries),
        }

    def read(self, plan: ReadingPlan, room: Room, ended: Outcome) -> TestRun:
        """The run without its canaries; raises Unusable where it is not finished, or in doubt."""
        if ended.ended is not Ended.BY_ITSELF:
            raise Unusable(f"{plan.run}: {ended.says}")
        check_loaded(ended)
        found = _written(room.out / _RECORDS, "pytest did not get as far as its tests", ended)
        recorded = records(found, str(room.tree))
        junit = _written(room.out / _JUNIT, "pytest wrote no JUnit file", ended)
        return trusted(recorded, junit, ended.status, self.canary)


def _options(room: Room) -> Iterator[str]:
    """A cache of the run's own; and JUnit as fixtures like it, without output."""
    ours: Mapping[str, str] = {
        "cache_dir": str(room.out / "cache"),
        "junit_family": "xunit1",
        "junit_logging": "no",
    }
    yield from (f"-o {shlex.quote(f'{name}={value}')}" for name, value in ours.items())


def _written(file: Path, otherwise: str, ended: Outcome) -> bytes:
    if not os.path.lexists(file):
        raise Unusable(f"{otherwise}: {told(ended)}")
    return written(file, ended)


def _refuse_more_than_pytest(command: str) -> None:
    """The canaries make pytest fail, so what a command does after it is lost, or covers it up."""
    *before, _ = _parts(command)
    if any(Path(word).name in ("pytest", "py.test") for part in before for word in part):
        raise Unusable(
            f"`run: {command}` goes on after pytest; let it end with its one run of pytest, "
            "whose exit status is looked at"
        )


def _parts(command: str) -> list[list[str]]:
    """The words of a shell line, taken apart where one command ends and the next begins."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars="".join(_OPERATORS))
    lexer.whitespace = " \t\r"
    parts: list[list[str]] = [[]]
    try:
        for word in lexer:
            if _OPERATORS.issuperset(word):
                parts.append([])
            else:
                parts[-1].append(word)
    except ValueError as error:
        raise Unusable(f"`run: {command}` is no shell line: {error}") from None
    return [part for part in parts if part] or [[]]
