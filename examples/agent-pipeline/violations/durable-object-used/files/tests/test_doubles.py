"""The double does what the coordinator did."""

import asyncio
from types import SimpleNamespace

from doubles import CoordinatorDouble


def test_the_double_remembers_what_was_started() -> None:
    double = CoordinatorDouble(SimpleNamespace(), SimpleNamespace())
    asyncio.run(double.start("wf-1"))

    assert ["wf-1"] == double.started
