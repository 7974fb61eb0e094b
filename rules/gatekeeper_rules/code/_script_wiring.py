"""Whether a Workflow of a script is exported, bound wherever it is deployed, and created."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatekeeper import Doubt, Finding
from gatekeeper.source.code_values import Sort
from gatekeeper.value import dataclass
from gatekeeper_rules.code._workflow_creation import Created
from gatekeeper_rules.code._workflow_hosts import Host
from gatekeeper_rules.code._workflow_in_scripts import ScriptClass
from gatekeeper_rules.code._workflow_wiring import WHY, Wiring, unbound

Said = Finding | Doubt


@dataclass(frozen=True, eq=False)
class ScriptWiring:
    """The configuration of a tree, and the scripts that it starts."""

    wiring: Wiring

    def of_class(self, klass: ScriptClass) -> tuple[Said, ...]:
        """The first thing that a Workflow lacks: exported, bound in each environment, created."""
        homes = tuple(self.homes(klass))
        if not homes:
            return (self._not_exported(klass),)
        without = [unbound(*each) for each in homes if not self.wiring.binds(*each)]
        others = [self._other_main(each, klass) for each in self._others(homes)]
        unsure = [each for home in homes for each in self._others_by_that_name(klass, *home)]
        if without or others or unsure:
            return (*without, *others, *unsure)
        return self._created(klass, homes)

    def _others_by_that_name(self, klass: ScriptClass, host: Host, name: str) -> Iterator[Doubt]:
        """Where an export may be something else than the class, as it is assigned later."""
        values = self.wiring.scripts.names.export(host.main or "", name)
        # Each Workflow that has a name is judged by itself.
        judged = {each.value for each in self.wiring.scripts.workflows}
        if values - judged - {klass.value}:
            reason = f"`{name}` of {host.main} stands for more than the class `{klass.name}`"
            yield Doubt(reason, klass.path, klass.line)

    def homes(self, klass: ScriptClass) -> Iterator[tuple[Host, str]]:
        """The environments whose `main` exports the class, and under what name."""
        scripts = self.wiring.scripts
        for host in self.wiring.hosts.all:
            if host.main is not None and scripts.has(host.main):
                names = scripts.exports_of(host.main, klass.value)
                bound = [each for each in names if host.bound(each)]
                for name in (bound or names)[:1]:
                    yield host, name

    def _others(self, homes: Iterable[tuple[Host, str]]) -> Iterator[Host]:
        """Environments beside these whose `main` is a file that does not have the class."""
        held = tuple(host for host, _ in homes)
        paths = {each.path for each in held}
        for host in self.wiring.hosts.all:
            if host.path in paths and host not in held and self.wiring.scripts.has(host.main):
                yield host

    def _other_main(self, host: Host, klass: ScriptClass) -> Said:
        if self.wiring.scripts.doubts:
            reason = f"whether {host.main} exports `{klass.name}` cannot be told"
            return Doubt(reason, host.path, host.environment.span.line)
        message = (
            f"{host.shown} of {host.path} starts {host.main}, which does not have `{klass.name}`"
        )
        fix = f"Export `{klass.name}` from {host.main}, or start the file that does."
        return host.finding(host.environment.span, message, klass.name, fix)

    def _not_exported(self, klass: ScriptClass) -> Said:
        unseen = self.wiring.unseen_main(klass.path) or next(iter(self.wiring.scripts.doubts), "")
        if unseen:
            reason = f"whether {unseen}, which is not read, exports `{klass.name}` is not known"
            return Doubt(reason, klass.path, klass.line)
        other = next(self._made_outside(), "")
        if other:
            reason = f"whether {other} is `{klass.name}` cannot be told"
            return Doubt(reason, klass.path, klass.line)
        if not self.wiring.hosts.all and self.wiring.hosts.elsewhere:
            other = self.wiring.hosts.elsewhere[0]
            reason = f"whether {other} binds `{klass.name}` is not read in this version"
            return Doubt(reason, klass.path, klass.line)
        mains = ", ".join(self.wiring.hosts.scripts) or "no wrangler configuration"
        message = f"the Workflow `{klass.name}` is not exported by what wrangler starts ({mains})"
        fix = f"Export `{klass.name}` from the module that `main` names, and bind it."
        return self.wiring.scripts.finding(klass.path, klass.line, message, fix, klass.name)

    def _made_outside(self) -> Iterator[str]:
        """Exports that are bound as a Workflow, and that something outside makes."""
        scripts = self.wiring.scripts
        for host in self.wiring.hosts.all:
            for binding in host.own if scripts.has(host.main) else ():
                name = binding.class_name.value if binding.class_name else ""
                values = scripts.export(host.main or "", name)
                if any(each.sort is Sort.EXTERNAL and "()" in each.text for each in values):
                    yield f"`{name}` of {host.main}"

    def _created(self, klass: ScriptClass, homes: tuple[tuple[Host, str], ...]) -> tuple[Said, ...]:
        found = [self.wiring.started_by.of(*each) for each in homes]
        lacking = [each for each in found if each[0] is not Created.YES]
        if not lacking:
            return ()
        created, where = max(lacking)
        bindings = frozenset().union(*(self.wiring.hosts.bindings(*each) for each in homes))
        beside = self.wiring.started_by.beside(bindings)
        if created is Created.UNKNOWN or beside:
            at = where if created is Created.UNKNOWN else beside[0]
            reason = f"whether somebody creates `{klass.name}` cannot be told: see {at}"
            return (Doubt(reason, klass.path, klass.line),)
        names = ", ".join(f"`{each}`" for each in sorted(bindings)) or f"`{klass.name}`"
        why = WHY[created].format(names, where)
        message = f"nobody creates the Workflow `{klass.name}`: {why}"
        fix = "Call `create` on the binding where the work begins, or give it `schedules`."
        return (self.wiring.scripts.finding(klass.path, klass.line, message, fix, klass.name),)
