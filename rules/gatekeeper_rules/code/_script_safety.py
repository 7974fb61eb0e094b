"""Judges the Workflows of scripts by the Rules of Workflows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from gatekeeper import Doubt, Finding
from gatekeeper.source.script_chains import bare
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code import _script_creations as creating
from gatekeeper_rules.code import _script_limits as limits
from gatekeeper_rules.code import _script_refused as refused
from gatekeeper_rules.code import _workflow_words as words
from gatekeeper_rules.code._production import Role
from gatekeeper_rules.code._script_advice import on_steps
from gatekeeper_rules.code._script_code import Place, ScriptCode
from gatekeeper_rules.code._script_effects import Effects
from gatekeeper_rules.code._script_escapes import escapes, tampering
from gatekeeper_rules.code._script_fates import ScriptFates
from gatekeeper_rules.code._script_faults import doubt, fault
from gatekeeper_rules.code._script_following import Graph, graph_of
from gatekeeper_rules.code._script_getters import getters_of
from gatekeeper_rules.code._script_nondeterminism import Differing
from gatekeeper_rules.code._script_outside import Outside
from gatekeeper_rules.code._script_presence import broken, hidden, unfollowed
from gatekeeper_rules.code._script_refused import PLAIN
from gatekeeper_rules.code._script_regions import Region
from gatekeeper_rules.code._script_running import region_of, run_of
from gatekeeper_rules.code._script_sources import role_of
from gatekeeper_rules.code._script_state import State
from gatekeeper_rules.code._script_steps import ScriptStep
from gatekeeper_rules.code._workflow_bounds import MOST_STEPS, most_steps
from gatekeeper_rules.code._workflow_fates import Fate
from gatekeeper_rules.code._workflow_hosts import Host
from gatekeeper_rules.code._workflow_in_scripts import ScriptClass

Said = Finding | Doubt


@dataclass(frozen=True, eq=False)
class Followed:
    """What the `run` of a Workflow comes to, and the steps that it takes."""

    graph: Graph
    fates: ScriptFates

    @property
    def steps(self) -> tuple[ScriptStep, ...]:
        """Every step."""
        return self.fates.steps

    @cached_property
    def callbacks(self) -> frozenset[int]:
        """The functions that steps are given."""
        return frozenset(
            id(region.function)
            for region in self.graph.regions
            for edge in self.graph.callers(region)
            if region.within is not None and any(edge.node is each.call for each in self.steps)
        )

    @cached_property
    def inner(self) -> frozenset[int]:
        """The functions that run within steps."""
        held = (each for each in self.graph.regions if each.within is not None)
        return frozenset(id(each.function) for each in held)

    @cached_property
    def names(self) -> dict[int, str]:
        """What a reader calls a step, by its call."""
        return {id(each.call): each.shown for each in self.steps}


@dataclass(frozen=True, eq=False)
class ScriptSafety:
    """The Workflows of the scripts of a tree, judged one by one."""

    code: ScriptCode
    hosts: tuple[Host, ...]
    _known: dict[ScriptClass, Followed | None] = field(default_factory=dict)

    @cached_property
    def outside(self) -> Outside:
        """What names stand for outside of the repository."""
        return Outside(self.code)

    def followed(self, klass: ScriptClass) -> Followed | None:
        """What a Workflow comes to; None of one whose `run` cannot be told."""
        if klass not in self._known:
            place = run_of(self.code, klass).place
            self._known[klass] = None
            if place is not None:
                graph = graph_of(region_of(self.code, klass, place), thorough=True)
                held = graph if graph.is_whole else Graph(())
                self._known[klass] = Followed(graph, ScriptFates(held))
        return self._known[klass]

    def of(self, klass: ScriptClass) -> Iterator[Said]:
        """What of one Workflow breaks a rule, or cannot be followed."""
        yield from run_of(self.code, klass).doubts
        followed = self.followed(klass)
        if followed is None:
            return
        graph = followed.graph
        yield from unfollowed(graph)
        if not graph.is_whole:
            return
        yield from (*broken(graph), *tampering(graph))
        yield from hidden(Place(graph.regions[0].file, graph.regions[0].function))
        unknown = tuple(refused.of_calls(graph))
        yield from unknown
        lines = {(each.path, each.line) for each in unknown}
        yield from (each for each in escapes(graph) if (each.path, each.line) not in lines)
        yield from _unawaited(followed)
        yield from refused.of_steps(followed.steps, self.outside)
        most = min(map(most_steps, self._hosts(klass)), default=MOST_STEPS)
        for step in followed.steps:
            yield from limits.of_step(step)
            yield from self._hidden_work(step)
        for region in (*graph.regions, *getters_of(graph)):
            yield from self._of_region(region, followed)
            yield from limits.of_loops(region, followed.steps, most)

    def _hidden_work(self, step: ScriptStep) -> Iterator[Doubt]:
        """A doubt where nobody sees what a step is given to do."""
        work, file = step.work, step.region.file
        is_said = bare(work).type in PLAIN or bool(self.outside.names(file, work))
        if work.type and not step.callbacks and not is_said:
            yield doubt(step.region, step.call, words.not_told(step.shown))

    def _of_region(self, region: Region, followed: Followed) -> Iterator[Said]:
        step = followed.names.get(id(region.within), "") if region.within is not None else ""
        yield from State(region, self.outside, step, followed.callbacks, followed.inner).findings()
        if region.within is None:
            yield from Differing(region, followed.steps, self.outside).findings()
            yield from Effects(region, followed.graph, self.outside).observations()

    def _hosts(self, klass: ScriptClass) -> Iterable[Host]:
        """The environments that start a script and bind the Workflow."""
        return (each for each in self.hosts if each.runs_script and each.bound(klass.name))

    # -- instances, and advice

    def around(self) -> Iterator[Finding]:
        """What of the creation of instances is beyond a limit."""
        for each in self._creations:
            yield from creating.beyond(self.code, each)

    def advice(self, classes: Iterable[ScriptClass]) -> Iterator[Finding]:
        """What only a reader can judge, of some Workflows and of who creates any."""
        yield from self.on_steps(classes)
        for each in self._creations:
            yield from creating.advice(each)

    def on_steps(self, classes: Iterable[ScriptClass]) -> Iterator[Finding]:
        """What only a reader can judge of the steps of some Workflows."""
        for klass in classes:
            followed = self.followed(klass)
            if followed is not None and followed.graph.is_whole:
                yield from on_steps(followed.graph, followed.steps, self.outside)

    def steps(self, classes: Iterable[ScriptClass]) -> int:
        """How many steps some Workflows make."""
        held = (self.followed(each) for each in classes)
        return sum(len({id(step.call) for step in each.steps}) for each in held if each is not None)

    @cached_property
    def _creations(self) -> tuple[creating.Creation, ...]:
        bindings = frozenset(
            each.binding.value
            for host in self.hosts
            for each in host.environment.workflows
            if each.binding
        )
        paths = [] if not bindings else sorted(self.code.scripts.names.files)
        held = (each for each in paths if role_of(each) is Role.PRODUCTION)
        return tuple(
            each for path in held for each in creating.creations(self.code, path, bindings)
        )


def _unawaited(followed: Followed) -> Iterator[Said]:
    fates = followed.fates
    told: set[int] = set()
    for step in fates.steps:
        fate = fates.of(step)
        if id(step.call) in told:
            continue
        if fates.floats(step):
            told.add(id(step.call))
            message = words.not_awaited(step.shown)
            yield fault(step.region, step.call, message, words.SCRIPT.awaiting)
        elif fate is Fate.UNKNOWN:
            yield doubt(step.region, step.call, words.unsure(step.shown))
