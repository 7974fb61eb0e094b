"""The scripts that Workers are built of, and which of them take something of the platform."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cached_property

from gatekeeper import Snapshot, Unreadable
from gatekeeper.source.code_scopes import MODULE
from gatekeeper.source.code_values import Sort
from gatekeeper.source.script_config import BUNDLING
from gatekeeper.source.script_frame import EXPORT
from gatekeeper.source.script_names import ScriptNames
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code._durable_sheet import Sheet, sheet_of
from gatekeeper_rules.code._production import Role
from gatekeeper_rules.code._script_sources import Sources, role_of
from gatekeeper_rules.code._unsupported_graph import (
    DECLARED,
    Graph,
    Takers,
    before,
    is_platform,
    turned,
)
from gatekeeper_rules.code._unsupported_workers import Worker, Workers

_CONFIGURES = re.compile(r"\.config\.[\w.-]+$")
_TOOLS = frozenset({"bin", "ci", "dev", "hack", "script", "scripts", "tool", "tools"})
_NEEDLE = b"cloudflare:"
_DEPENDENCIES = b"ependencies"


class Reach(Enum):
    """Whether a Worker is built of a script."""

    SURE = "it is"
    MAYBE = "a build may take it"
    NO = "it is not"


@dataclass(frozen=True, eq=False)
class Scripts:
    """The scripts of a tree, and the Workers that are built of them; of a preview, its own."""

    snapshot: Snapshot
    workers: Workers
    focus: frozenset[str] | None = None
    _sheets: dict[str, Sheet] = field(default_factory=dict)
    _rough: dict[tuple[str, ...], dict[str, frozenset[str]]] = field(default_factory=dict)
    _around: dict[str, frozenset[str]] = field(default_factory=dict)
    _turned: dict[tuple[str, ...], Takers] = field(default_factory=dict)
    _reached: dict[tuple[tuple[str, ...], str], Reach] = field(default_factory=dict)

    @cached_property
    def graph(self) -> Graph:
        """What takes what."""
        sources = Sources(self.snapshot)
        return Graph(sources, ScriptNames(sources.modules), self._aliased, self.focus is not None)

    @cached_property
    def _aliased(self) -> frozenset[str]:
        """The specifiers that wrangler is told to take something else for."""
        found = set[str]()
        for path, _ in self.workers.configurations:
            try:
                found.update(key for key, _ in self.snapshot.facts(BUNDLING, path).alias)
            except Unreadable:
                continue
        return frozenset(found)

    def rough(self, worker: Worker) -> dict[str, frozenset[str]]:
        """Every script that a Worker may be built of: of one that a build makes, all around it."""
        if worker.roots not in self._rough:
            self._rough[worker.roots] = self.graph.rough(worker.roots)
        return self._rough[worker.roots]

    def around(self, worker: Worker) -> frozenset[str]:
        """The scripts beside a configuration whose `main` a build makes, and what these take.

        Those that only people and machines run by hand (`scripts/`, `tools/`) are not of them.
        """
        if not worker.lost:
            return frozenset()
        if worker.home not in self._around:
            inside = f"{worker.home}/" if worker.home else ""
            own = [
                path
                for path in self.graph.sources.paths
                if path.startswith(inside)
                and role_of(path) is Role.PRODUCTION
                and _TOOLS.isdisjoint(path.removeprefix(inside).split("/")[:-1])
                and not _CONFIGURES.search(path)
            ]
            self._around[worker.home] = frozenset(self.graph.rough(own))
        return self._around[worker.home]

    @cached_property
    def built(self) -> Mapping[str, tuple[Worker, ...]]:
        """The scripts that may take something of the platform, and the Workers they may be in."""
        found: dict[str, list[Worker]] = {}
        for worker in self.workers.all:
            for path in self.rough(worker).keys() | self.around(worker):
                found.setdefault(path, []).append(worker)
        if self.focus is not None:
            return {path: tuple(found[path]) for path in self._focused(frozenset(found))}
        suspects = {path for path in found if self.graph.suspects(path)}
        takers = turned({path: self.graph.sources.taken(path) for path in found})
        waiting = set(suspects)
        while waiting:
            passing = [path for path in sorted(waiting) if self._passes_on(path)]
            waiting = {taker for path in passing for taker in takers.get(path, ())} - suspects
            suspects |= waiting
        return {path: tuple(found[path]) for path in sorted(suspects) if self.is_judged(path)}

    def is_judged(self, path: str) -> bool:
        """Whether a script is one of the focus, or there is none."""
        return self.focus is None or path in self.focus

    def _leads_to(self, path: str) -> bool:
        return self.focus is None or path in self._led

    @cached_property
    def _led(self) -> frozenset[str]:
        """The scripts of the focus, and those that they may take."""
        held = (path for path in self.focus or () if path in self.snapshot)
        return frozenset(self.graph.rough(held))

    def _focused(self, paths: frozenset[str]) -> Iterator[str]:
        """Those of the preview, once what they take themselves is read: barrels among it."""
        for path in sorted(paths & (self.focus or frozenset())):
            taken = [each for each in self.graph.sources.taken(path) if self.graph.suspects(each)]
            read = [each for each in taken if self.graph.facts(each) is not None]
            if read or self.graph.suspects(path):
                yield path

    def _passes_on(self, path: str) -> bool:
        """Whether others can take, from a script, what is the platform's."""
        if self.graph.facts(path) is None:
            return False
        scopes = self.graph.names.files[path]
        if scopes.stars:
            return True
        own = [name for name in scopes.scopes[MODULE].names if name.startswith(EXPORT)]
        return any(
            each.sort is Sort.EXTERNAL and is_platform(each.text.partition(".")[0])
            for name in own
            for each in self.graph.names.export(path, name.removeprefix(EXPORT))
        )

    def reaches(self, worker: Worker, path: str) -> Reach:
        """Whether a Worker is built of a script once types are gone."""
        asked = worker.roots, path
        if asked not in self._reached:
            self._reached[asked] = self._reach(worker, path)
        return self._reached[asked]

    def _reach(self, worker: Worker, path: str) -> Reach:
        if worker.lost:
            return Reach.MAYBE
        if worker.roots not in self._turned:
            self._turned[worker.roots] = turned(self.rough(worker))
        within = before(self._turned[worker.roots], path)
        if path in self.graph.exact(worker.roots, within, sure=True):
            return Reach.SURE
        maybe = path in self.graph.exact(worker.roots, within, sure=False)
        return Reach.MAYBE if maybe else Reach.NO

    @cached_property
    def others(self) -> tuple[str, ...]:
        """Scripts of production, no Worker's own, that take something of the platform."""
        held = self.graph.sources.containing([_NEEDLE])
        return tuple(
            path
            for path, _ in held
            if path not in self.built
            and (self.focus is None or path in self.focus)
            and role_of(path) is Role.PRODUCTION
            and not path.endswith(DECLARED)
        )

    def sheet(self, path: str) -> Sheet:
        """A script's lines."""
        if path not in self._sheets:
            content = self.graph.sources.content(path)
            self._sheets[path] = sheet_of(path, content.decode("utf-8-sig", "replace"))
        return self._sheets[path]

    @cached_property
    def dependencies(self) -> frozenset[str]:
        """The packages that a manifest of the tree asks for: a bare name may mean one of them."""
        found = set[str]()
        for path in self.snapshot.containing([_DEPENDENCIES]):
            if path.rpartition("/")[2] == "package.json":
                found |= _depended(self.snapshot.read(path))
        return frozenset(found)


def _depended(content: bytes) -> set[str]:
    import json

    try:
        held = json.loads(content)
    except (ValueError, RecursionError):
        return set()
    keys = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
    tables = (held.get(key) for key in keys) if isinstance(held, dict) else ()
    return {name for table in tables if isinstance(table, dict) for name in table}
