"""What the place that text is written to can show: how wide, in colour, in Unicode."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TextIO

from gatekeeper.printing import shows_unicode
from gatekeeper.report.text import WIDTH
from gatekeeper.value import dataclass


@dataclass(frozen=True, slots=True)
class Terminal:
    """The arguments of `text.render` that depend on where its result goes."""

    width: int = WIDTH
    color: bool = False
    unicode: bool = True


def terminal(stream: TextIO, environ: Mapping[str, str]) -> Terminal:
    """What `stream` can show. `NO_COLOR` (no-color.org) wins over `FORCE_COLOR`."""
    return Terminal(_width(stream, environ), _color(stream, environ), shows_unicode(stream))


def _width(stream: TextIO, environ: Mapping[str, str]) -> int:
    columns = environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns[:6]) > 0:
        return int(columns[:6])
    if stream.isatty():
        try:
            return os.get_terminal_size(stream.fileno()).columns or WIDTH
        except OSError:
            return WIDTH
    return WIDTH


def _color(stream: TextIO, environ: Mapping[str, str]) -> bool:
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and environ.get("TERM") != "dumb"
