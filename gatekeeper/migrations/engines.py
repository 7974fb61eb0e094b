"""The engines there are, none of them loaded before it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from gatekeeper.migrations.bounds import Bounds
from gatekeeper.migrations.engine import Engine, TracingDatabase
from gatekeeper.migrations.migration import Dialect


class TracingEngine(Engine, Protocol):
    """An engine whose databases say what each statement does."""

    def open(self) -> AbstractContextManager[TracingDatabase]:
        """A fresh, empty database."""
        ...


def in_process(dialect: Dialect, bounds: Bounds | None = None) -> TracingEngine:
    """The SQLite in this process, under the rules of a dialect."""
    from gatekeeper.migrations.profile import D1, SQLITE
    from gatekeeper.migrations.sqlite import SqliteEngine

    return SqliteEngine(D1 if dialect is Dialect.D1 else SQLITE, bounds)


def workerd(environ: Mapping[str, str], root: Path) -> Engine | None:
    """The real engine of D1, where there is one outside of the repository at `root`.

    Raises EngineError where the one that GATEKEEPER_WORKERD names cannot be started.
    """
    from gatekeeper.migrations.workerd import WorkerdEngine
    from gatekeeper.migrations.workerd_binary import find_workerd

    binary = find_workerd(environ, root)
    return None if binary is None else WorkerdEngine(binary)
