"""TOML, read by `tomllib`, every value with its place."""

from __future__ import annotations

from datetime import date, time

from gatekeeper.errors import Unreadable
from gatekeeper.source.located import Array, Member, Node, Scalar, Span, Table, decoded
from gatekeeper.source.toml_positions import Path, Positions, positions


def parse(content: bytes, path: str) -> Table:
    """What the file holds, every value and key located.

    `tomllib` says what the values are (TOML 1.0), a scan beside it where they stand. Raises
    `Unreadable` with the line where the file is not TOML, or nested too deep.
    """
    import tomllib

    text = decoded(content, path)
    places = positions(text, path)
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(path, f"it is no TOML: {error}", _line(str(error), text)) from None
    whole = Span(1, 1, text.count("\n") + 1)
    return _table(document, (), places, whole)


def _line(message: str, text: str) -> int:
    """The line in `tomllib`'s words "… (at line 3, column 7)", which 3.14 gives as a number."""
    import re

    found = re.search(r"at line (\d+)", message)
    return int(found.group(1)) if found else text.count("\n") + 1


def _node(value: object, path: Path, places: Positions, around: Span) -> Node:
    span = places.values.get(path, around)
    if isinstance(value, dict):
        return _table(value, path, places, span)
    if isinstance(value, list):
        items = (_node(item, (*path, i), places, span) for i, item in enumerate(value))
        return Array(tuple(items), span)
    if isinstance(value, str | int | float | bool | date | time):
        return Scalar(value, span)
    raise TypeError(f"tomllib gave a {type(value).__name__}")


def _table(value: dict[str, object], path: Path, places: Positions, span: Span) -> Table:
    members = (
        Member(
            key,
            places.keys.get((*path, key), span),
            _node(item, (*path, key), places, span),
        )
        for key, item in value.items()
    )
    return Table(tuple(members), span)
