"""Judges what the Workers of a tree ask of the platform."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Deferred, Doubt, Examined, Finding, NoSubject, Observation, Snapshot
from gatekeeper_rules.code import (
    _unsupported_in_config,
    _unsupported_in_python,
    _unsupported_in_scripts,
)
from gatekeeper_rules.code._unsupported_workers import workers_of
from gatekeeper_rules.code._workflow_hosts import ELSEWHERE


def observations(snapshot: Snapshot, focus: frozenset[str] | None) -> Iterator[Observation]:
    """Faults and doubts; of a staged change those of its own files."""
    workers = workers_of(snapshot)
    looked = False
    said = set[Observation]()
    for reader in (_unsupported_in_config, _unsupported_in_scripts, _unsupported_in_python):
        for each in reader.observations(snapshot, workers, focus):
            looked = looked or isinstance(each, Examined | Finding | Doubt)
            if each not in said:
                said.add(each)
                yield each
    for doubt in workers.doubts:
        if focus is None or doubt.path in focus or not doubt.path.endswith(ELSEWHERE):
            looked = True
            yield doubt
    if focus is not None:
        yield Deferred("what files that are not staged ask of the platform is left to CI")
    elif not looked:
        yield NoSubject("no configuration of wrangler and no module of the platform is there")
