"""The pytest plugin: with `--gatekeeper`, the gate speaks at the end of a test run."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest

from gatekeeper.recorder import MARKER, Recorder
from gatekeeper.recorder.contexts import Contexts, copy_data, measurement

if TYPE_CHECKING:
    from gatekeeper.own_run import OwnRun
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
        config.pluginmanager.register(Contexts(), "gatekeeper-contexts")
        config.pluginmanager.register(Gate(config, recorder, records), "gatekeeper-gate")


@dataclass
class Gate:
    """Judges once the tests have run, early enough for output and exit status to agree."""

    config: pytest.Config
    recorder: Recorder
    records: list[bytes]
    report: Report | None = None
    trouble: str = ""
    said: str = ""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """After the last test, and before pytest decides on its exit status.

        By `pytest_sessionfinish` the summary line has been decided on; a failure counted
        here shows in both (pytest-cov does the same, within this, and its data are whole).
        """
        try:
            result = yield
        except BaseException as error:
            why = f"{type(error).__name__}: {error}".rstrip(": ")
            self.trouble = f"not judged, for the run did not come to its end: {why}"
            raise
        if not session.config.option.collectonly:
            self.recorder.conclude(session, _status(session))
            with TemporaryDirectory(prefix="gatekeeper-") as folder:
                self._judge(self._run(Path(folder)))
            if not self._passed():
                session.testsfailed = max(session.testsfailed, 1)
        return result

    def _run(self, folder: Path) -> OwnRun:
        from gatekeeper.own_run import OwnRun

        records, started = b"".join(self.records), self.config.invocation_params.dir
        measured = _whole_measurement(self.config)
        if measured is None or not copy_data(measured, str(folder / "data")):
            return OwnRun(records, started)
        settings = str(measured.config.config_file or "")
        return OwnRun(records, started, folder / "data", settings)

    def _judge(self, run: OwnRun) -> None:
        from datetime import UTC, datetime

        from gatekeeper.errors import GatekeeperError
        from gatekeeper.own_run import own_readings
        from gatekeeper.proceedings import Wish, report_on

        own, today = partial(own_readings, run), datetime.now(UTC).date()
        try:
            self.report = report_on(Wish(), self.config.rootpath, os.environ, today, own=own)
            self.said = "the outcomes and the coverage" if run.data else "the outcomes"
        except GatekeeperError as error:
            self.trouble = str(error)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A run that was broken off can still ask to end well; nothing has been judged then."""
        if self.trouble and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

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
        if self.said:
            terminalreporter.write_line(f"self-reported: {self.said} of this very run")

    def _told(self, *, colour: bool) -> str:
        from gatekeeper.report.escape import visible
        from gatekeeper.report.terminal import terminal
        from gatekeeper.report.text import render

        if self.report is None:
            return "\n".join(visible(line) for line in self.trouble.split("\n"))
        look = terminal(sys.stdout, os.environ)
        return render(self.report, width=look.width, color=colour, unicode=look.unicode)


def _whole_measurement(config: pytest.Config) -> Any:
    """What has measured all of this run; None where nothing did, or not in every process."""
    plugin = config.pluginmanager.getplugin("_cov")
    controller = getattr(plugin, "cov_controller", None)
    if controller is None and config.pluginmanager.hasplugin("dsession"):
        return None
    return None if getattr(controller, "failed_workers", None) else measurement(config)


def _status(session: pytest.Session) -> pytest.ExitCode:
    """What pytest would end with, as far as the tests go."""
    if session.testsfailed:
        return pytest.ExitCode.TESTS_FAILED
    return pytest.ExitCode.OK if session.testscollected else pytest.ExitCode.NO_TESTS_COLLECTED
