"""`gatekeeper check`: judge, then write the report in every format that was asked for."""

from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gatekeeper.comparison import Request
from gatekeeper.errors import UsageError
from gatekeeper.printing import put
from gatekeeper.proceedings import Wish, report_on
from gatekeeper.report import FORMATS, LATER
from gatekeeper.value import dataclass
from gatekeeper.verdict import Report

if TYPE_CHECKING:
    from argparse import Namespace
    from types import SimpleNamespace


@dataclass(frozen=True, slots=True)
class Output:
    """A format, and the file it goes to (standard output when None)."""

    format: str
    file: Path | None


def run_check(arguments: Namespace | SimpleNamespace) -> int:
    """Judge what the arguments ask for; the exit status is that of the verdict."""
    outputs = wanted(arguments.format)
    wish = Wish(
        Request(arguments.base, arguments.head, arguments.staged, arguments.worktree),
        config=arguments.config,
        binding=arguments.binding,
        only=frozenset(arguments.rule),
        no_run=arguments.no_run,
        given=tuple(arguments.reading),
    )
    report = report_on(wish, arguments.folder, os.environ, today())
    for output in outputs:
        _write(report, output, staged=arguments.staged)
    return report.exit_code


def today() -> date:
    """The day, in UTC, against which waivers are counted."""
    return datetime.now(UTC).date()


def wanted(formats: list[str]) -> tuple[Output, ...]:
    """The outputs that `--format` asks for; one at the most may go to standard output."""
    outputs = tuple(_output(text) for text in formats or ["text"])
    if sum(output.file is None for output in outputs) > 1:
        raise UsageError(
            "--format: only one format can go to standard output; give the others a file, "
            "as in --format json=report.json"
        )
    return outputs


def _output(text: str) -> Output:
    name, equals, file = text.partition("=")
    if name in LATER:
        raise UsageError(f"--format {name} is not available in this version")
    if name not in FORMATS:
        raise UsageError(f"--format {name}: there is {', '.join(FORMATS)}")
    if equals and not file:
        raise UsageError(f"--format {text}: name the file after the =")
    return Output(name, Path(file) if equals else None)


def _write(report: Report, output: Output, *, staged: bool) -> None:
    if output.file is None:
        here = output.format == "text"
        put(_for_here(report, staged=staged) if here else _rendered(report, output))
        return
    try:
        output.file.write_text(_rendered(report, output), encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            f"--format {output.format}={output.file}: cannot be written: {error.strerror}"
        ) from None


def _rendered(report: Report, output: Output) -> str:
    return FORMATS[output.format](report)


def _for_here(report: Report, *, staged: bool) -> str:
    """The text report as this terminal can show it; a passed local check takes few lines."""
    from gatekeeper.report.brief import brief, suffices
    from gatekeeper.report.terminal import terminal

    look = terminal(sys.stdout, os.environ)
    if staged and suffices(report):
        return brief(report, unicode=look.unicode)
    from gatekeeper.report.text import render

    return render(report, width=look.width, color=look.color, unicode=look.unicode, today=today())
