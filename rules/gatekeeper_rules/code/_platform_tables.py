"""What the platform has, as tables say that `scripts/platform_tables.mjs` makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from gatekeeper.value import dataclass


@dataclass(frozen=True, slots=True)
class Surface:
    """What a module of Node gives; `names` is None where it is not known.

    `throws` are functions and classes that throw as soon as they are called; `stub` says that
    there is nothing else in it to call.
    """

    names: frozenset[str] | None
    throws: frozenset[str]
    stub: bool


@dataclass(frozen=True, slots=True)
class Switch:
    """A flag that brings a module, one that takes it away, and since which date it is there."""

    enable: str
    disable: str
    since: str


@dataclass(frozen=True, slots=True)
class NodeModule:
    """A module of Node on the platform.

    `bare` where it goes by its name without `node:` as well. workerd's own is taken where all
    `switches` are on (None: never), else the polyfill of the bundler, if there is one. Without
    the bundler's help workerd has it always, by its switches, or never (`runtime`).
    """

    bare: bool
    switches: tuple[Switch, ...] | None
    runtime: str
    native: Surface | None
    polyfill: Surface | None


@dataclass(frozen=True, slots=True)
class NodeTable:
    """Every module of Node; `default` and `v2` are the dates from which `nodejs_compat` is on."""

    said: str
    until: str
    default: str
    v2: str
    modules: Mapping[str, NodeModule]


@dataclass(frozen=True, slots=True)
class PlatformModule:
    """What a module of the platform exports, and what of it is only a type."""

    names: frozenset[str]
    types: frozenset[str]


@dataclass(frozen=True, slots=True)
class Flag:
    """A compatibility flag; `experimental` ones cannot be deployed."""

    experimental: bool
    since: str


@dataclass(frozen=True, slots=True)
class PlatformTable:
    """The modules `cloudflare:*`, and the compatibility flags of workerd."""

    said: str
    until: str
    modules: Mapping[str, PlatformModule]
    flags: Mapping[str, Flag]


@cache
def node_table() -> NodeTable:
    """The modules of Node."""
    held = _load("_node_modules.json")
    modules = {name: _node_module(_map(each)) for name, each in _map(held["modules"]).items()}
    return NodeTable(
        _said(held), _text(held["until"]), _text(held["default"]), _text(held["v2"]), modules
    )


@cache
def platform_table() -> PlatformTable:
    """The modules and flags of the platform."""
    held = _load("_platform_modules.json")
    modules = {
        name: PlatformModule(_names(_map(each)["names"]), _names(_map(each)["types"]))
        for name, each in _map(held["modules"]).items()
    }
    flags = {
        name: Flag("experimental" in _map(each), _text(_map(each).get("since", "")))
        for name, each in _map(held["flags"]).items()
    }
    return PlatformTable(_said(held), _text(held["until"]), modules, flags)


@cache
def schema_table() -> Mapping[str, object]:
    """The keys of wrangler's configuration, as `_wrangler_schema` reads them."""
    return _load("_wrangler_schema.json")


def schema_said() -> str:
    """Of which version of wrangler the keys are."""
    return _said(schema_table())


def _node_module(held: Mapping[str, object]) -> NodeModule:
    given = held.get("switches")
    switches = None if given is None else tuple(_switch(_map(each)) for each in _items(given))
    return NodeModule(
        held["bare"] is True,
        switches,
        _text(held.get("runtime", "")),
        _surface(held.get("native")),
        _surface(held.get("polyfill")),
    )


def _switch(held: Mapping[str, object]) -> Switch:
    return Switch(_text(held["enable"]), _text(held["disable"]), _text(held["since"]))


def _surface(data: object) -> Surface | None:
    if data is None:
        return None
    held = _map(data)
    if "mock" in held:
        return Surface(None, frozenset(), stub=True)
    names = held["names"]
    known = None if names is None else _names(names)
    return Surface(known, _names(held["throws"]), "stub" in held)


def _said(held: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {version}" for name, version in _map(held["from"]).items())


def _load(name: str) -> Mapping[str, object]:
    import json

    return _map(json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8")))


def _map(data: object) -> Mapping[str, object]:
    if not isinstance(data, dict):
        raise TypeError("the table is not as its script writes it")
    return data


def _items(data: object) -> Iterator[object]:
    if not isinstance(data, list):
        raise TypeError("the table is not as its script writes it")
    return iter(data)


def _names(data: object) -> frozenset[str]:
    return frozenset(map(_text, _items(data)))


def _text(data: object) -> str:
    if not isinstance(data, str):
        raise TypeError("the table is not as its script writes it")
    return data
