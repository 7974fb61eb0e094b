"""A pytest plugin that writes down what becomes of every test, in the process that runs them.

Nothing in this package imports anything else of gatekeeper, for it is copied into a folder of
its own and loaded with `-p` in the judged project's environment: Python 3.9, pytest 7 and
pluggy 1.2 are enough. What is written, and what can be made of it, is in docs/recorder.md.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from .collected import KEY, Collected
from .witness import Witness, WorkersWitness, is_of_subtest

_quoted = json.encoder.encode_basestring_ascii

SCHEMA = "gatekeeper.records/1"
ASKED = "GATEKEEPER_RECORDER"
MARKER = "contract(clause): a clause of the stage contract that this test is about"
_FINAL = ("passed", "failed", "skipped")
_PHASES = ("setup", "call", "teardown")
_AT_ONCE = 50
_LONGEST = 500
_MOST_WARNINGS = 1000


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Open the file before any conftest is imported, and leave no trace of the order.

    The environment is put back as it was: a pytest that a test starts is none of our business.
    """
    asked = os.environ.pop(ASKED, "")
    if not asked:
        return
    order = json.loads(asked)
    for name, value in order["restore"].items():
        os.environ.pop(name, None)
        os.environ.update({} if value is None else {name: value})
    # Appended to: of two runs in one command each would be half of the truth, and is seen.
    target = os.open(order["records"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    recorder = Recorder(lambda line: os.write(target, line), early_config)
    early_config.pluginmanager.register(recorder, "gatekeeper-recorder")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known; in a worker of pytest-xdist, look on for the controller."""
    config.addinivalue_line("markers", MARKER)
    if KEY in getattr(config, "workerinput", {}):
        config.pluginmanager.register(Collected(), "gatekeeper-collected")
        config.pluginmanager.register(WorkersWitness(), "gatekeeper-witness")


class Recorder:
    """Writes the records, where the reports of all tests arrive; `write` takes whole lines.

    Tests that passed are written some at a time: a run that dies is not read in any case.
    """

    def __init__(self, write: Callable[[bytes], object], config: pytest.Config) -> None:
        self._write = write
        self._lines: list[str] = []
        self._collected, self._witness = Collected(), Witness()
        self._counts: dict[str, int] = {"test": 0}
        self._open: dict[str, list[str]] = {}  # which test, then its phases: in JSON already
        self._more: dict[str, dict[str, Any]] = {}
        self._finished: set[str] = set()
        self._session: pytest.Session | None = None
        self._stopped = ""
        self._facts: dict[str, Any] | None = None
        said = {"schema": SCHEMA, "pytest": pytest.__version__, "root": str(config.rootpath)}
        self._put("begin", {**said, "python": platform.python_version()})

    def _put(self, kind: str, facts: Mapping[str, Any]) -> None:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        self._lines.append(json.dumps({"record": kind, **facts}) + "\n")
        self._flush()

    def _flush(self) -> None:
        self._write("".join(self._lines).encode())
        self._lines = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Look on as well, for without pytest-xdist the tests run in this process."""
        config.pluginmanager.register(self._collected, "gatekeeper-collected")
        config.pluginmanager.register(self._witness, "gatekeeper-witness")

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_setupnodes(self, config: pytest.Config) -> None:
        """Workers of pytest-xdist take the command line's plugins, but not the environment's."""
        said = config.invocation_params
        arguments = (*said.args, "-p", __name__)
        config.invocation_params = pytest.Config.InvocationParams(
            args=arguments, plugins=said.plugins, dir=said.dir
        )

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """A worker of pytest-xdist is about to start."""
        node.workerinput[KEY] = SCHEMA

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker of pytest-xdist is done; each of them has collected the same tests."""
        self._facts = self._facts or getattr(node, "workeroutput", {}).get(KEY)

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Only a run that has a session can come to an end."""
        self._session = session

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase of one test; in a run with pytest-xdist, as its worker sent it.

        Of most tests there is nothing else to say, and saying that must cost next to nothing.
        """
        if self._witness.raised:
            self._witness.tell(report)
        said = report.__dict__
        told = self._open.get(report.nodeid)
        if told is None:
            told = self._open[report.nodeid] = [_place(report)]
        if (
            report.outcome == "passed"
            and report.when in _PHASES
            and type(report) is pytest.TestReport
            and "wasxfail" not in said
            and "gatekeeper_raised" not in said
        ):
            told.append(f'["{report.when}", "passed", {report.duration:.6f}]')
        else:
            self._note(told, report)

    def _note(self, told: list[str], report: pytest.TestReport) -> None:
        of_subtest = is_of_subtest(report)
        when = "subtest" if of_subtest else str(report.when)
        told.append(f"[{_quoted(when)}, {_quoted(report.outcome)}, {report.duration:.6f}]")
        more, said = self._more.setdefault(report.nodeid, {}), report.__dict__
        if report.outcome != "passed" and not of_subtest:
            more["reason"] = _reason(report)
            if report.outcome not in _FINAL:
                more["again"] = True
        if "wasxfail" in said:
            more["xfail"] = str(said["wasxfail"])[:_LONGEST]
        if "gatekeeper_raised" in said:
            more["raised"] = said["gatekeeper_raised"]

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """All that there is to say of a test has been said, unless it is to be run again."""
        told = self._open.pop(nodeid, None)
        if told is None:
            return
        more = self._more.pop(nodeid, None) if self._more else None
        if more and more.pop("again", None):
            self._open[nodeid] = told[:1]
            self._more[nodeid] = {"reruns": more.get("reruns", 0) + 1}
            return
        self._finished.add(nodeid)
        self._counts["test"] += 1
        facts = f", {json.dumps(more)[1:-1]}" if more else ""
        phases = ", ".join(told[1:])
        self._lines.append(f'{{"record": "test", {told[0]}, "phases": [{phases}]{facts}}}\n')
        if more or len(self._lines) == _AT_ONCE:
            self._flush()

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file, or a part of one, of which the tests are not known or all skipped."""
        if not report.passed:
            kind = "skipped" if report.skipped else "uncollected"
            self._put(kind, {"id": report.nodeid, "reason": _reason(report)})

    def pytest_warning_recorded(self, warning_message: Any, nodeid: str) -> None:
        """A warning, from wherever it came."""
        if self._counts.get("warning", 0) < _MOST_WARNINGS:
            text = f"{warning_message.category.__name__}: {warning_message.message}"[:_LONGEST]
            where = f"{warning_message.filename}:{warning_message.lineno}"
            self._put("warning", {"id": nodeid, "text": text, "where": where})

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Somebody or something broke off the run."""
        self._stopped = self._stopped or f"{excinfo.typename}: {excinfo.value}"[:_LONGEST]

    def pytest_internalerror(self, excrepr: object) -> None:
        """Pytest itself, or a plugin of it, failed."""
        self._stopped = self._stopped or f"internal error: {str(excrepr)[-_LONGEST:]}"

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """The last word, once nothing can change the exit status any more."""
        if self._session is not None:
            self.conclude(self._session, int(getattr(self._session, "exitstatus", -1)))

    def conclude(self, session: pytest.Session, status: int) -> None:
        """Write down what is still open, and the end with all counts."""
        for name in tuple(self._open):
            self.pytest_runtest_logfinish(name)
        facts = self._facts or self._collected.facts()
        planned = facts["planned"]
        for each in facts["deselected"]:
            self._put("deselected", {"id": each})
        if facts["modules"]:
            self._put("modules", {"files": facts["modules"]})
        for name, clauses in facts["contracts"].items():
            self._put("contract", {"id": name, "clauses": clauses})
        for each in () if planned is None else planned:
            if each not in self._finished:
                self._put("unfinished", {"id": each})
        early = session.shouldfail or session.shouldstop or ""
        self._put(
            "end",
            {
                "counts": {kind: count for kind, count in self._counts.items() if count},
                "planned": None if planned is None else len(planned),
                "collect_only": bool(session.config.option.collectonly),
                "stopped": self._stopped or str(early)[:_LONGEST],
                "status": status,
            },
        )
        self._session = None


def _place(report: pytest.TestReport) -> str:
    path, line = report.location[:2]
    at = "null" if line is None else line
    return f'"id": {_quoted(report.nodeid)}, "path": {_quoted(path)}, "line": {at}'


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The first line of why a test failed, or why it was skipped."""
    told: Any = report.longrepr
    if isinstance(told, tuple):
        return str(told[2])[:_LONGEST]
    crash = getattr(told, "reprcrash", None)
    if crash is not None:
        return str(crash.message).strip().partition("\n")[0][:_LONGEST]
    lines = str(told).strip().splitlines() or [""]
    return next((line[1:].strip() for line in lines if line.startswith("E ")), lines[-1])[:_LONGEST]
