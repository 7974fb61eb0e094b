"""Classes that are bound as Workflows, and that nobody has judged: not found, or nothing known."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Doubt
from gatekeeper.source.code_values import Sort, Value, Values
from gatekeeper_rules.code._workflow_classes import Kin, export, kind_of
from gatekeeper_rules.code._workflow_hosts import Host
from gatekeeper_rules.code._workflow_presence import Scene

_NONE_AT_ALL = frozenset({Kin.NONE, Kin.LOCAL, Kin.ELSEWHERE})
"""What surely is no Workflow: `workflow-missing` says so of the binding."""


def unjudged(scene: Scene) -> Iterator[Doubt]:
    """A doubt for each: what is not looked at is not known to keep the rules."""
    judged = {each.value for each in scene.workflows}
    judged |= {each.value for each in scene.scripts.workflows}
    for host in scene.hosts.all:
        for name in scene.hosts.called(host):
            values = _exported(scene, host, name)
            if values is None or _is_open(scene, values, judged):
                reason = f"what the Workflow `{name}` does is not known: it is not found from"
                main = host.main or "a `main`"
                yield Doubt(f"{reason} {main}", host.path, host.environment.span.line)


def _exported(scene: Scene, host: Host, name: str) -> Values | None:
    """What a name stands for in what wrangler starts; None where that is not read."""
    if host.main in scene.code.paths:
        return export(scene.code, host.main, name)
    if host.main is not None and scene.scripts.has(host.main):
        return scene.scripts.export(host.main, name)
    return None


def _is_open(scene: Scene, values: Values, judged: set[Value]) -> bool:
    """Whether a name may stand for a Workflow that is none of those judged."""
    found = [each for each in values if each.sort is Sort.CLASS]
    if not found:
        return bool(values)
    return any(_may_be(scene, each) for each in found if each not in judged)


def _may_be(scene: Scene, value: Value) -> bool:
    is_python = value.text in scene.code.paths
    kind = kind_of(scene.code, value) if is_python else scene.scripts.kind(value)
    return kind.kin not in _NONE_AT_ALL
