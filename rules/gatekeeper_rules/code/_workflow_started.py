"""Who creates a Workflow, in whatever language: the Workers that bind it, and what they run."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from gatekeeper.value import dataclass
from gatekeeper_rules.code._script_creation import ScriptCreation
from gatekeeper_rules.code._script_reach import Places
from gatekeeper_rules.code._workflow_creation import NOBODY, Created, Creation
from gatekeeper_rules.code._workflow_hosts import Host, Hosts
from gatekeeper_rules.code._workflow_scripts import scripts_saying


@dataclass(frozen=True, eq=False)
class Started:
    """The environments that deploy, and what the Python and the scripts of each create."""

    hosts: Hosts
    python: Creation
    scripts: ScriptCreation

    def of(self, host: Host, name: str) -> tuple[Created, str]:
        """How far it can be seen that the class `name` of an environment is created, and where."""
        if host.is_scheduled(name):
            return Created.YES, host.path
        bindings = self.hosts.bindings(host, name)
        found = [self.of_scripts(host, name)]
        if any(each.runs_python for each, _ in self._binders(host, name)):
            found.append(self.python.of(bindings, NOBODY))
        return max(found)

    def of_scripts(self, host: Host, name: str) -> tuple[Created, str]:
        """As `of`, by the scripts of the Workers that bind the class."""
        found = [
            self.scripts.of(each.main, bindings, self._itself(host, name))
            for each, bindings in self._binders(host, name)
            if each.main is not None and each.runs_script
        ]
        return max(found, default=(Created.UNMENTIONED, ""))

    def _itself(self, host: Host, name: str) -> Places:
        """Where the classes stand that an environment has by a name."""
        scripts = self.scripts.code.scripts
        if host.main is None or not scripts.has(host.main):
            return frozenset()
        values = scripts.names.export(host.main, name)
        return frozenset((each.path, each.line) for each in scripts.classes if each.value in values)

    def _binders(self, host: Host, name: str) -> Iterator[tuple[Host, frozenset[str]]]:
        """The environments that bind a class, and under which names."""
        own = frozenset(host.bound(name)) - {""}
        yield host, own or frozenset({name})
        for other in self.hosts.all:
            held = {
                each.binding.value
                for each in other.environment.workflows
                if each.class_name is not None
                and each.class_name.value == name
                and each.script is not None
                and each.script.value == host.environment.name
                and each.binding is not None
            }
            if held and other is not host:
                yield other, frozenset(held)

    def beside(self, bindings: frozenset[str]) -> list[str]:
        """Scripts of production that say a binding, and that no Worker is seen to start."""
        words = [each.encode() for each in sorted(bindings)]
        if not words:
            return []
        held = scripts_saying(self.scripts.code.scripts.snapshot, words)
        return [each for each in held if each not in self._run]

    @cached_property
    def _run(self) -> frozenset[str]:
        mains = (each.main for each in self.hosts.all if each.main and each.runs_script)
        return frozenset(path for main in mains for path in self.scripts.started(main))
