"""Which Workflows the orchestration has, and what each lacks to be in use."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property

from gatekeeper import (
    Absence,
    Doubt,
    Examined,
    Finding,
    Note,
    Observation,
    Patterns,
    Side,
    Snapshot,
)
from gatekeeper.source.code_values import Sort, Value
from gatekeeper.value import dataclass
from gatekeeper_rules.code._production import Role, role_of
from gatekeeper_rules.code._workflow_classes import (
    BASE,
    NEEDLE,
    Kin,
    Klass,
    classes,
    export,
    kind_of,
    lineage,
    run_of,
    wrong_imports,
)
from gatekeeper_rules.code._workflow_code import Code
from gatekeeper_rules.code._workflow_creation import Creation
from gatekeeper_rules.code._workflow_followed import Followed
from gatekeeper_rules.code._workflow_following import region_of, regions_of
from gatekeeper_rules.code._workflow_hosts import Hosts, hosts_of
from gatekeeper_rules.code._workflow_in_scripts import ScriptClass, Scripts
from gatekeeper_rules.code._workflow_leftovers import leftovers
from gatekeeper_rules.code._workflow_regions import too_large
from gatekeeper_rules.code._workflow_run import lacking_steps
from gatekeeper_rules.code._workflow_steps import steps_of
from gatekeeper_rules.code._workflow_told import finding_in
from gatekeeper_rules.code._workflow_wiring import Wiring

Named = tuple[str, Patterns]
Said = Finding | Doubt
_ANYWHERE = Patterns(("**",))


def observations(snapshot: Snapshot, modules: Iterable[Named]) -> Iterator[Observation]:
    """What is missing, for each module named; for the whole tree where none is."""
    scene = Scene(snapshot, hosts_of(snapshot))
    named = tuple(modules)
    yield from scene.hosts.doubts
    yield from scene.wiring.of_bindings()
    yield from scene.scripts.wrong_imports()
    for name, patterns in named or (("", _ANYWHERE),):
        yield from scene.of_module(name, patterns)
    yield from dict.fromkeys(
        each
        for path in scene.code.paths
        if role_of(path) is Role.PRODUCTION
        for each in imports_of(scene.code, path)
    )
    yield from scene.leftovers([patterns for _, patterns in named])
    yield from unread(scene)
    yield Examined("python files", len({*scene.code.paths, *scene.alone.paths}))
    yield Examined("workflows", len(scene.workflows) + len(scene.scripts.workflows))
    yield Examined("environments that deploy", len(scene.hosts.all))


@dataclass(frozen=True, eq=False)
class Scene:
    """A tree as the search for Workflows sees it."""

    snapshot: Snapshot
    hosts: Hosts

    @cached_property
    def code(self) -> Code:
        """The files that wrangler starts or that speak of Workflows, and what they import."""
        code = Code(self.snapshot)
        there = set(code.sources.paths)
        code.take(each for each in self.hosts.mains if each in there)
        saying = (path for path, _ in code.sources.containing([NEEDLE]))
        code.take(each for each in saying if role_of(each) is Role.PRODUCTION)
        return code

    @cached_property
    def alone(self) -> Followed:
        """The files of the modules, and of what they import as much as their names lead to."""
        return Followed(self.snapshot, most=None)

    @cached_property
    def wiring(self) -> Wiring:
        """The configuration and what it starts."""
        there = set(self.code.sources.paths)
        started = self.code.take(each for each in self.hosts.mains if each in there)
        creation = Creation(self.code, started, frozenset(self.hosts.mains))
        return Wiring(self.code, self.hosts, creation, self.scripts)

    @cached_property
    def scripts(self) -> Scripts:
        """The scripts that wrangler starts or that speak of Workflows."""
        names = {each.environment.name for each in self.hosts.all}
        bound = any(
            each.own
            or any(one.script and one.script.value in names for one in each.environment.workflows)
            for each in self.hosts.all
            if each.runs_script
        )
        called = tuple(
            (each.main, name)
            for each in self.hosts.all
            if each.main is not None and each.runs_script
            for name in self.hosts.called(each)
        )
        return Scripts(self.snapshot, self.hosts.scripts, bound, called)

    @cached_property
    def called(self) -> frozenset[Value]:
        """The Python classes that are bound as Workflows, wherever they stand."""
        return frozenset(
            value
            for host in self.hosts.all
            if host.main in self.code.paths
            for name in self.hosts.called(host)
            for value in export(self.code, host.main, name)
            if value.sort is Sort.CLASS
        )

    @cached_property
    def workflows(self) -> tuple[Klass, ...]:
        """The Workflows that are bound, and those of production that no other class extends."""
        there = classes(self.code)
        held = [
            each
            for each in there
            if role_of(each.path) is Role.PRODUCTION or each.value in self.called
        ]
        extended = {base for each in held for base in lineage(self.code, each.value)[1:]}
        return tuple(
            each
            for each in held
            if (each.value not in extended or each.value in self.called)
            and kind_of(self.code, each.value).kin is Kin.WORKFLOW
        )

    # -- one module

    def of_module(self, name: str, patterns: Patterns) -> Iterator[Observation]:
        """What a module lacks."""
        own = [each for each in self.workflows if patterns.match(each.path)]
        scripted = [each for each in self.scripts.workflows if patterns.match(each.path)]
        if not own and not scripted:
            yield from self._without(name, patterns)
        for klass in own:
            yield from self.of_workflow(klass)
        for each in scripted:
            yield from self.of_script(each)

    def of_workflow(self, klass: Klass) -> tuple[Said, ...]:
        """The first thing that a Workflow lacks to be in use."""
        return lacking_steps(self.code, klass) or self.wiring.of_class(klass)

    def of_script(self, klass: ScriptClass) -> tuple[Said, ...]:
        """As `of_workflow`, of a script."""
        from gatekeeper_rules.code import _script_presence
        from gatekeeper_rules.code._script_wiring import ScriptWiring

        lacking = _script_presence.lacking_steps(self.scripts.code, klass)
        return lacking or ScriptWiring(self.wiring).of_class(klass)

    def _without(self, name: str, patterns: Patterns) -> Iterator[Observation]:
        unsure = [
            Doubt(f"whether `{each.name}` extends `{BASE}` cannot be told", each.path, line)
            for each in classes(self.code)
            for line in [each.node.lineno]
            if patterns.match(each.path) and self._may_be(each)
        ]
        unsure += [
            Doubt(f"whether `{each.name}` extends `{BASE}` cannot be told", each.path, each.line)
            for each in self.scripts.classes
            if patterns.match(each.path) and self.scripts.may_be(each)
        ]
        unread = [each for path, each in self.code.doubts.items() if patterns.match(path)]
        scripts = [each for each in self.scripts.unread() if patterns.match(each.path)]
        if unsure or unread or scripts:
            yield from unsure
            return
        meant = self.snapshot.meant(patterns)
        what = f"a class that extends `workers.{BASE}`"
        where = f"the module {name}" if name else "the repository"
        message = f"{where} has no Workflow: no class extends `workers.{BASE}`"
        fix = (
            "Let the orchestration be the `run` of a Workflow, with a step for each piece of work."
        )
        path = _folder(patterns) if name else ""
        yield Finding(
            message, Side.HEAD, path, (Absence(what, len(meant)),), fix, quoted=name or "workflow"
        )

    def _may_be(self, klass: Klass) -> bool:
        """Whether a class could be a Workflow by what it extends, and has a `run`."""
        is_unknown = kind_of(self.code, klass.value).kin is Kin.UNKNOWN
        return is_unknown and run_of(self.code, klass.value) is not None

    # -- what is beside the Workflows

    def leftovers(self, modules: list[Patterns]) -> Iterator[Said]:
        """Orchestration in the modules that is no Workflow's."""
        meant = {path for patterns in modules for path in self.snapshot.meant(patterns)}
        paths = [each for each in sorted(meant) if each in self.code.sources.paths]
        paths = [each for each in paths if role_of(each) is Role.PRODUCTION]
        self.alone.take(paths)
        bodies = [each for klass in self.workflows for each in self.bodies(klass)]
        there = frozenset(self.alone.paths)
        for path in paths:
            if path in there:
                yield from leftovers(self.alone, path, bodies)
        from gatekeeper_rules.code._script_left import left_in

        yield from left_in(self.scripts, meant)

    def bodies(self, klass: Klass) -> Iterator[ast.AST]:
        """What the steps of a Workflow do."""
        run = region_of(self.code, klass)
        regions = regions_of(run) if run is not None else ()
        for region in () if any(too_large(regions)) else regions:
            for step in steps_of(region):
                if step.callback is not None:
                    yield step.callback


def unread(scene: Scene) -> Iterator[Observation]:
    """What of a tree speaks of Workflows and is not read."""
    for path, each in sorted({**scene.alone.doubts, **scene.code.doubts}.items()):
        if role_of(path) is Role.PRODUCTION:
            yield each
    yield from scene.scripts.unread()
    if scene.hosts.elsewhere:
        yield Note(f"not read: {', '.join(scene.hosts.elsewhere[:5])}")


def imports_of(code: Code, path: str) -> Iterator[Finding]:
    """What a file imports of Workflows from where it is not."""
    for each in wrong_imports(code, path):
        message = f"`{each.name}` is imported from `{each.module}`, which does not have it"
        fix = f"Import it from `{each.home}`."
        yield finding_in(code, path, each.line, message, fix, quoted=f"{each.module}.{each.name}")


def _folder(patterns: Patterns) -> str:
    """Where a module is, as far as its first pattern says it without a wildcard."""
    first = next((line for line in patterns.lines if not line.startswith("!")), "")
    return first.lstrip("/").partition("*")[0]
