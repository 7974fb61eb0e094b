"""The `paths` and `baseUrl` that hold for a folder, through `extends`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from gatekeeper.errors import Unreadable
from gatekeeper.snapshot import Entry, Sieve, Snapshot
from gatekeeper.source.script_config import TSCONFIG, Paths, TsConfig, matching

_NAME = re.compile(r"(?:ts|js)config(?:\.[\w.-]+)?\.json$")
_FAR = 20


def _is_config(path: str, entry: Entry) -> bool:
    return entry.is_file and _NAME.match(posixpath.basename(path)) is not None


_CONFIGS = Sieve("tsconfig", 1, _is_config)


class _Held(NamedTuple):
    """What holds in a configuration; `base`, and for `paths` `home`, are folders to start from."""

    base: str | None
    paths: Paths | None
    home: str


class TsConfigs:
    """Every `tsconfig*.json` and `jsconfig.json` of a tree, by folder.

    Which of several a build is given is not known: all of a folder hold for what is in it,
    at any depth. `lost` are those that could not be read.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.lost: list[Unreadable] = []

    def targets(self, folder: str, specifier: str) -> Iterator[tuple[str, str]]:
        """What a specifier stands for in a folder: where to start from, and the path."""
        for held in self._around(folder):
            for target in matching(held.paths or (), specifier):
                yield held.home, target
            if held.base is not None:
                yield held.base, f"./{specifier}"

    def all_paths(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Every pattern of the tree."""
        for held in self._held.values():
            for each in held:
                yield from each.paths or ()

    def _around(self, folder: str) -> Iterator[_Held]:
        while True:
            yield from self._held.get(folder, ())
            if not folder:
                return
            folder = posixpath.dirname(folder)

    @cached_property
    def _held(self) -> dict[str, tuple[_Held, ...]]:
        found: dict[str, tuple[_Held, ...]] = {}
        for path in self._snapshot.passing(_CONFIGS):
            held = self._extended(path)
            folder = posixpath.dirname(path)
            if held.base is not None or held.paths:
                found[folder] = (*found.get(folder, ()), held)
        return found

    def _extended(self, path: str) -> _Held:
        """What holds in a file: its own, else of what it extends last; each file is asked once."""
        base: str | None = None
        paths: Paths | None = None
        home = leaf = posixpath.dirname(path)
        waiting, seen = [path], {path}
        while waiting and len(seen) <= _FAR:
            current = waiting.pop()
            config = self._read(current)
            if config is None:
                continue
            folder = posixpath.dirname(current)
            if base is None and config.base is not None:
                base = _joined(folder, config.base, leaf)
            if paths is None and config.paths is not None:
                paths, home = config.paths, _joined(folder, config.base or ".", leaf)
            fresh = [each for name in config.extends for each in self._named(folder, name)]
            waiting += [each for each in fresh if each not in seen]
            seen |= set(fresh)
        return _Held(base, _placed(paths, leaf), home)

    def _read(self, path: str) -> TsConfig | None:
        try:
            return self._snapshot.facts(TSCONFIG, path)
        except Unreadable as unreadable:
            if unreadable.path not in {each.path for each in self.lost}:
                self.lost.append(unreadable)
            return None

    def _named(self, folder: str, name: str) -> Iterator[str]:
        """The file that `extends` names: by its path, or at the end of a package's."""
        if name.startswith((".", "/")):
            path = posixpath.normpath(f"{folder}/{name}".lstrip("/"))
            found = (path, f"{path}.json", f"{path}/tsconfig.json")
            yield from (each for each in found if each in self._snapshot.entries)
            return
        last = name.rpartition("/")[2] if name.endswith(".json") else "tsconfig.json"
        package = name.removesuffix(f"/{last}").rpartition("/")[2]
        for path in self._snapshot.passing(_CONFIGS):
            if path.endswith(f"/{package}/{last}"):
                yield path


def _joined(folder: str, path: str, leaf: str) -> str:
    if path.startswith("${configDir}"):
        folder, path = leaf, "." + path.removeprefix("${configDir}")
    found = posixpath.normpath(f"{folder}/{path}".lstrip("/"))
    return "" if found == "." else found


def _placed(paths: Paths | None, leaf: str) -> Paths | None:
    if paths is None:
        return None
    inside = f"/{leaf}" if leaf else ""
    return tuple(
        (key, tuple(each.replace("${configDir}", inside) for each in to)) for key, to in paths
    )
