"""A place of SQL in a source, and how the string that stands there reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from gatekeeper.migrations.query_makers import Maker
from gatekeeper.migrations.query_pieces import Options, Pieces, constant, sketched
from gatekeeper.migrations.query_shape import Reads, reads
from gatekeeper.value import dataclass, field

EXEC = "exec"
_GOES_ON = re.compile(r"\b(?:select|from|into|set|values|where|table|order\s+by)\s", re.IGNORECASE)
OF_ANOTHER = "storage.sql"
"""What a Durable Object's own SQL is handed to."""


class Site(NamedTuple):
    """A string: where, in which class or function, what takes it, and what it can be.

    `via` is the call that it is handed to, "" where it only reads as SQL. One that is `assembled`
    is all of what is put together in several steps, of which some may be left out. `foreign` says
    where the text comes from that no constant holds.
    """

    line: int
    column: int
    symbol: str
    via: str
    options: Options
    assembled: bool = False
    foreign: str = ""


@dataclass(frozen=True, slots=True)
class Strings:
    """What a file holds: its SQL, calls that make tables, and constants that others may use.

    `fragments` are those that a tag puts into SQL as they are, where it binds all other values;
    `passed` says by `module:name` what a name of another file is, `stars` are the modules whose
    names are all passed on, `faults` the lines that its grammar cannot read.
    """

    sites: tuple[Site, ...]
    makers: tuple[Maker, ...]
    constants: Mapping[str, Options]
    fragments: Mapping[str, Options] = field(default_factory=dict)
    passed: Mapping[str, str] = field(default_factory=dict)
    stars: tuple[str, ...] = ()
    faults: tuple[int, ...] = ()


def begins_elsewhere(pieces: Pieces) -> bool:
    """Whether it begins with a constant of another file, which says what it is."""
    return bool(pieces) and ":" in pieces[0].hole


def headless(pieces: Pieces) -> str:
    """What begins a string that goes on as SQL does, where that is not known; "" elsewhere."""
    first = pieces[0].hole if pieces else ""
    text = "".join(each.text for each in pieces)
    return first if first and ":" not in first and _GOES_ON.search(text) else ""


def is_said_by_call(pieces: Pieces, via: str) -> bool:
    """Whether a constant's name in a call says more than the constant does where it stands."""
    if reads_as(pieces, handed=True) is Reads.NOT:
        return False
    return via in (EXEC, OF_ANOTHER) or reads_as(pieces, handed=False) is Reads.NOT


def reads_as(pieces: Pieces, *, handed: bool) -> Reads:
    """How a string reads; one with holes by the rest of it."""
    text = constant(pieces)
    if text is not None:
        return reads(text, handed=handed)
    return reads(sketched(pieces), handed=handed)
