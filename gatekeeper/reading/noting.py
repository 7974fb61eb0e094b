"""Which test ran what, noted beside a measurement of coverage whose command runs pytest."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from gatekeeper.reading.context_data import contexts_in
from gatekeeper.reading.contexts import Contexts, NoContexts
from gatekeeper.reading.coverage import Coverage
from gatekeeper.reading.output import written
from gatekeeper.reading.planting import before, planted
from gatekeeper.reading.room import Room
from gatekeeper.reading.suite import is_node
from gatekeeper.reading.unusable import Unusable
from gatekeeper.terms import ReadingPlan
from gatekeeper.tools import Outcome
from gatekeeper.value import replace

_DATA = "contexts"


def noting(plan: ReadingPlan, room: Room) -> Mapping[str, str]:
    """What to add to the environment, so that a pytest under coverage.py notes it."""
    if is_node(plan):
        return {}
    order = {"data": str(room.out / _DATA), "restore": before(room)}
    loaded = planted(("recorder.contexts",), room)
    return {**loaded, "GATEKEEPER_CONTEXTS": json.dumps(order)}


def noted(coverage: Coverage, plan: ReadingPlan, room: Room, ended: Outcome) -> Coverage:
    """The coverage with what was noted, where it does not tell of itself."""
    data = room.out / _DATA
    if isinstance(coverage.contexts, Contexts) or not os.path.lexists(data):
        return coverage
    try:
        with copied(written(data, ended)) as file:
            found: Contexts | NoContexts = contexts_in(
                file, coverage.files, str(room.tree), plan.cwd
            )
    except Unusable as unusable:
        found = NoContexts(f"what was noted of each test cannot be used: {unusable}")
    return replace(coverage, contexts=found)


@contextmanager
def copied(content: bytes) -> Iterator[Path]:
    """A file with the content: SQLite opens a file itself, and in a room it could be anything."""
    with TemporaryDirectory(prefix="gatekeeper-") as folder:
        file = Path(folder, "data")
        file.write_bytes(content)
        yield file
