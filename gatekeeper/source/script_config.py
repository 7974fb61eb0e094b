"""What decides which file an import of a script means: tsconfig, package.json, wrangler's alias."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gatekeeper.cache import Extractor
from gatekeeper.errors import Unreadable
from gatekeeper.source import jsonc
from gatekeeper.source.located import decoded, plain

_DEEPEST = 20

Targets = tuple[str, ...]
Paths = tuple[tuple[str, Targets], ...]
"""Patterns, with at most one `*` each, and what they stand for; in the order of the file."""


class TsConfig(NamedTuple):
    """`extends` in its order, `baseUrl` or None, and `paths`, or None where it has none."""

    extends: Targets
    base: str | None
    paths: Paths | None


class Package(NamedTuple):
    """A package's name, what its subpaths (`.`, `./sub`) and what its own `#imports` stand for."""

    name: str
    exports: Paths
    imports: Paths
    main: Targets


def _tsconfig(content: bytes, path: str) -> TsConfig:
    held = _table(plain(jsonc.parse(content, path)))
    options = _table(held.get("compilerOptions"))
    base = options.get("baseUrl")
    paths = options.get("paths")
    return TsConfig(
        tuple(_texts(held.get("extends"))),
        base if isinstance(base, str) else None,
        _paths(paths) if isinstance(paths, dict) else None,
    )


def _package(content: bytes, path: str) -> Package:
    held = _table(plain(jsonc.parse(content, path)))
    name = held.get("name")
    main = (held.get(key) for key in ("source", "module", "main", "types", "typings", "browser"))
    exports = held.get("exports")
    if not isinstance(exports, dict) or not any(key.startswith(".") for key in exports):
        exports = {} if exports is None else {".": exports}
    return Package(
        name if isinstance(name, str) else "",
        _paths(exports),
        _paths(_table(held.get("imports"))),
        tuple(each for each in main if isinstance(each, str)),
    )


class Bundling(NamedTuple):
    """What esbuild puts in the place of specifiers (`alias`) and of names (`define`)."""

    alias: Paths
    define: Paths


def _bundling(content: bytes, path: str) -> Bundling:
    """Of wrangler, at the top and in every environment."""
    top = _table(_wrangler(content, path))
    tables = (top, *map(_table, _table(top.get("env")).values()))
    return Bundling(
        tuple(each for table in tables for each in _paths(_table(table.get("alias")))),
        tuple(each for table in tables for each in _paths(_table(table.get("define")))),
    )


def _wrangler(content: bytes, path: str) -> object:
    if path.lower().endswith(".toml"):
        import tomllib

        try:
            return tomllib.loads(decoded(content, path))
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise Unreadable(path, f"it is not TOML: {error}") from None
    return plain(jsonc.parse(content, path))


def _table(data: object) -> Mapping[str, object]:
    return data if isinstance(data, dict) else {}


def _paths(data: Mapping[str, object]) -> Paths:
    return tuple((key, tuple(dict.fromkeys(_texts(value)))) for key, value in data.items())


def _texts(data: object, depth: int = 0) -> Iterator[str]:
    """The strings of a value under whatever conditions, each of which may be the one that holds."""
    if isinstance(data, str):
        yield data
    elif depth < _DEEPEST and isinstance(data, list | dict):
        for each in data.values() if isinstance(data, dict) else data:
            yield from _texts(each, depth + 1)


def matching(paths: Paths, specifier: str) -> Iterator[str]:
    """What patterns make of a specifier: a plain one, else the one with the longest beginning."""
    plain = [targets for pattern, targets in paths if pattern == specifier]
    if plain:
        yield from (each for targets in plain for each in targets)
        return
    fitting = [
        (len(before), specifier[len(before) : len(specifier) - len(after)], targets)
        for pattern, targets in paths
        for before, star, after in (pattern.partition("*"),)
        if star and len(specifier) >= len(before) + len(after)
        if specifier.startswith(before) and specifier.endswith(after)
    ]
    longest = max((size for size, _, _ in fitting), default=0)
    for size, piece, targets in fitting:
        if size == longest:
            yield from (each.replace("*", piece) for each in targets)


TSCONFIG: Extractor[TsConfig] = Extractor("tsconfig", 1, _tsconfig)
PACKAGE: Extractor[Package] = Extractor("package.json of scripts", 1, _package)
BUNDLING: Extractor[Bundling] = Extractor("bundling of wrangler", 1, _bundling)
"""All three raise `Unreadable` for what is no JSON with comments (or TOML)."""
