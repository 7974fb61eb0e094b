"""The SQL of a file as plain data that can be kept, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatekeeper.migrations.query_makers import Maker
from gatekeeper.migrations.query_pieces import Options, Piece
from gatekeeper.migrations.query_site import Site, Strings


def packed(found: Strings) -> object:
    """What a file holds as JSON can hold it."""
    return {
        "sites": found.sites,
        "makers": found.makers,
        "constants": dict(found.constants),
        "fragments": dict(found.fragments),
        "passed": dict(found.passed),
        "stars": found.stars,
        "faults": found.faults,
    }


def unpacked(data: Mapping[str, Any]) -> Strings:
    """The same again; raises ValueError or TypeError for what is none."""
    try:
        return _unpacked(data)
    except (AttributeError, KeyError) as error:
        raise ValueError("this is no SQL of a file") from error


def _unpacked(data: Mapping[str, Any]) -> Strings:
    return Strings(
        tuple(_site(*each) for each in data["sites"]),
        tuple(_maker(*each) for each in data["makers"]),
        {str(name): _options(each) for name, each in data["constants"].items()},
        {str(name): _options(each) for name, each in data["fragments"].items()},
        {str(name): str(each) for name, each in data["passed"].items()},
        tuple(map(str, data["stars"])),
        tuple(map(int, data["faults"])),
    )


def _site(
    line: int, column: int, symbol: str, via: str, options: Any, assembled: bool, foreign: str
) -> Site:
    ways = _options(options)
    return Site(int(line), int(column), str(symbol), str(via), ways, bool(assembled), str(foreign))


def _maker(line: int, column: int, symbol: str, says: str) -> Maker:
    return Maker(int(line), int(column), str(symbol), str(says))


def _options(data: Any) -> Options:
    return tuple(tuple(Piece(str(text), str(hole)) for text, hole in way) for way in data)
