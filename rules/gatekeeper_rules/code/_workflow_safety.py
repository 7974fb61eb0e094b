"""Judges every Workflow of a tree by the Rules of Workflows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property

from gatekeeper import Doubt, Examined, Finding, NoSubject, Note, Observation, Snapshot
from gatekeeper.source.code_values import Value
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code import _workflow_limits as limits
from gatekeeper_rules.code import _workflow_state as state
from gatekeeper_rules.code import _workflow_words as words
from gatekeeper_rules.code._production import Role, role_of
from gatekeeper_rules.code._workflow_advice import on_creation, on_steps
from gatekeeper_rules.code._workflow_bounds import MOST_STEPS, most_steps, of_bindings
from gatekeeper_rules.code._workflow_classes import (
    BASE,
    NEEDLE,
    Kin,
    Klass,
    classes,
    exported,
    kind_of,
)
from gatekeeper_rules.code._workflow_creation import Call
from gatekeeper_rules.code._workflow_effects import Effects
from gatekeeper_rules.code._workflow_escapes import escapes
from gatekeeper_rules.code._workflow_fates import Fate, Fates
from gatekeeper_rules.code._workflow_following import region_of, regions_of
from gatekeeper_rules.code._workflow_hosts import Host, hosts_of
from gatekeeper_rules.code._workflow_nondeterminism import differing
from gatekeeper_rules.code._workflow_presence import Scene, unread
from gatekeeper_rules.code._workflow_regions import Region, too_large
from gatekeeper_rules.code._workflow_replaced import replaced
from gatekeeper_rules.code._workflow_signatures import Signatures, uncalled
from gatekeeper_rules.code._workflow_steps import DO, Step
from gatekeeper_rules.code._workflow_told import fault
from gatekeeper_rules.code._workflow_unjudged import unjudged

Said = Finding | Doubt
_MOST_NOTES = 20


def observations(snapshot: Snapshot, *, judged: bool) -> Iterator[Observation]:
    """Faults, doubts and advice; advice is a finding where it is `judged`, else a note."""
    from gatekeeper_rules.code._script_safety import ScriptSafety

    scene = Scene(snapshot, hosts_of(snapshot, dates=True))
    python, scripts = Safety(scene), ScriptSafety(scene.scripts.code, scene.hosts.all)
    said = [each for klass in scene.workflows for each in python.of(klass)]
    said += [each for klass in scene.scripts.workflows for each in scripts.of(klass)]
    yield from dict.fromkeys(said)
    yield from python.around()
    yield from scripts.around()
    advice = tuple(dict.fromkeys((*python.advice(), *scripts.advice(scene.scripts.workflows))))
    yield from advice if judged else noted(advice)
    yield from unread(scene)
    unknown = tuple(unjudged(scene))
    yield from unknown
    count = len(scene.workflows) + len(scene.scripts.workflows)
    if count:
        yield from scene.hosts.doubts
        yield Examined("workflows", count)
        yield Examined("steps", python.steps + scripts.steps(scene.scripts.workflows))
    elif not unknown:
        yield NoSubject(f"no class of production extends `{BASE}`")


def noted(advice: tuple[Finding, ...]) -> Iterator[Note]:
    """Advice as notes, of much of it the first."""
    for each in advice[:_MOST_NOTES]:
        yield Note(f"advice: {each.path}:{each.line}: {each.message}")
    if len(advice) > _MOST_NOTES:
        yield Note(f"advice: and {len(advice) - _MOST_NOTES} more of the kind")


@dataclass(frozen=True, eq=False)
class Safety:
    """The Workflows of a tree, judged one by one."""

    scene: Scene
    _known: dict[Value, Fates] = field(default_factory=dict)

    def regions(self, klass: Klass) -> tuple[Region, ...]:
        """What a Workflow runs outside of its steps."""
        run = region_of(self.scene.code, klass)
        return regions_of(run) if run is not None else ()

    def fates(self, klass: Klass) -> Fates:
        """The steps of a Workflow; none of one that has too much code."""
        if klass.value not in self._known:
            regions = self.regions(klass)
            self._known[klass.value] = Fates(() if any(too_large(regions)) else regions)
        return self._known[klass.value]

    @property
    def steps(self) -> int:
        """How many steps all Workflows make."""
        return sum(len(self.fates(each).steps) for each in self.scene.workflows)

    def of(self, klass: Klass) -> Iterator[Said]:
        """What of one Workflow breaks a rule, or cannot be followed."""
        yield from replaced(self.scene.code, klass)
        yield from too_large(self.regions(klass))
        fates = self.fates(klass)
        hosts = self._hosts(klass)
        most = min(map(most_steps, hosts), default=MOST_STEPS)
        yield from escapes(fates.regions)
        yield from _unawaited(fates)
        yield from Signatures(fates.steps, frozenset(each.is_implicit for each in hosts)).findings()
        yield from uncalled(fates.regions)
        for step in fates.steps:
            yield from limits.of_step(step)
            if step.method == DO and step.is_live:
                yield from state.of_step(step)
        for region in fates.regions:
            yield from differing(region, fates.steps)
            yield from Effects(region, fates.steps).observations()
            yield from limits.of_loops(region, fates.steps, most)
            callbacks = [each.callback for each in fates.steps if each.region is region]
            yield from state.of_event(region, [each for each in callbacks if each is not None])

    def _hosts(self, klass: Klass) -> tuple[Host, ...]:
        """The environments that export a Workflow."""
        code = self.scene.code
        return tuple(
            each
            for each in self.scene.hosts.all
            if each.main in code.paths
            and any(klass.value in values for values in exported(code, each.main).values())
        )

    def around(self) -> Iterator[Said]:
        """What of configuration and creation is beyond a limit, and what may be a Workflow."""
        for host in self.scene.hosts.all:
            yield from of_bindings(host)
        for call in self._creations():
            yield from limits.of_creation(self.scene.code, call)
        yield from self.unsure(self._speaking)

    def unsure(self, paths: Collection[str]) -> Iterator[Doubt]:
        """A doubt for each class of some files that may extend the base."""
        for klass in classes(self.scene.code):
            if klass.path in paths and self._is_unsure(klass):
                reason = f"whether `{klass.name}` extends `{BASE}` cannot be told"
                yield Doubt(reason, klass.path, klass.node.lineno)

    def _is_unsure(self, klass: Klass) -> bool:
        is_production = role_of(klass.path) is Role.PRODUCTION
        return is_production and kind_of(self.scene.code, klass.value).kin is Kin.UNKNOWN

    @cached_property
    def _speaking(self) -> frozenset[str]:
        """The files that say the name of the base."""
        saying = self.scene.code.sources.containing([NEEDLE])
        return frozenset(path for path, _ in saying)

    def _creations(self) -> Iterator[Call]:
        bindings = {
            each.binding.value
            for host in self.scene.hosts.all
            for each in host.environment.workflows
            if each.binding
        }
        calls = self.scene.wiring.creation.calls
        return (each for each in calls if each.binding in bindings)

    def advice(self) -> Iterator[Finding]:
        """What only a reader can judge."""
        for klass in self.scene.workflows:
            yield from on_steps(self.fates(klass).steps)
        for call in self._creations():
            yield from on_creation(self.scene.code, call)


def _unawaited(fates: Fates) -> Iterator[Said]:
    for step in fates.steps:
        fate = fates.of(step)
        if fate is Fate.NEVER and step.made is not None:
            yield _about(step, words.never_called(step.shown))
        elif fates.floats(step):
            yield _about(step, words.not_awaited(step.shown))
        elif fate is Fate.UNKNOWN and step.made is not None:
            yield Doubt(words.unsure(step.shown), step.region.path, step.line)


def _about(step: Step, message: str) -> Finding:
    return fault(step.region, step.call, message, words.PYTHON.awaiting)
