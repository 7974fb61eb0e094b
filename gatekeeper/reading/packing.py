"""Values of readings as plain JSON data, and back."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper.plain_data import made, plain
from gatekeeper.reading.build import Built
from gatekeeper.reading.coverage import Coverage
from gatekeeper.reading.lint import Linted
from gatekeeper.reading.tests import TestRun

_KINDS: Mapping[str, type] = {kind.__name__: kind for kind in (Built, Coverage, Linted, TestRun)}


def packed(value: object) -> object:
    """The value as plain data, with its kind; raises TypeError for what is no reading."""
    if _KINDS.get(type(value).__name__) is not type(value):
        raise TypeError(type(value).__name__)
    return [type(value).__name__, plain(value)]


def unpacked(data: object) -> object:
    """The value that `packed` made the data of; raises ValueError for any other data."""
    match data:
        case [str(name), body] if name in _KINDS:
            return made(_KINDS[name], body)
    raise ValueError("no reading")
