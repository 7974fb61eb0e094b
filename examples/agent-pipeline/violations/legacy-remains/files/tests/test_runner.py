"""The first runner."""

from agents import Brief
from workflows.legacy_runner import run_all
from workflows.plan import AGENT_STEPS


def test_every_agent_writes() -> None:
    written = run_all(Brief("Gift cards", "Customers see their balance.", "acme/shop"))

    assert list(AGENT_STEPS) == list(written)
