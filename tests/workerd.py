"""The workerd that tests run, installed once from the lock file beside the other data."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from gatekeeper.migrations.engine import Engine
from gatekeeper.migrations.workerd import WorkerdEngine
from tests.node import node_modules

LOCKED = Path(__file__).parent / "data" / "workerd"


@cache
def workerd_binary() -> Path:
    """The program itself, without the Node script around it."""
    (found,) = (node_modules(LOCKED) / "@cloudflare").glob("workerd-*/bin/workerd")
    return found


def workerd_engine(seconds: float = 30.0) -> Engine:
    """An engine that runs it."""
    return WorkerdEngine(workerd_binary(), seconds)
