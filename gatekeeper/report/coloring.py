"""Lines in the 16 colours of ANSI; all that rich is asked for, and only where there is colour."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from gatekeeper.report.line import Line


def colored(lines: Iterable[Line]) -> str:
    """The lines as a string that ends in a line feed. The environment is not asked."""
    stream = io.StringIO()
    console = Console(
        file=stream,
        force_terminal=True,
        color_system="standard",
        no_color=False,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ={},
    )
    for line in lines:
        console.print(Text.assemble(*line.parts), soft_wrap=True)
    return stream.getvalue()
