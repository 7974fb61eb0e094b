"""A pytest plugin that writes down what becomes of every test, in the process that runs them.

It imports nothing of gatekeeper, for it is copied into a folder of its own and loaded with
`-p` in the judged project's environment: Python 3.9 and pytest 7 are enough. What it writes,
and what can be made of it, is described in docs/recorder.md.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any

import pytest

_quoted = json.encoder.encode_basestring_ascii

SCHEMA = "gatekeeper.records/1"
ASKED = "GATEKEEPER_RECORDER"
_KEY = "gatekeeper"
MARKER = "contract(clause): a clause of the stage contract that this test is about"
_FINAL = ("passed", "failed", "skipped")
_PHASES = ("setup", "call", "teardown")
_PLAIN = len(("id", "path", "line", "phases"))
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
    if _KEY in getattr(config, "workerinput", {}):
        config.pluginmanager.register(Collected(), "gatekeeper-collected")
        config.pluginmanager.register(WorkersWitness(), "gatekeeper-witness")


class Recorder:
    """Writes the records, where the reports of all tests arrive; `write` takes whole lines."""

    def __init__(self, write: Callable[[bytes], object], config: pytest.Config) -> None:
        self._write = write
        self._collected, self._witness = Collected(), Witness()
        self._counts: dict[str, int] = {}
        self._open: dict[str, dict[str, Any]] = {}
        self._finished: set[str] = set()
        self._session: pytest.Session | None = None
        self._stopped = ""
        self._facts: dict[str, Any] | None = None
        said = {"schema": SCHEMA, "pytest": pytest.__version__, "root": str(config.rootpath)}
        self._put("begin", {**said, "python": platform.python_version()})

    def _put(self, kind: str, facts: Mapping[str, Any]) -> None:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        self._write(json.dumps({"record": kind, **facts}).encode() + b"\n")

    def _put_test(self, entry: dict[str, Any]) -> None:
        """A test that just passed is written without an encoder, which takes longer than it."""
        if len(entry) != _PLAIN or not all(when in _PHASES for when, _, _ in entry["phases"]):
            self._put("test", entry)
            return
        phases = ", ".join([f'["{when}", "passed", {took}]' for when, _, took in entry["phases"]])
        at = "null" if entry["line"] is None else entry["line"]
        told = f'"id": {_quoted(entry["id"])}, "path": {_quoted(entry["path"])}, "line": {at}'
        self._counts["test"] = self._counts.get("test", 0) + 1
        self._write(f'{{"record": "test", {told}, "phases": [{phases}]}}\n'.encode())

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
        node.workerinput[_KEY] = SCHEMA

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker of pytest-xdist is done; each of them has collected the same tests."""
        self._facts = self._facts or getattr(node, "workeroutput", {}).get(_KEY)

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Only a run that has a session can come to an end."""
        self._session = session

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase of one test; in a run with pytest-xdist, as its worker sent it."""
        self._witness.tell(report)
        name = report.nodeid
        entry = self._open.get(name)
        if entry is None:
            path, line = report.location[:2]
            entry = {"id": name, "path": path, "line": line, "phases": []}
            self._open[name] = entry
        of_subtest = _is_of_subtest(report)
        when = "subtest" if of_subtest else report.when
        entry["phases"].append((when, report.outcome, round(report.duration, 6)))
        more = report.__dict__
        if report.outcome != "passed" and not of_subtest:
            entry["reason"] = _reason(report)
            if report.outcome not in _FINAL:
                entry["again"] = True
        if "wasxfail" in more:
            entry["xfail"] = str(more["wasxfail"])[:_LONGEST]
        if "gatekeeper_raised" in more:
            entry["raised"] = more["gatekeeper_raised"]

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """All that there is to say of a test has been said, unless it is to be run again."""
        entry = self._open.pop(nodeid, None)
        if entry is None:
            return
        if entry.pop("again", None):
            kept = {name: entry[name] for name in ("id", "path", "line")}
            self._open[nodeid] = {**kept, "phases": [], "reruns": entry.get("reruns", 0) + 1}
        else:
            self._finished.add(nodeid)
            self._put_test(entry)

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
        for name, clauses in facts["contracts"].items():
            self._put("contract", {"id": name, "clauses": clauses})
        for each in () if planned is None else planned:
            if each not in self._finished:
                self._put("unfinished", {"id": each})
        early = session.shouldfail or session.shouldstop or ""
        self._put(
            "end",
            {
                "counts": dict(self._counts),
                "planned": None if planned is None else len(planned),
                "collect_only": bool(session.config.option.collectonly),
                "stopped": self._stopped or str(early)[:_LONGEST],
                "status": status,
            },
        )
        self._session = None


def _is_of_subtest(report: pytest.TestReport) -> bool:
    return type(report).__name__ in ("SubtestReport", "SubTestReport")


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


class Witness:
    """Sees with its own eyes whether a test raised, and says so on the report of its call."""

    def __init__(self) -> None:
        self._raised: dict[str, str] = {}

    @pytest.hookimpl(hookwrapper=True, trylast=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, None]:
        """As close to the test as can be: what others wrap around it cannot hide its error."""
        done = yield
        kept = getattr(item, "_excinfo", None)  # where pytest keeps the errors of unittest
        if done.excinfo is not None:
            self._raised[item.nodeid] = done.excinfo[0].__name__
        elif kept:
            self._raised[item.nodeid] = kept[0].typename
        elif self._raised:
            self._raised.pop(item.nodeid, None)

    def tell(self, report: pytest.TestReport) -> None:
        """Say on the report what was seen."""
        if self._raised and report.when == "call" and not _is_of_subtest(report):
            raised = self._raised.pop(report.nodeid, None)
            if raised is not None:
                report.__dict__["gatekeeper_raised"] = raised


class WorkersWitness(Witness):
    """Speaks up before a worker of pytest-xdist sends its report off."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The controller sees what is on the report, and no more."""
        self.tell(report)


class Collected:
    """What was collected and what of it was left out, in the process that collects."""

    def __init__(self) -> None:
        self._before: list[str] = []
        self._deselected: list[str] = []
        self._planned: list[str] | None = None
        self._contracts: dict[str, list[str]] = {}

    def facts(self) -> dict[str, Any]:
        """Ids that were to run, ids left out, and what tests say of the contract."""
        planned = set(self._planned or ())
        left = [each for each in (*self._deselected, *self._before) if each not in planned]
        return {
            "planned": self._planned,
            "deselected": list(dict.fromkeys(left)),
            "contracts": self._contracts,
        }

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """What was collected: not all who leave something out of it say so."""
        self._before = [item.nodeid for item in items]

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """What was collected and is not going to run."""
        self._deselected += [item.nodeid for item in items]

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """What is going to run."""
        self._planned = [item.nodeid for item in session.items]
        for item in session.items:
            if clauses := [str(arg) for mark in item.iter_markers("contract") for arg in mark.args]:
                self._contracts[item.nodeid] = clauses

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A worker of pytest-xdist hands over what it knows."""
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[_KEY] = self.facts()
