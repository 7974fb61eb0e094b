"""Snapshots and means for tests of measuring, with the caller's own environment kept away."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from gatekeeper import Measured, Missing, Need, Snapshot, Which
from gatekeeper.reading.build import Built
from gatekeeper.reading.measuring import Means, measure
from gatekeeper.rule import Reading
from gatekeeper.terms import ReadingPlan
from gatekeeper.value import replace

Files = Mapping[str, str | bytes]


def tree(label: str, files: Files, modes: Mapping[str, str] | None = None) -> Snapshot:
    """A snapshot with a tree id, as a commit has one; the same files give the same id."""
    snapshot = Snapshot.of(label, files, modes)
    told = sorted((path, each.mode, each.oid) for path, each in snapshot.entries.items())
    return replace(snapshot, tree=f"{hash(tuple(told)) & (1 << 64) - 1:040x}")


def means(**environ: str) -> Means:
    """Measuring with the environment of whoever runs the tests, and nothing kept."""
    return Means({**os.environ, "CI": "true", **environ})


def built(
    command: str,
    files: Files,
    *,
    setup: str = "",
    base: Files | None = None,
    which: Which = Which.HEAD,
    modes: Mapping[str, str] | None = None,
    cwd: str = "",
) -> Reading:
    """The reading of one build."""
    plan = ReadingPlan(command, setup, "build", cwd)
    return measured({"build": plan}, files, base or files, [Need("build", which)], modes)[
        Need("build", which)
    ]


def measured(
    plans: Mapping[str, ReadingPlan],
    files: Files,
    base: Files,
    needs: Iterable[Need],
    modes: Mapping[str, str] | None = None,
) -> Mapping[Need, Reading]:
    """The readings of a head with these files."""
    return measure(needs, plans, tree("base", base), tree("head", files, modes), means())


def said(reading: Reading) -> str:
    """The last words of a build; why it is missing, where it is."""
    if isinstance(reading, Missing):
        return reading.why
    assert isinstance(reading, Measured)
    assert isinstance(reading.value, Built)
    return reading.value.said


def folders_left(folder: Path) -> list[str]:
    """What measuring left behind in a folder for temporary files."""
    return sorted(each.name for each in folder.iterdir())
