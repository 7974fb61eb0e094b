"""The environments of wrangler's configurations that deploy a Worker, and what they bind."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from gatekeeper import Doubt, Excerpt, Finding, Side, Snapshot, Unreadable
from gatekeeper.source.located import Span
from gatekeeper.source.python_paths import is_python
from gatekeeper.source.script_text import is_script
from gatekeeper.source.wrangler import WRANGLER
from gatekeeper.source.wrangler_files import configurations
from gatekeeper.source.wrangler_terms import Environment, ExportType, Workflow
from gatekeeper.value import dataclass
from gatekeeper_rules.code._production import Role, role_of

_AREAS = frozenset({"__proto__", "env", "exports", "main", "name", "workflows"})
_DATES = frozenset({"compatibility_date", "compatibility_flags"})
_PREVIEWS = "previews"
_IMPLICIT = "python_workflows_implicit_dependencies"
_IMPLICIT_SINCE = "2026-02-25"
_WORKFLOWS = frozenset({ExportType.WORKFLOW})
ELSEWHERE = (".tf", "cloudflare.config.ts", "wrangler.config.ts", "alchemy.run.ts", "Pulumi.yaml")
"""How the names of files end that can bind a Workflow and that are not read."""


@dataclass(frozen=True, eq=False)
class Host:
    """An environment that deploys; `main` is the file that wrangler starts, if it names one."""

    path: str
    environment: Environment
    main: str | None
    lines: tuple[str, ...]

    @property
    def shown(self) -> str:
        """What a reader calls it."""
        where = self.environment.where
        return f"`{where}`" if where else "the top level"

    @property
    def runs_python(self) -> bool:
        """Whether wrangler starts a Python file."""
        return self.main is not None and is_python(self.main)

    @property
    def runs_script(self) -> bool:
        """Whether wrangler starts a file of TypeScript or JavaScript."""
        return self.main is not None and is_script(self.main)

    @property
    def own(self) -> tuple[Workflow, ...]:
        """The bindings of Workflows that this Worker has itself."""
        return tuple(each for each in self.environment.workflows if not self._leads_away(each))

    def _leads_away(self, binding: Workflow) -> bool:
        return binding.script is not None and binding.script.value != self.environment.name

    def bound(self, name: str) -> tuple[str, ...]:
        """The bindings of a class by its exported name; one without a name for `exports`."""
        own = [each for each in self.own if each.class_name and each.class_name.value == name]
        found = [each.binding.value if each.binding else "" for each in own]
        declared = self.environment.exports.entries
        return (*found, *("" for each in declared if _declares(each.name.value, each.type, name)))

    def is_scheduled(self, name: str) -> bool:
        """Whether a binding of the class has schedules that start it."""
        own = (each for each in self.own if each.class_name and each.class_name.value == name)
        return any(each.scheduled for each in own)

    @property
    def is_implicit(self) -> bool:
        """Whether a Python step's parameters say what it needs (workerd's compatibility flags).

        The flag `python_workflows_implicit_dependencies` is implied from 2026-02-25 on.
        """
        flags = {each.value for each in self.environment.compatibility_flags}
        if f"no_{_IMPLICIT}" in flags:
            return False
        date = self.environment.compatibility_date
        return _IMPLICIT in flags or (date is not None and date.value >= _IMPLICIT_SINCE)

    def finding(self, span: Span, message: str, quoted: str, fix: str) -> Finding:
        """A fault of the configuration at a place."""
        line = self.lines[span.line - 1].strip() if span.line <= len(self.lines) else ""
        return Finding(
            message,
            Side.HEAD,
            self.path,
            (Excerpt(span.line, line[:300]),),
            fix,
            line=span.line,
            symbol=self.environment.where,
            quoted=quoted,
        )


def _declares(key: str, kind: ExportType | None, name: str) -> bool:
    return key == name and kind is ExportType.WORKFLOW


@dataclass(frozen=True, eq=False)
class Hosts:
    """Every environment that deploys, and what of the configurations cannot be read."""

    all: tuple[Host, ...]
    doubts: tuple[Doubt, ...]
    files: int
    elsewhere: tuple[str, ...]

    @property
    def mains(self) -> tuple[str, ...]:
        """The Python files that wrangler starts, each once."""
        return tuple(
            dict.fromkeys(each.main for each in self.all if each.main and each.runs_python)
        )

    @property
    def scripts(self) -> tuple[str, ...]:
        """The TypeScript and JavaScript files that wrangler starts, each once."""
        return tuple(
            dict.fromkeys(each.main for each in self.all if each.main and each.runs_script)
        )

    def called(self, host: Host) -> tuple[str, ...]:
        """The classes of a host that are bound or declared as Workflows, in other Workers too."""
        held = [each for each in host.environment.exports.entries if each.type in _WORKFLOWS]
        named = [each.name.value for each in held]
        named += [each.class_name.value for each in host.own if each.class_name]
        for other in self.all:
            for each in other.environment.workflows:
                here = each.script and each.script.value == host.environment.name
                named += [each.class_name.value] if here and each.class_name else []
        return tuple(sorted(set(named)))

    def bindings(self, host: Host, name: str) -> frozenset[str]:
        """Under which names the class of a host is bound, in other Workers too."""
        own = set(host.bound(name))
        for other in self.all:
            for each in other.environment.workflows:
                named = each.class_name is not None and each.class_name.value == name
                if named and each.script and each.script.value == host.environment.name:
                    own.add(each.binding.value if each.binding else "")
        return frozenset(own - {""})


def hosts_of(snapshot: Snapshot, *, dates: bool = False) -> Hosts:
    """The environments of a tree that deploy: tests, previews and vendored files do not.

    With `dates`, what makes the compatibility date unsure is a doubt as well.
    """
    listing = configurations(snapshot)
    doubts = [Doubt(each.reason, each.path, each.line) for each in listing.lost]
    found: list[Host] = []
    files = 0
    for path in listing.paths:
        if role_of(path) is not Role.PRODUCTION:
            continue
        try:
            configuration = snapshot.facts(WRANGLER, path)
        except Unreadable as unreadable:
            doubts.append(Doubt(unreadable.reason, path, unreadable.line))
            continue
        files += 1
        areas = _AREAS | _DATES if dates else _AREAS
        flaws = [each for each in configuration.flaws if each.area in areas]
        doubts += [Doubt(each.reason, path, each.span.line) for each in flaws]
        lines = tuple(snapshot.read(path).decode("utf-8", "replace").split("\n"))
        for each in configuration.environments:
            if each.where.rpartition(".")[2] != _PREVIEWS:
                found.append(Host(path, each, _main(path, each), lines))
    return Hosts(tuple(found), tuple(doubts), files, tuple(_elsewhere(snapshot)))


def _main(path: str, environment: Environment) -> str | None:
    if environment.main is None:
        return None
    said = environment.main.value.replace("\\", "/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), said))


def _elsewhere(snapshot: Snapshot) -> Iterator[str]:
    for path in snapshot.entries:
        if path.endswith(ELSEWHERE) and role_of(path) is Role.PRODUCTION:
            yield path
