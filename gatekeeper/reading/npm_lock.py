"""What a lock file of npm says of packages: where each comes from, and which program is whose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from gatekeeper.reading.content import json_of
from gatekeeper.reading.unusable import Unusable
from gatekeeper.value import dataclass

INSTALLED = "node_modules/.package-lock.json"
"""Where npm writes down what it has installed, beside the lock file that it was told by."""

_LOCKS = (INSTALLED, "npm-shrinkwrap.json", "package-lock.json")
_TABLES = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_REGISTRY = "a registry"
_WEB = ("https://", "http://")

Table = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Locked:
    """Of each package's name where it comes from; of each program's name whose it is.

    Where it comes from is a name and a place: another name is an alias (`npm:other@1`).
    """

    origins: Mapping[str, frozenset[tuple[str, str]]]
    owners: Mapping[str, frozenset[str]]


def locked_in(folder: Path) -> Locked:
    """What is locked for a folder; what its package.json asks for where nothing is.

    Raises Unusable for a lock file that cannot be read.
    """
    for name in _LOCKS:
        if (folder / name).is_file():
            return _locked(_packages(folder / name))
    manifest = table_in(folder / "package.json")
    tables = (_table(manifest.get(each)) for each in _TABLES)
    names = {name for table in tables for name in table}
    return Locked({name: frozenset({(name, _REGISTRY)}) for name in names}, {})


def table_in(file: Path) -> Table:
    """The object in a JSON file, nothing where there is no such file; raises Unusable."""
    if not file.is_file():
        return {}
    try:
        return _table(json_of(file.read_bytes()))
    except Unusable as unusable:
        raise Unusable(f"{file.name} cannot be read: {unusable}") from None


def _table(value: object) -> Table:
    return value if isinstance(value, dict) else {}


def _packages(lock: Path) -> Iterator[tuple[str, Table]]:
    """Every installed package by its name; links stand for what they lead to."""
    for place, said in _table(table_in(lock).get("packages")).items():
        _, inside, name = place.rpartition("node_modules/")
        if inside:
            yield name, _table(said)


def _locked(packages: Iterator[tuple[str, Table]]) -> Locked:
    origins: dict[str, set[tuple[str, str]]] = {}
    owners: dict[str, set[str]] = {}
    for name, said in packages:
        origins.setdefault(name, set()).add((str(said.get("name", name)), _place(said)))
        for program in _table(said.get("bin")):
            owners.setdefault(program, set()).add(name)
    return Locked(
        {name: frozenset(each) for name, each in origins.items()},
        {name: frozenset(each) for name, each in owners.items()},
    )


def _place(said: Table) -> str:
    """Registries are not told apart: a lock file need not name them."""
    place = str(said.get("resolved", ""))
    if said.get("link"):
        return f"the folder {place}"
    return _REGISTRY if not place or place.startswith(_WEB) else place
