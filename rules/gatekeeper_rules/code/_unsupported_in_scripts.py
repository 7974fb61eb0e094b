"""Judges the scripts that Workers are built of by what the platform has."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Doubt, Examined, Finding, Note, Observation, Snapshot
from gatekeeper_rules.code._unsupported_in_script import InScript
from gatekeeper_rules.code._unsupported_scripts import Scripts
from gatekeeper_rules.code._unsupported_workers import Workers


def observations(
    snapshot: Snapshot, workers: Workers, focus: frozenset[str] | None
) -> Iterator[Observation]:
    """A finding for each place, a doubt for each script that matters and cannot be read."""
    scripts = Scripts(snapshot, workers, focus)
    yield from (each for each in _said(scripts) if focus is None or each.path in focus)
    yield from _counted(scripts)


def _said(scripts: Scripts) -> Iterator[Finding | Doubt]:
    for path, workers in scripts.built.items():
        yield from InScript(scripts, path, workers).said()
    for path in scripts.others:
        yield from InScript(scripts, path, ()).said()
    yield from scripts.graph.doubts.values()
    for lost in scripts.graph.sources.modules.lost if scripts.built else ():
        yield Doubt(f"which files imports mean: {lost.reason}", lost.path, lost.line)


def _counted(scripts: Scripts) -> Iterator[Examined | Note]:
    """How much was looked at."""
    paths = {
        path
        for worker in scripts.workers.all
        for path in (*scripts.rough(worker), *scripts.around(worker))
    }
    if paths or scripts.others:
        yield Examined("scripts of Workers", len(paths))
        yield Examined("scripts parsed", len(scripts.built) + len(scripts.others))
    for worker in scripts.workers.all:
        if worker.lost:
            yield Note(
                f"{worker.shown} starts `{worker.lost}`, which is not in the tree: "
                "the scripts around it were looked at instead"
            )
