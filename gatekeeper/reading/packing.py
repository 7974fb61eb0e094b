"""Values of readings as plain JSON data, and back."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper.plain_data import made, plain
from gatekeeper.reading.build import Built
from gatekeeper.reading.bundled import Bundled
from gatekeeper.reading.coverage import Coverage
from gatekeeper.reading.lint import Linted
from gatekeeper.reading.tests import TestRun

_KINDS: Mapping[str, type] = {
    kind.__name__: kind for kind in (Built, Bundled, Coverage, Linted, TestRun)
}


def packed(value: object, more: tuple[type, ...] = ()) -> object:
    """The value as plain data, with its kind; raises TypeError for what is no reading.

    `more` are kinds of readings that are taken elsewhere.
    """
    if type(value) not in (*_KINDS.values(), *more):
        raise TypeError(type(value).__name__)
    return [type(value).__name__, plain(value)]


def unpacked(data: object, more: tuple[type, ...] = ()) -> object:
    """The value that `packed` made the data of; raises ValueError for any other data."""
    kinds = {**_KINDS, **{kind.__name__: kind for kind in more}}
    match data:
        case [str(name), body] if name in kinds:
            return made(kinds[name], body)
    raise ValueError("no reading")
