"""What was collected, what of it is to run, what tests say of the contract, what they import."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

_MOST_MODULES = 20000
KEY = "gatekeeper"
"""What a worker of pytest-xdist is told, and hands over, under this name."""


class Collected:
    """What was collected and what of it was left out, in the process that collects."""

    def __init__(self) -> None:
        self._before: list[str] = []
        self._deselected: list[str] = []
        self._planned: list[str] | None = None
        self._contracts: dict[str, list[str]] = {}
        self._root = ""

    def facts(self) -> dict[str, Any]:
        """Ids that were to run, ids left out, and what tests say of the contract."""
        planned = set(self._planned or ())
        left = [each for each in (*self._deselected, *self._before) if each not in planned]
        return {
            "planned": self._planned,
            "deselected": list(dict.fromkeys(left)),
            "contracts": self._contracts,
            "modules": modules_below(self._root) if self._root else {},
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
        self._root = str(session.config.rootpath)
        self._planned = [item.nodeid for item in session.items]
        marked: dict[Any, bool] = {None: False}
        for item in session.items:
            if item.own_markers or _is_marked(item.parent, marked):
                marks = item.iter_markers("contract")
                if clauses := [str(arg) for mark in marks for arg in mark.args]:
                    self._contracts[item.nodeid] = clauses

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A worker of pytest-xdist hands over what it knows."""
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[KEY] = self.facts()


def modules_below(root: str) -> dict[str, str]:
    """The files of the imported modules that no environment holds, as paths from `root`.

    What a module says of itself is asked of its names alone, for many a lazy one imports more.
    """
    installed = tuple(f"{each}{os.sep}" for each in (sys.prefix, sys.base_prefix))
    found: dict[str, str] = {}
    for name, module in sorted(sys.modules.copy().items()):
        try:
            file = vars(module).get("__file__")
        except TypeError:  # anything can be put among the modules
            continue
        if isinstance(file, str) and Path(file).is_absolute() and not file.startswith(installed):
            found[name] = os.path.relpath(file, root)
        if len(found) == _MOST_MODULES:
            break
    return found


def _is_marked(node: Any, known: dict[Any, bool]) -> bool:
    """Whether a file, a class or what they stand in has any mark; most have none."""
    if node not in known:
        known[node] = bool(node.own_markers) or _is_marked(node.parent, known)
    return known[node]
