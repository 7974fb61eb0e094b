"""A pytest plugin that puts tests of ours among those of a judged run: some must fail.

Like the recorder it imports nothing of gatekeeper and is copied into a folder of its own.
"""

from __future__ import annotations

import hashlib
import json
import operator
import os
import types
import unittest
from collections.abc import Callable, Generator, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from _pytest.unittest import TestCaseFunction, UnitTestCase

ASKED = "GATEKEEPER_CANARIES"
_KEY = "gatekeeper-canaries"

# Whatever stops a run early would make it half of the truth; a canary's failure must not.
_TO_THE_END = {"maxfail": 0, "stepwise": False, "continue_on_collection_errors": True}


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Take the order before any code of the tests is imported, and leave no trace of it."""
    asked = os.environ.pop(ASKED, "")
    if asked:
        early_config.pluginmanager.register(Canaries(json.loads(asked)), _KEY)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """In a worker of pytest-xdist, put in the same canaries as in every other."""
    given = getattr(config, "workerinput", {}).get(_KEY)
    if given is not None:
        config.pluginmanager.register(Canaries(given), _KEY)


class Canaries:
    """In each folder with tests one that must fail and one that must pass, told by their names.

    They stand beside the folder's own tests, so that whatever its conftests do to those is
    done to them. `given` names them (`fails`, `passes`) and what the failing ones say
    (`says`); `secret` makes their files' names, the same in every process of the run. `junit`
    is where pytest is to write what it made of the run.
    """

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = dict(given)
        self._sides = {given["fails"]: "left", given["passes"]: "right"}

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """All tests are to run, whatever becomes of the first; and JUnit is for the judge."""
        junit = {"xmlpath": self._given["junit"], "junitprefix": None}
        for name, value in {**_TO_THE_END, **junit}.items():
            if hasattr(config.option, name):
                setattr(config.option, name, value)

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
        node.workerinput[_KEY] = self._given

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, items: list[pytest.Item]
    ) -> Generator[None, None, None]:
        """Canaries go in before others touch the items, and back in where those left them out."""
        canaries = self._among(items, session)
        yield
        there = set(items)
        items += [each for each in canaries if each not in there]

    def _among(self, items: list[pytest.Item], session: pytest.Session) -> list[pytest.Item]:
        """Put the canaries in front of each folder's first test, and give them."""
        folders: dict[Path, list[pytest.Item]] = {}
        for item in items:
            folders.setdefault(item.path.parent, []).append(item)
        made = {
            tests[0]: self._make(_holder(tests[0]), tests[0].path, tests)
            for tests in folders.values()
        }
        canaries = [each for some in made.values() for each in some]
        canaries = canaries or self._make(session, session.path, ())
        ordered = [each for item in items for each in (*made.get(item, ()), item)]
        items[:] = ordered or canaries
        return canaries

    def _make(
        self, holder: pytest.Collector, beside: Path, tests: Iterable[pytest.Item]
    ) -> list[pytest.Item]:
        digest = hashlib.sha256(f"{self._given['secret']} {beside}".encode()).hexdigest()
        stem = f"test_{digest[:12]}"
        folder = os.path.relpath(str(beside.parent if tests else beside), holder.config.rootpath)
        name = os.path.normpath(f"{folder}/{stem}.py").replace(os.sep, "/")
        # Of a file that is not there, pytest would not look for the conftests.
        module = pytest.Module.from_parent(holder, path=beside, nodeid=name)
        module.obj = types.ModuleType(stem)
        made: list[pytest.Item] = [
            pytest.Function.from_parent(module, name=name, callobj=self._function(name))
            for name in self._sides
        ]
        if any(isinstance(test, TestCaseFunction) for test in tests):
            made += self._methods(module)
        for item in made:
            item.ihook.pytest_itemcollected(item=item)
        return made

    def _function(self, name: str) -> types.FunctionType:
        # Compiled from text: pytest would rewrite an assertion of this file, but those that
        # the tests' own helpers make may not be rewritten, and `python -O` drops them.
        check = f"assert {self._sides[name]!r} == 'right', {self._given['says']!r}"
        source = f"def {name}():\n    {check}\n"
        code = compile(source, "<string>", "exec", dont_inherit=True)
        body = next(each for each in code.co_consts if isinstance(each, types.CodeType))
        return types.FunctionType(body, {"__name__": name})

    def _methods(self, module: pytest.Module) -> list[pytest.Item]:
        says = self._given["says"]
        checks = {name: _equal(side, "right", says) for name, side in self._sides.items()}
        case = type("TestCase", (unittest.TestCase,), {**checks, "longMessage": False})
        vars(module.obj)["TestCase"] = case
        group = UnitTestCase.from_parent(module, name="TestCase", obj=case)
        return [each for each in group.collect() if isinstance(each, pytest.Item)]


def _equal(*given: str) -> Callable[[unittest.TestCase], None]:
    def check(case: unittest.TestCase) -> None:
        operator.methodcaller("assertEqual", *given)(case)

    return check


def _holder(item: pytest.Item) -> pytest.Collector:
    """The package or folder that the test's file stands in."""
    kinds = (pytest.Session, pytest.Package, getattr(pytest, "Directory", pytest.Session))
    return next(each for each in reversed(item.listchain()) if isinstance(each, kinds))
