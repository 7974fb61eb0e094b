"""Rehearsals."""

from agents import Brief
from workflows import rehearsal
from workflows.plan import AGENT_STEPS


def test_every_agent_writes() -> None:
    runner = rehearsal.PipelineRunner()

    written = runner.run(Brief("Gift cards", "Customers see their balance.", "acme/shop"))

    assert list(AGENT_STEPS) == list(written)
