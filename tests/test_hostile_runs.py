"""Tests and conftests that make pytest say yes to a failing test; none makes a reading say so."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from gatekeeper.reading.pytest_method import PytestMethod
from gatekeeper.reading.tests import TestRun
from gatekeeper.reading.unusable import Unusable
from gatekeeper.terms import ReadingPlan
from tests.rooms import room_of, taken

WRONG = "def test_wrong():\n    assert 1 + 1 == 3\n"
RIGHT = "def test_right():\n    assert 1 + 1 == 2\n"
OLD = (
    "import unittest\n\nclass TestOld(unittest.TestCase):\n"
    "    def test_wrong(self):\n        self.assertEqual(1, 2)\n"
)


def _said(folder: Path, files: Mapping[str, str], command: str = "pytest", **env: str) -> str:
    """What is read of the wrong test, "read" before it, or why the run cannot be used."""
    room = room_of(folder, {name: dedent(text) for name, text in files.items()}, **env)
    try:
        run = taken(PytestMethod(), ReadingPlan(run=command), room)
    except Unusable as unusable:
        return str(unusable)
    assert isinstance(run, TestRun)
    outcomes = [ran.outcome.value for ran in run.tests.values() if ran.id.endswith("test_wrong")]
    left = [f"deselected {name}" for name in run.deselected]
    return " ".join(
        ["read", *outcomes, *left, *(f"uncollected {each.path}" for each in run.uncollected)]
    )


CONFTESTS: Mapping[str, tuple[str, str]] = {
    "a report is changed as it is made": (
        """
        import pytest
        @pytest.hookimpl(hookwrapper=True)
        def pytest_runtest_makereport(item, call):
            result = yield
            result.get_result().outcome = "passed"
        """,
        "and was reported as passed",
    ),
    "the report of one test is changed as it is made": (
        """
        import pytest
        @pytest.hookimpl(hookwrapper=True, tryfirst=True)
        def pytest_runtest_makereport(item, call):
            result = yield
            if item.name == "test_wrong":
                result.get_result().outcome = "passed"
        """,
        "test_wrong raised AssertionError and was reported as passed",
    ),
    "the error of one test is taken away before a report is made": (
        """
        import pytest
        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_makereport(item, call):
            if item.name == "test_wrong":
                call.excinfo = None
        """,
        "test_wrong raised AssertionError and was reported as passed",
    ),
    "the error of one test is swallowed around the call": (
        """
        import pytest
        @pytest.hookimpl(wrapper=True, tryfirst=True)
        def pytest_runtest_call(item):
            try:
                return (yield)
            except AssertionError:
                if item.name != "test_wrong":
                    raise
        """,
        "test_wrong raised AssertionError and was reported as passed",
    ),
    "a report is changed as it is logged": (
        """
        import pytest
        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_logreport(report):
            report.outcome = "passed"
        """,
        "and was reported as passed",
    ),
    "the report of one test is changed as it is logged": (
        """
        import pytest
        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_logreport(report):
            if "test_wrong" in report.nodeid:
                report.outcome = "passed"
        """,
        "test_wrong raised AssertionError and was reported as passed",
    ),
    "the report of one test is changed after it was recorded": (
        """
        import pytest
        def pytest_runtest_logreport(report):
            if "test_wrong" in report.nodeid:
                report.outcome = "passed"
        """,
        "test_wrong is recorded as failed, the JUnit file says passed",
    ),
    "no test is called": (
        """
        import pytest
        @pytest.hookimpl(tryfirst=True)
        def pytest_pyfunc_call(pyfuncitem):
            return True
        """,
        "a test of ours that must fail passed",
    ),
    "no test is run": (
        """
        import pytest
        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_protocol(item):
            return True
        """,
        "4 tests did not run to their end",
    ),
    "one test is not run": (
        """
        import pytest
        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_protocol(item):
            return True if item.name == "test_wrong" else None
        """,
        "1 tests did not run to their end",
    ),
    "every test function is another one": (
        """
        def pytest_collection_modifyitems(items):
            for item in items:
                item.obj = lambda: None
        """,
        "a test of ours that must fail passed",
    ),
    "every test function becomes another one when it is collected": (
        """
        def pytest_itemcollected(item):
            item.obj = lambda: None
        """,
        "a test of ours that must fail passed",
    ),
    "a fixture for all makes every test another one": (
        """
        import pytest
        @pytest.fixture(autouse=True)
        def settled(request):
            request.node.obj = lambda: None
        """,
        "a test of ours that must fail passed",
    ),
    "pytest's own runner is another one": (
        """
        import _pytest.python
        _pytest.python.Function.runtest = lambda self: None
        """,
        "a test of ours that must fail passed",
    ),
    "reports are made by another function": (
        """
        from _pytest.reports import TestReport
        made = TestReport.from_item_and_call.__func__
        def make(cls, item, call):
            call.excinfo = None
            return made(cls, item, call)
        TestReport.from_item_and_call = classmethod(make)
        """,
        "cannot be trusted",
    ),
    "a test that is left out is not missed": (
        """
        def pytest_collection_modifyitems(items):
            items[:] = [each for each in items if each.name != "test_wrong"]
        """,
        "read deselected t/test_a.py::test_wrong",
    ),
    "a test is taken from those to run when they are known": (
        """
        import pytest
        @pytest.hookimpl(tryfirst=True)
        def pytest_runtestloop(session):
            session.items[:] = [each for each in session.items if each.name != "test_wrong"]
        """,
        "1 tests did not run to their end",
    ),
    "every test is skipped": (
        """
        import pytest
        def pytest_collection_modifyitems(items):
            for item in items:
                item.add_marker(pytest.mark.skip)
        """,
        "cannot be trusted",
    ),
    "every test may fail": (
        """
        import pytest
        def pytest_collection_modifyitems(items):
            for item in items:
                item.add_marker(pytest.mark.xfail)
        """,
        "cannot be trusted",
    ),
    "one test may fail": (
        """
        import pytest
        def pytest_collection_modifyitems(items):
            for item in items:
                if item.name == "test_wrong":
                    item.add_marker(pytest.mark.xfail)
        """,
        "read failed as expected",
    ),
    "the tests' files are not looked at": (
        """
        collect_ignore_glob = ["test_*.py"]
        """,
        "read",
    ),
    "nothing is run at all": (
        """
        def pytest_cmdline_main(config):
            return 0
        """,
        "the run did not come to its end",
    ),
    "the loop over the tests does nothing": (
        """
        import pytest
        @pytest.hookimpl(tryfirst=True)
        def pytest_runtestloop(session):
            return True
        """,
        "4 tests did not run to their end",
    ),
    "the exit status is another one": (
        """
        import pytest
        @pytest.hookimpl(trylast=True)
        def pytest_sessionfinish(session):
            session.exitstatus = 0
        """,
        "pytest ended with exit status 0",
    ),
    "the process ends with another exit status": (
        """
        import atexit, os
        atexit.register(os._exit, 0)
        """,
        "the command ended with exit status 0",
    ),
    "a hook ends pytest well": (
        """
        import pytest
        def pytest_runtest_setup(item):
            pytest.exit("enough", returncode=0)
        """,
        "the run was broken off: Exit: enough",
    ),
    "importing the conftest ends the process well": (
        """
        import sys
        sys.exit(0)
        """,
        "the run did not come to its end",
    ),
    "importing the conftest ends the process well, at once": (
        """
        import os
        os._exit(0)
        """,
        "the run did not come to its end",
    ),
    "the JUnit file is written anew at the end": (
        """
        import atexit, pathlib, re
        def pytest_configure(config):
            file = pathlib.Path(config.option.xmlpath)
            atexit.register(lambda: file.write_text(
                re.sub("<failure.*?</failure>", "", file.read_text(), flags=re.DOTALL)))
        """,
        "the JUnit file says passed",
    ),
    "the records are cut at the end": (
        """
        import atexit, pathlib
        def pytest_configure(config):
            folder = pathlib.Path(config.option.xmlpath).parent
            def cut():
                for file in folder.glob("*.jsonl"):
                    lines = file.read_text().splitlines(keepends=True)
                    file.write_text("".join(line for line in lines if "test_wrong" not in line))
            atexit.register(cut)
        """,
        "do not add up",
    ),
    "there is no JUnit plugin": (
        """
        def pytest_configure(config):
            config.option.xmlpath = None
        """,
        "pytest wrote no JUnit file",
    ),
    "the canaries are thrown away": (
        """
        import pytest
        def pytest_collection_finish(session):
            session.items[:] = [each for each in session.items if hasattr(each.module, '__file__')]
        """,
        "in t tests passed, and those of ours beside them did not run",
    ),
    "failing is done by a function that does nothing": (
        """
        import unittest
        unittest.TestCase.assertEqual = lambda *_: None
        """,
        "a test of ours that must fail passed",
    ),
}

# Hooks that pytest only knows of when their conftest is there from the start.
AT_THE_START = (
    "nothing is run at all",
    "importing the conftest ends the process well",
    "importing the conftest ends the process well, at once",
    "there is no JUnit plugin",
)


@pytest.mark.parametrize("case", CONFTESTS)
def test_a_conftest_makes_no_failing_test_pass(tmp_path: Path, case: str) -> None:
    conftest, expected = CONFTESTS[case]
    place = "conftest.py" if case in AT_THE_START else "t/conftest.py"
    tests = OLD if "unittest" in case + conftest else WRONG + RIGHT

    said = _said(tmp_path, {place: conftest, "t/test_a.py": tests})

    assert expected in said


TESTS = {
    "the process ends well": ("import os\ndef test_wrong():\n    os._exit(0)\n", "come to its end"),
    "the process is killed": (
        "import os\ndef test_wrong():\n    os.kill(os.getpid(), 11)\n",
        "come to its end",
    ),
    "pytest is told to stop": (
        "import pytest\ndef test_wrong():\n    pytest.exit('enough', returncode=1)\n",
        "the run was broken off: Exit: enough",
    ),
    "somebody presses Ctrl+C": (
        "def test_wrong():\n    raise KeyboardInterrupt\n",
        "the run was broken off: KeyboardInterrupt",
    ),
    "the code under test leaves": (
        "import sys\ndef test_wrong():\n    sys.exit(0)\n",
        "read failed",
    ),
    "importing the file leaves": ("import sys\nsys.exit(0)\n", "the run was broken off"),
    "it is expected to fail": (
        OLD.replace("    def", "    @unittest.expectedFailure\n    def"),
        "read failed as expected",
    ),
    "it skips itself": (
        "import unittest\ndef test_wrong():\n    raise unittest.SkipTest('x')\n",
        "read skipped",
    ),
    "it is called otherwise": ("def _test_wrong():\n    assert 0\n", "read"),
    "its class has a constructor": (
        "class TestA:\n    def __init__(self): pass\n    def test_wrong(self): assert 0\n",
        "read",
    ),
    "it is a plugin of its own": (
        "pytest_plugins = ['plug']\ndef test_wrong():\n    assert 0\n",
        "and was reported as passed",
    ),
    "a thread ends the process while the last words are said": (
        (
            "import os, threading\n"
            "def test_wrong(): threading.Timer(0.01, os._exit, [1]).start()\n"
            "def test_long(): threading.Event().wait(5)\n"
        ),
        "come to its end",
    ),
}

PLUGIN = """
import pytest
@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    result = yield
    result.get_result().outcome = "passed"
"""


@pytest.mark.parametrize("case", TESTS)
def test_a_test_file_makes_no_failing_test_pass(tmp_path: Path, case: str) -> None:
    content, expected = TESTS[case]

    said = _said(tmp_path, {"conftest.py": "", "plug.py": PLUGIN, "test_a.py": content})

    assert expected in said


COMMANDS = {
    "a command after it hides the failure": ("pytest || true", "goes on after pytest"),
    "another line hides the failure": ("pytest\ntrue", "goes on after pytest"),
    "a pipe hides the failure": ("pytest | tee log", "goes on after pytest"),
    "a second run would not be reached": ("pytest t && pytest u", "goes on after pytest"),
    "a function hides the failure": (
        "run() { python -m pytest; return 0; }; run",
        "goes on after pytest",
    ),
    "a script hides the failure": ("sh ./run.sh", "the command ended with exit status 0"),
    "a script runs it twice": ("sh ./twice.sh", "the records of more than one run"),
    "nothing but collecting": ("pytest --collect-only", "only collected"),
    "nothing but setting up": ("pytest --setup-only", "did not run to its end"),
    "help": ("pytest --help", "come to its end"),
    "something else": ("true", "pytest did not get as far as its tests: exit status 0"),
    "nothing": ("", "pytest did not get as far as its tests"),
    "no shell line": ("pytest '", "is no shell line"),
    "without our plugins": ("PYTEST_ADDOPTS= pytest", "did not get as far"),
    "without the canaries": ("pytest -p no:gatekeeper_canaries", "wrote no JUnit file"),
    "without the recorder": ("pytest -p no:gatekeeper_recorder", "did not get as far"),
    "without assertions": ("python -O -m pytest", "a test of ours that must fail passed"),
    "an option that is none": ("pytest --no-such-option", "did not come to its end"),
}


@pytest.mark.parametrize("case", COMMANDS)
def test_a_command_makes_no_failing_test_pass(tmp_path: Path, case: str) -> None:
    command, expected = COMMANDS[case]
    files = {
        "t/test_a.py": WRONG,
        "u/test_b.py": RIGHT,
        "run.sh": "pytest\ntrue\n",
        "twice.sh": "pytest u\npytest t -k nothing\n",
    }

    assert expected in _said(tmp_path, files, command)


@pytest.mark.parametrize(
    ("name", "value"),
    [("PYTHONOPTIMIZE", "1"), ("PYTEST_ADDOPTS", "--co"), ("PYTEST_PLUGINS", "p")],
)
def test_an_environment_makes_no_failing_test_pass(tmp_path: Path, name: str, value: str) -> None:
    said = _said(
        tmp_path, {"t/test_a.py": WRONG, "p.py": PLUGIN}, "python -m pytest", **{name: value}
    )

    assert any(each in said for each in ("cannot be trusted", "only collected"))


WORKERS = {
    "a worker that is killed": (
        {"test_a.py": "import os\ndef test_wrong():\n    os.kill(os.getpid(), 9)\n"},
        "read failed",
    ),
    "a report that is changed in the worker": ({"conftest.py": PLUGIN}, "reported as passed"),
    "a report that is changed in the controller": (
        {
            "conftest.py": "import pytest\n@pytest.hookimpl(tryfirst=True)\n"
            "def pytest_runtest_logreport(report):\n"
            "    if hasattr(report, 'node'): report.outcome = 'passed'\n"
        },
        "reported as passed",
    ),
}


@pytest.mark.parametrize("case", WORKERS)
def test_workers_make_no_failing_test_pass(tmp_path: Path, case: str) -> None:
    files, expected = WORKERS[case]

    said = _said(tmp_path, {"test_a.py": WRONG + RIGHT, **files}, "pytest -n 2")

    assert expected in said
