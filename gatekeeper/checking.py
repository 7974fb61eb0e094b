"""`gatekeeper check`: judge, then write the report in every format that was asked for."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gatekeeper.comparison import Request
from gatekeeper.errors import UsageError
from gatekeeper.proceedings import Wish, report_on
from gatekeeper.report import LATER, RENDERERS, Look, render
from gatekeeper.verdict import Report


@dataclass(frozen=True, slots=True)
class Output:
    """A format, and the file it goes to (standard output when None)."""

    format: str
    file: Path | None


def run_check(arguments: argparse.Namespace) -> int:
    """Judge what the arguments ask for; the exit status is that of the verdict."""
    outputs = wanted(arguments.format)
    wish = Wish(
        Request(arguments.base, arguments.head, arguments.staged, arguments.worktree),
        config=arguments.config,
        binding=arguments.binding,
        only=frozenset(arguments.rule),
        no_run=arguments.no_run,
    )
    report = report_on(wish, arguments.folder, os.environ, datetime.now(UTC).date())
    for output in outputs:
        _write(report, output)
    return report.exit_code


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
    if name not in RENDERERS:
        raise UsageError(f"--format {name}: there is {', '.join(RENDERERS)}")
    if equals and not file:
        raise UsageError(f"--format {text}: name the file after the =")
    return Output(name, Path(file) if equals else None)


def _write(report: Report, output: Output) -> None:
    if output.file is None:
        text = render(report, output.format, look_of(sys.stdout.isatty(), os.environ))
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    text = render(report, output.format, Look())
    try:
        output.file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            f"--format {output.format}={output.file}: cannot be written: {error.strerror}"
        ) from None


def look_of(terminal: bool, environ: Mapping[str, str]) -> Look:
    """How the text report is to look here: its width, colour and character set."""
    from shutil import get_terminal_size

    colour = terminal and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    width = get_terminal_size((100, 24)).columns
    return Look(width=max(width, 40), color=colour, unicode=encoding.startswith("utf"))
