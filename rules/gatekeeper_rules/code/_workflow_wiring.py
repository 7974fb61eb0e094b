"""Whether a Workflow is exported, bound wherever it is deployed, and created."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from gatekeeper import Doubt, Finding
from gatekeeper.source.code_values import Sort, Value
from gatekeeper.source.wrangler_terms import Workflow
from gatekeeper.value import dataclass
from gatekeeper_rules.code._workflow_classes import (
    BASE,
    Kin,
    Kind,
    Klass,
    export,
    exported,
    kind_of,
    klass_of,
)
from gatekeeper_rules.code._workflow_code import Code
from gatekeeper_rules.code._workflow_creation import Created, Creation
from gatekeeper_rules.code._workflow_hosts import Host, Hosts
from gatekeeper_rules.code._workflow_in_scripts import Scripts
from gatekeeper_rules.code._workflow_told import finding_in

if TYPE_CHECKING:
    from gatekeeper_rules.code._workflow_started import Started

Said = Finding | Doubt


@dataclass(frozen=True, eq=False)
class Wiring:
    """The configuration of a tree and the code that it starts."""

    code: Code
    hosts: Hosts
    creation: Creation
    scripts: Scripts

    @cached_property
    def started_by(self) -> Started:
        """Who creates what; of scripts nothing is read before somebody asks."""
        from gatekeeper_rules.code._script_creation import ScriptCreation
        from gatekeeper_rules.code._workflow_started import Started

        return Started(self.hosts, self.creation, ScriptCreation(self.scripts.code))

    # -- what bindings lead to

    def of_bindings(self) -> Iterator[Said]:
        """Bindings of Workflows that lead to no Workflow."""
        for host in self.hosts.all:
            for binding in host.own:
                yield from self.of_binding(host, binding)

    def of_binding(self, host: Host, binding: Workflow) -> Iterator[Said]:
        """What is wrong with where a binding leads."""
        name = binding.class_name.value if binding.class_name else ""
        line = binding.span.line
        if host.main is None:
            yield Doubt(f"`{name}` is bound, and no `main` says where it is", host.path, line)
        elif host.main in self.code.paths:
            values = export(self.code, host.main, name)
            kinds = [kind_of(self.code, each) for each in values if each.sort is Sort.CLASS]
            yield from _of_class(host, binding, bool(values), kinds)
        elif self.scripts.has(host.main):
            values = self.scripts.names.export(host.main, name)
            if not values and self.scripts.doubts:
                reason = f"whether {host.main} exports `{name}` cannot be told"
                yield Doubt(reason, host.path, line)
                return
            kinds = [self.scripts.kind(each) for each in values if each.sort is Sort.CLASS]
            yield from _of_class(host, binding, bool(values), kinds)
        elif host.main not in {*self.code.doubts, *self.scripts.doubts}:
            yield Doubt(f"`main` is {host.main}, which is not in the tree", host.path, line)

    # -- how a class is wired

    def of_class(self, klass: Klass) -> tuple[Said, ...]:
        """The first thing that a Workflow lacks: exported, bound in each environment, created."""
        homes = tuple(self.homes(klass))
        if not homes:
            return (self._not_exported(klass),)
        without = [unbound(*each) for each in homes if not self.binds(*each)]
        others = [other_main(each, klass) for each in self.others(homes)]
        if without or others:
            return (*without, *others)
        return self._created(klass, homes)

    def homes(self, klass: Klass) -> Iterator[tuple[Host, str]]:
        """The environments whose `main` exports the class, and under what name."""
        for host in self.hosts.all:
            if host.main in self.code.paths:
                names = self._exports(host.main, klass.value)
                bound = [each for each in names if host.bound(each)]
                for name in (bound or names)[:1]:
                    yield host, name

    def binds(self, host: Host, name: str) -> bool:
        """Whether an environment binds a class, or another Worker binds it there."""
        return bool(host.bound(name) or self.hosts.bindings(host, name))

    def others(self, homes: Iterable[tuple[Host, str]]) -> Iterator[Host]:
        """Environments beside these whose `main` is a file that does not have the class."""
        held = tuple(host for host, _ in homes)
        paths = {each.path for each in held}
        for host in self.hosts.all:
            if host.path in paths and host not in held and host.main in self.code.paths:
                yield host

    def _exports(self, main: str, value: Value) -> list[str]:
        found = exported(self.code, main)
        names = sorted(name for name, values in found.items() if value in values)
        if not names and value in export(self.code, main, klass_name(self.code, value)):
            return [klass_name(self.code, value)]
        return names

    def unseen_main(self, path: str) -> str:
        """A file that a configuration around `path` starts, and that is not in the tree."""
        for host in self.hosts.all:
            folder = posixpath.dirname(host.path)
            around = not folder or path.startswith(f"{folder}/")
            if around and host.main is not None and host.main not in self.code.snapshot:
                return host.main
        return ""

    def _not_exported(self, klass: Klass) -> Said:
        unseen = self.unseen_main(klass.path)
        if unseen:
            reason = (
                f"whether {unseen}, which is not in the tree, exports `{klass.name}` is not known"
            )
            return Doubt(reason, klass.path, klass.node.lineno)
        if not self.hosts.all and self.hosts.elsewhere:
            other = self.hosts.elsewhere[0]
            reason = f"whether {other} binds `{klass.name}` is not read in this version"
            return Doubt(reason, klass.path, klass.node.lineno)
        mains = ", ".join(self.hosts.mains) or "no wrangler configuration"
        message = f"the Workflow `{klass.name}` is not exported by what wrangler starts ({mains})"
        fix = f"Import `{klass.name}` in the module that `main` names, and bind it."
        return finding_in(self.code, klass.path, klass.node.lineno, message, fix, symbol=klass.name)

    def _created(self, klass: Klass, homes: Iterable[tuple[Host, str]]) -> tuple[Said, ...]:
        if any(host.is_scheduled(name) for host, name in homes):
            return ()
        bindings = frozenset().union(*(self.hosts.bindings(*each) for each in homes))
        declared = frozenset(name for _, name in homes)
        created, where = self.creation.of(bindings | declared, (klass.path, klass.name))
        by_scripts = [self.started_by.of_scripts(*each) for each in homes]
        if Created.YES in (created, *(each for each, _ in by_scripts)):
            return ()
        unsure = [at for each, at in by_scripts if each is Created.UNKNOWN]
        unsure += self.started_by.beside(bindings)
        if created is Created.UNKNOWN or unsure:
            at = unsure[0] if unsure else where
            reason = f"whether somebody creates `{klass.name}` cannot be told: see {at}"
            return (Doubt(reason, klass.path, klass.node.lineno),)
        created, where = max([(created, where), *by_scripts])
        names = ", ".join(f"`{each}`" for each in sorted(bindings)) or f"`{klass.name}`"
        message = f"nobody creates the Workflow `{klass.name}`: {WHY[created].format(names, where)}"
        fix = "Call `create` on the binding where the work begins, or give it `schedules`."
        return (
            finding_in(self.code, klass.path, klass.node.lineno, message, fix, symbol=klass.name),
        )


def _of_class(
    host: Host, binding: Workflow, is_exported: bool, kinds: list[Kind]
) -> Iterator[Said]:
    """What is wrong with the classes that a binding means, if there is one at all."""
    name = binding.class_name.value if binding.class_name else ""
    if not is_exported:
        fix = f"Import `{name}` in {host.main}, or bind a class that is there."
        message = f"`{name}` is bound as a Workflow, and {host.main} does not export it"
        yield host.finding(binding.span, message, name, fix)
    elif not kinds:
        reason = f"what `{name}` is in {host.main} cannot be told"
        yield Doubt(reason, host.path, binding.span.line)
    elif any(each.kin is Kin.UNKNOWN for each in kinds):
        reason = f"whether `{name}` of {host.main} extends `{BASE}` cannot be told"
        yield Doubt(reason, host.path, binding.span.line)
    elif any(each.kin is not Kin.WORKFLOW for each in kinds):
        kind = next(each for each in kinds if each.kin is not Kin.WORKFLOW)
        shown = f" ({kind.shown})" if kind.shown else ""
        message = f"`{name}` is bound as a Workflow, and {kind.kin.value}{shown}"
        yield host.finding(binding.span, message, name, f"Extend the platform's `{BASE}`.")


WHY = {
    Created.UNMENTIONED: "no code that the Worker runs says {0}",
    Created.UNUSED: "{0} is said at {1}, and nowhere is anything created",
    Created.DEAD: "the call at {1} is never reached",
    Created.UNCALLED: "the call at {1} is in a function that nothing mentions",
    Created.ITSELF: "only it itself does, at {1}, and nothing begins it",
}


def klass_name(code: Code, value: Value) -> str:
    """The name of a class in its file."""
    held = klass_of(code, value)
    return held.name if held is not None else ""


def other_main(host: Host, klass: Klass) -> Finding:
    """An environment that starts a file without the class."""
    message = f"{host.shown} of {host.path} starts {host.main}, which does not have `{klass.name}`"
    fix = f"Export `{klass.name}` from {host.main}, or start the file that does."
    return host.finding(host.environment.span, message, klass.name, fix)


def unbound(host: Host, name: str) -> Finding:
    """An environment that binds no Workflow to a class which its `main` exports."""
    message = f"{host.shown} of {host.path} binds no Workflow to `{name}`"
    fix = (
        f'Add an entry with `class_name = "{name}"` to its own `workflows`: '
        "bindings are never inherited."
    )
    return host.finding(host.environment.span, message, name, fix)
