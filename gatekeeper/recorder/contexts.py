"""A pytest plugin that has coverage.py note which test runs which line, where it is running.

Loaded with `-p gatekeeper_recorder.contexts`; like the recorder it imports nothing else of
gatekeeper. The contexts are named as `pytest --cov-context=test` names them.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
from typing import Any

import pytest

ASKED = "GATEKEEPER_CONTEXTS"
_KEY = "gatekeeper-contexts"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Take the order, and put the environment back: a pytest in a test is left alone."""
    asked = os.environ.pop(ASKED, "")
    if not asked:
        return
    order = json.loads(asked)
    for name, value in order["restore"].items():
        os.environ.pop(name, None)
        os.environ.update({} if value is None else {name: value})
    early_config.pluginmanager.register(Contexts(order["data"]), _KEY)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """In a worker of pytest-xdist the tests run, and pytest-cov brings the data together."""
    if _KEY in getattr(config, "workerinput", {}):
        config.pluginmanager.register(Contexts(), _KEY)


def measurement(config: pytest.Config) -> Any:
    """What measures this process: pytest-cov's `Coverage`, else the one started last, or None."""
    plugin = config.pluginmanager.getplugin("_cov")
    found = getattr(getattr(plugin, "cov_controller", None), "cov", None)
    if found is None and "coverage" in sys.modules:
        found = sys.modules["coverage"].Coverage.current()
    return found


class Contexts:
    """Names a context for each phase of a test; `data` is where a copy of all data goes."""

    def __init__(self, data: str = "") -> None:
        self._data = data
        self._measuring: Any = None

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
        node.workerinput[_KEY] = True

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Before any test could start a measurement of its own."""
        found = measurement(session.config)
        if found is not None and _takes_contexts(found):
            self._measuring = found

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """The test's fixtures come next."""
        self._switch(item, "setup")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        """The test itself comes next."""
        self._switch(item, "run")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """What cleans up after it comes next."""
        self._switch(item, "teardown")

    def _switch(self, item: pytest.Item, when: str) -> None:
        if self._measuring is not None:
            # Whoever has stopped the measurement for a while does not want it named either.
            with contextlib.suppress(sys.modules["coverage"].CoverageException):
                self._measuring.switch_context(f"{item.nodeid}|{when}")

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """All workers are done, and pytest-cov has put their data together."""
        found = measurement(config) if self._data else None
        if found is not None:
            copy_data(found, self._data)


def copy_data(measured: Any, target: str) -> bool:
    """Copy what was measured so far; whether that could be done."""
    try:
        shutil.copyfile(measured.get_data().data_filename(), target)
    except (OSError, sys.modules["coverage"].CoverageException):
        return False
    return True


def _takes_contexts(measuring: Any) -> bool:
    """Not where others name them, nor in a core that notes a line for its first test only."""
    core = dict(measuring.sys_info()).get("core", "")
    return "SysMon" not in str(core) and not measuring.get_option("run:dynamic_context")
