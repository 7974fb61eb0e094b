"""Which files of a repository an import of a script means, whichever of them a build would take."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from gatekeeper.errors import Unreadable
from gatekeeper.snapshot import Entry, Sieve, Snapshot
from gatekeeper.source.python_modules import Modules
from gatekeeper.source.script_config import BUNDLING, PACKAGE, Bundling, Package, Paths, matching
from gatekeeper.source.script_text import SUFFIXES, is_script
from gatekeeper.source.script_tsconfig import TsConfigs
from gatekeeper.source.wrangler import is_wrangler

PLATFORM = ("cloudflare:", "node:")
"""Specifiers that no configuration turns into a file of the repository."""

_WRITTEN = {".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}
_ENDINGS = (*SUFFIXES, ".d.ts", ".d.mts", ".d.cts")
_BUILT = frozenset({"build", "dist", "lib", "out"})
_FAR = 8
_PACKAGES = Sieve("package.json", 1, lambda path, _: posixpath.basename(path) == "package.json")


def _may_alias(path: str, entry: Entry) -> bool:
    return entry.is_file and is_wrangler(path)


_WRANGLER = Sieve("wrangler configuration by name", 1, _may_alias)


class Meant(NamedTuple):
    """What a specifier may mean: files of the repository, and modules outside of it."""

    files: tuple[str, ...]
    outside: tuple[str, ...]


class ScriptModules(Modules):
    """Resolves specifiers as TypeScript, esbuild and Node together would, and remembers them.

    Where they could differ (a `.ts` beside a `.js`, the conditions of `exports`, several
    `paths`) all that exists is meant. `lost` are configurations that were asked and could not
    be read.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._configs = TsConfigs(snapshot)
        self._known: dict[tuple[str, str], Meant] = {}
        self._lost: dict[str, Unreadable] = {}

    @property
    def lost(self) -> tuple[Unreadable, ...]:
        """What could not be read of the configuration that was asked so far."""
        return (*self._lost.values(), *self._configs.lost)

    def has_file(self, path: str) -> bool:
        """Whether there is a script at `path`."""
        return path in self._snapshot.entries and is_script(path)

    def has_folder(self, folder: str) -> bool:
        """Whether there is anything in `folder` (which ends in a slash)."""
        return next(iter(self._snapshot.below(folder.rstrip("/"))), None) is not None

    def tops(self, name: str, importer: str) -> Iterable[str]:
        """The files that a package's name means."""
        return self.find(importer, name)

    def find(self, importer: str, dotted: str) -> tuple[str, ...]:
        """The files that a specifier means in `importer`."""
        return self.meant(importer, dotted).files

    def files(self, module: str) -> tuple[str, ...]:
        """A module is its file."""
        return (module,)

    def child(self, module: str, name: str) -> tuple[str, ...]:
        """No module holds others."""
        del module, name
        return ()

    def meant(self, importer: str, specifier: str) -> Meant:
        """What a specifier means in a file; itself, as one outside, where it means none."""
        asked = posixpath.dirname(importer), specifier
        if asked not in self._known:
            found = dict.fromkeys(self._found(asked[0], specifier, 0))
            files = tuple(each for each in found if not each.startswith(_OUTSIDE))
            outside = tuple(
                each.removeprefix(_OUTSIDE) for each in found if each.startswith(_OUTSIDE)
            )
            self._known[asked] = Meant(files, outside if found else (specifier,))
        return self._known[asked]

    def words(self) -> frozenset[str]:
        """What a specifier may say instead of the name of the file that it means."""
        found = {key for key, _ in self._aliases} | {key for key, _ in self._configs.all_paths()}
        for package in self._packages.values():
            found |= {package.name, *(key for key, _ in package.imports)}
        pieces = {piece for key in found for piece in key.replace("*", "/").split("/")}
        return frozenset(piece.lstrip("#@~") for piece in pieces) - {""}

    # -- what it may be; modules outside begin with `_OUTSIDE`

    def _found(self, folder: str, specifier: str, depth: int) -> Iterator[str]:
        specifier = specifier.partition("?")[0]
        if depth > _FAR or not specifier:
            return
        if specifier.startswith(PLATFORM):
            yield from (_OUTSIDE + specifier,) if depth else ()
        elif specifier.startswith((".", "/")):
            base = specifier.lstrip("/") if specifier.startswith("/") else f"{folder}/{specifier}"
            yield from self._file(posixpath.normpath(base.lstrip("/")))
        else:
            yield from self._mapped(folder, specifier, depth)

    def _mapped(self, folder: str, specifier: str, depth: int) -> Iterator[str]:
        """Through `paths`, `#imports` and `alias`, then as a package."""
        for target in matching(self._aliases, specifier):
            yield from self._target("", target, depth)
        for home, target in self._configs.targets(folder, specifier):
            yield from self._target(home, target, depth)
        if specifier.startswith("#"):
            home, package = self._around(folder)
            for target in matching(package.imports, specifier) if package else ():
                yield from self._target(home, target, depth)
        else:
            yield from self._package(specifier, depth)

    def _target(self, home: str, target: str, depth: int) -> Iterator[str]:
        path = target if target.startswith((".", "/")) else f"./{target}"
        found = tuple(self._found(home, path, depth + 1))
        yield from found
        if not found and not target.startswith((".", "/")):
            named = tuple(self._found(home, target, depth + 1))
            yield from named or (_OUTSIDE + target,)

    def _package(self, specifier: str, depth: int) -> Iterator[str]:
        parts = specifier.split("/")
        size = 2 if specifier.startswith("@") else 1
        name, inside = "/".join(parts[:size]), "/".join(parts[size:])
        for home, package in self._packages.items():
            if package.name == name and package.name:
                yield from self._in_package(home, package, inside, depth)

    def _in_package(self, home: str, package: Package, inside: str, depth: int) -> Iterator[str]:
        key = f"./{inside}" if inside else "."
        targets = [*matching(package.exports, key), *(() if inside else package.main)]
        found = [each for target in targets for each in self._built(home, target, depth)]
        if not found:
            found = list(self._file(posixpath.normpath(f"{home}/{inside}".strip("/") or ".")))
        if not found and not inside:
            found = list(self._file(f"{home}/src".strip("/")))
        yield from found

    def _built(self, home: str, target: str, depth: int) -> Iterator[str]:
        """What a package gives, or the source that a build makes it of."""
        path = target if target.startswith(".") else f"./{target}"
        found = tuple(self._found(home, path, depth + 1))
        if not found:
            first, _, rest = path.removeprefix("./").partition("/")
            stem = rest.partition(".d.")[0] if ".d." in rest else posixpath.splitext(rest)[0]
            if first in _BUILT and rest:
                found = (*self._found(home, f"./src/{stem}", depth + 1),)
        yield from found

    def _around(self, folder: str) -> tuple[str, Package | None]:
        while True:
            if folder in self._packages:
                return folder, self._packages[folder]
            if not folder:
                return "", None
            folder = posixpath.dirname(folder)

    # -- files

    def _file(self, base: str) -> Iterator[str]:
        """The scripts that a path without its ending, or of a folder, stands for."""
        if base.startswith(".."):
            return
        base = "" if base == "." else base
        yield from self._as_file(base)
        index = f"{base}/index".lstrip("/")
        yield from (path for end in _ENDINGS if self.has_file(path := f"{index}{end}"))
        package = self._packages.get(base)
        for target in package.main if package else ():
            yield from self._as_file(posixpath.normpath(f"{base}/{target}".lstrip("/")))

    def _as_file(self, base: str) -> Iterator[str]:
        stem, ending = posixpath.splitext(base)
        written = (stem + end for end in _WRITTEN.get(ending, ()))
        added = (base + end for end in _ENDINGS)
        yield from (path for path in (base, *written, *added) if path and self.has_file(path))

    @cached_property
    def _packages(self) -> dict[str, Package]:
        """The packages of the repository, by their folders."""
        found: dict[str, Package] = {}
        for path in self._snapshot.passing(_PACKAGES):
            try:
                found[posixpath.dirname(path)] = self._snapshot.facts(PACKAGE, path)
            except Unreadable as unreadable:
                self._lost[path] = unreadable
        return found

    @cached_property
    def _aliases(self) -> Paths:
        found: list[tuple[str, tuple[str, ...]]] = []
        for path, bundling in self._bundling:
            home = posixpath.dirname(path)
            found += [(key, tuple(_from(home, each) for each in to)) for key, to in bundling.alias]
        return tuple(found)

    @cached_property
    def defined(self) -> Mapping[str, frozenset[str]]:
        """What wrangler's `define` puts in the place of names (`KIND`, `process.env.KIND`)."""
        found: dict[str, frozenset[str]] = {}
        for _, bundling in self._bundling:
            for key, values in bundling.define:
                found[key] = found.get(key, frozenset()).union(values)
        return found

    @cached_property
    def _bundling(self) -> tuple[tuple[str, Bundling], ...]:
        found: list[tuple[str, Bundling]] = []
        for path in self._snapshot.passing(_WRANGLER):
            try:
                found.append((path, self._snapshot.facts(BUNDLING, path)))
            except Unreadable as unreadable:
                self._lost[path] = unreadable
        return tuple(found)


_OUTSIDE = "\0"


def _from(home: str, target: str) -> str:
    return f"./{home}/{target}" if home and target.startswith(".") else target
