"""Which Python files are tests or generated, and which of those production runs all the same."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from gatekeeper import LINK, Snapshot, Unreadable
from gatekeeper.source.python_lookalikes import plain
from gatekeeper.source.python_modules import Modules, module_of, stem
from gatekeeper.source.python_spelling import says
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code._python_sources import Sources
from gatekeeper_rules.code._started_by_name import STARTS, started_by_name

if TYPE_CHECKING:
    from gatekeeper_rules.code._settings import Setting

_GENERATED = frozenset(
    {
        ".nox",
        ".tox",
        ".venv",
        ".wrangler",
        "__pypackages__",
        "build",
        "dist",
        "node_modules",
        "python_modules",
        "site-packages",
        "venv",
    }
)
_TESTS = frozenset({"__tests__", "test", "tests"})
_TEST_FILE = re.compile(r"(?:test_.*|.*_test|conftest)\.pyi?$")
_GENERATED_FILE = re.compile(r".*_pb2(?:_grpc)?\.pyi?$")
_DOTTED = re.compile(r"(\.*\w+(?:\.\w+)*)(?::[\w.]+)?$")
_PROJECT = "pyproject.toml"
_POINTS = frozenset(
    {
        ("project", "entry-points"),
        ("project", "gui-scripts"),
        ("project", "scripts"),
        ("tool", "poetry", "plugins"),
        ("tool", "poetry", "scripts"),
    }
)


class Role(Enum):
    """What a path says a file is for."""

    PRODUCTION = "production"
    TESTS = "tests"
    GENERATED = "generated"


def role_of(path: str) -> Role:
    """Whether a path looks like a test, like something generated or vendored, or like neither."""
    *folders, name = path.split("/")
    if not _GENERATED.isdisjoint(folders) or _GENERATED_FILE.match(name):
        return Role.GENERATED
    if not _TESTS.isdisjoint(folders) or _TEST_FILE.match(name):
        return Role.TESTS
    return Role.PRODUCTION


@dataclass(frozen=True)
class Production:
    """Knows what production runs: a path named like a test proves nothing by itself.

    A string that reads like a module counts as its import, unless it is not to be `mentioned`.
    With a `focus` only its files are asked what they import.
    """

    sources: Sources
    modules: Modules
    mentioned: bool = True
    focus: frozenset[str] | None = None
    _known: dict[str, bool] = field(default_factory=dict)
    _by_name: dict[str, frozenset[str]] = field(default_factory=dict)

    def runs(self, path: str) -> bool:
        """Whether wrangler starts a file, or code that is no test imports it, at any distance."""
        if path not in self._known:
            self._known[path] = self._is_started(path) or self._is_imported(path)
        return self._known[path]

    def _is_started(self, path: str) -> bool:
        """Whether a file is started by its name, or goes by another that is no test's."""
        if path in self._entries:
            return True
        return any(f"{path}/".startswith(f"{each}/".removeprefix("./")) for each in self._linked)

    def _is_imported(self, path: str) -> bool:
        waiting, seen = [path], {path}
        while waiting:
            for importer in self._importers(waiting.pop()):
                if role_of(importer) is Role.PRODUCTION or self._is_started(importer):
                    return True
                if importer not in seen:
                    seen.add(importer)
                    waiting.append(importer)
        return False

    def _importers(self, path: str) -> Iterator[str]:
        module = module_of(path)
        name = _bytes(stem(module))
        for importer, content in self._containing((name, *STARTS)) if name else ():
            if importer != path and self._can_import(importer, module, plain(content)):
                yield importer

    def _containing(self, needles: tuple[bytes, ...]) -> Iterator[tuple[str, bytes]]:
        if self.focus is None:
            yield from self.sources.containing(needles)
            return
        for path in sorted(self.focus & self.sources.paths):
            content = self.sources.content(path)
            if any(needle in content for needle in needles):
                yield path, content

    def _can_import(self, importer: str, module: str, said: bytes) -> bool:
        if says(_bytes(stem(module)), said) and self._imports(importer, module):
            return True
        return any(word in said for word in STARTS) and module in self._started(importer)

    def _started(self, importer: str) -> frozenset[str]:
        if importer not in self._by_name:
            try:
                found = started_by_name(importer, self.sources, self.modules)
            except Unreadable:
                found = frozenset()
            self._by_name[importer] = found
        return self._by_name[importer]

    def _imports(self, importer: str, module: str) -> bool:
        try:
            facts = self.sources.facts(importer)
        except Unreadable:
            return False
        dotted = [name for each in facts.imports for name in (each.module, each.dotted)]
        texts = facts.strings() if self.mentioned else ()
        named = (_DOTTED.match(each.text) for each in texts)
        dotted += [each.group(1) for each in named if each]
        return any(module in self.modules.find(importer, name) for name in dotted)

    @cached_property
    def _entries(self) -> frozenset[str]:
        snapshot = self.sources.snapshot
        paths = {path.lower(): path for path in self.sources.paths}
        started = (paths.get(path.lower(), path) for path in mains(snapshot))
        return frozenset([*started, *self._entry_points()])

    def _entry_points(self) -> Iterator[str]:
        """The files of what a project declares for others to load, or as a command."""
        snapshot = self.sources.snapshot
        for path in snapshot.entries if self.sources.paths else ():
            if posixpath.basename(path) == _PROJECT and snapshot.entries[path].is_file:
                for setting in _settings(snapshot, path):
                    above = setting.above
                    if setting.is_key or _POINTS.isdisjoint((above[:2], above[:3])):
                        continue
                    yield from self._declared(path, setting.text.partition(":")[0].strip())

    def _declared(self, path: str, module: str) -> tuple[str, ...]:
        """The files that a module's name means to a project, those of production if there are."""
        found = self.modules.find(path, module) if module else ()
        files = tuple(file for each in found for file in self.modules.files(each))
        return tuple(file for file in files if role_of(file) is Role.PRODUCTION) or files

    @cached_property
    def _linked(self) -> frozenset[str]:
        """What links lead to that do not have the name of a test."""
        held = self.sources.snapshot.entries
        links = (path for path, entry in held.items() if entry.mode == LINK)
        return frozenset(
            self.sources.target(path) for path in links if role_of(path) is Role.PRODUCTION
        )


def _bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def _settings(snapshot: Snapshot, path: str) -> tuple[Setting, ...]:
    from gatekeeper_rules.code._settings import SETTINGS

    try:
        return snapshot.facts(SETTINGS, path)
    except Unreadable:
        return ()


def mains(snapshot: Snapshot) -> Iterator[str]:
    """What the wrangler configurations of a tree name as `main`."""
    from gatekeeper.source.wrangler import WRANGLER
    from gatekeeper.source.wrangler_files import configurations

    for path in configurations(snapshot).paths:
        try:
            environments = snapshot.facts(WRANGLER, path).environments
        except Unreadable:
            continue
        for environment in environments:
            if environment.main is not None:
                folder = posixpath.dirname(path)
                main = environment.main.value.replace("\\", "/")
                yield posixpath.normpath(posixpath.join(folder, main))
