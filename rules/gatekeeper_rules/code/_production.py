"""Which Python files are tests or generated, and which of those production runs all the same."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from enum import Enum

from gatekeeper import Snapshot, Unreadable
from gatekeeper.source.python_modules import Modules, module_of, stem
from gatekeeper.source.python_spelling import says
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code._python_sources import Sources

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
_DOTTED = re.compile(r"\.*\w+(?:\.\w+)*$")


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
    """Knows what production runs: a path named like a test proves nothing by itself."""

    sources: Sources
    modules: Modules
    _known: dict[str, bool] = field(default_factory=dict)

    def runs(self, path: str) -> bool:
        """Whether wrangler starts a file, or code that is no test imports it, at any distance."""
        if path not in self._known:
            self._known[path] = path in self._entries() or self._is_imported(path)
        return self._known[path]

    def _is_imported(self, path: str) -> bool:
        waiting, seen = [path], {path}
        while waiting:
            for importer in self._importers(waiting.pop()):
                if role_of(importer) is Role.PRODUCTION or importer in self._entries():
                    return True
                if importer not in seen:
                    seen.add(importer)
                    waiting.append(importer)
        return False

    def _importers(self, path: str) -> Iterator[str]:
        module = module_of(path)
        name = stem(module).encode()
        for importer, content in self.sources.containing([name]) if name else ():
            if importer != path and says(name, content) and self._imports(importer, module):
                yield importer

    def _imports(self, importer: str, module: str) -> bool:
        try:
            facts = self.sources.facts(importer)
        except Unreadable:
            return False
        dotted = [name for each in facts.imports for name in (each.module, each.dotted)]
        dotted += [each.text for each in facts.strings() if _DOTTED.match(each.text)]
        named = (found for name in dotted for found in self.modules.find(importer, name))
        return module in named

    def _entries(self) -> frozenset[str]:
        if "" not in self._known:
            self._known.update(dict.fromkeys(_entries(self.sources.snapshot), True))
            self._known[""] = True
        return frozenset(path for path, runs in self._known.items() if runs and path)


def _entries(snapshot: Snapshot) -> Iterator[str]:
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
                yield posixpath.normpath(posixpath.join(folder, environment.main.value))
