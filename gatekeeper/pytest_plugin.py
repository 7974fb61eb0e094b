"""The pytest plugin: with `--gatekeeper`, the gate speaks at the end of a test run."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gatekeeper.recorder import MARKER, Recorder

if TYPE_CHECKING:
    from gatekeeper.verdict import Report

TITLE = "gatekeeper"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--gatekeeper`, off unless asked for."""
    group = parser.getgroup(TITLE)
    group.addoption(
        "--gatekeeper",
        action="store_true",
        help="judge the change against its stage contract when the tests are done "
        "(self-reported: the tests run in the same process)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Judge on the controller only; the workers of pytest-xdist look on for it."""
    config.addinivalue_line("markers", MARKER)
    if config.getoption("--gatekeeper") and not hasattr(config, "workerinput"):
        records: list[bytes] = []
        recorder = Recorder(records.append, config)
        config.pluginmanager.register(recorder, "gatekeeper-recorder")
        config.pluginmanager.register(Gate(config.rootpath, recorder, records), "gatekeeper-gate")


@dataclass
class Gate:
    """Judges once the tests have run, early enough for output and exit status to agree."""

    folder: Path
    recorder: Recorder
    records: list[bytes]
    report: Report | None = None
    trouble: str = ""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """After the last test, and before pytest decides on its exit status.

        By `pytest_sessionfinish` the summary line has been decided on; a failure counted
        here shows in both (pytest-cov does the same).
        """
        result = yield
        if not session.config.option.collectonly:
            self.recorder.conclude(session, _status(session))
            self._judge()
            if not self._passed():
                session.testsfailed = max(session.testsfailed, 1)
        return result

    def _judge(self) -> None:
        from datetime import UTC, datetime

        from gatekeeper.errors import GatekeeperError
        from gatekeeper.own_run import own_readings
        from gatekeeper.proceedings import Wish, report_on

        own = partial(own_readings, b"".join(self.records))
        today = datetime.now(UTC).date()
        try:
            self.report = report_on(Wish(), self.folder, os.environ, today, own=own)
        except GatekeeperError as error:
            self.trouble = str(error)

    def _passed(self) -> bool:
        return self.report is not None and self.report.exit_code == 0

    @pytest.hookimpl
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show the report as a section of the summary."""
        if self.report is None and not self.trouble:
            return
        terminalreporter.section(TITLE)
        for line in self._told(colour=terminalreporter.hasmarkup).splitlines():
            terminalreporter.write_line(line)

    def _told(self, *, colour: bool) -> str:
        from gatekeeper.report.escape import visible
        from gatekeeper.report.terminal import terminal
        from gatekeeper.report.text import render

        if self.report is None:
            return "\n".join(visible(line) for line in self.trouble.split("\n"))
        look = terminal(sys.stdout, os.environ)
        return render(self.report, width=look.width, color=colour, unicode=look.unicode)


def _status(session: pytest.Session) -> pytest.ExitCode:
    """What pytest would end with, as far as the tests go."""
    if session.testsfailed:
        return pytest.ExitCode.TESTS_FAILED
    return pytest.ExitCode.OK if session.testscollected else pytest.ExitCode.NO_TESTS_COLLECTED
