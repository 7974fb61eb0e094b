"""The first runner: all agents in one request, nothing remembered. For emergencies only."""

from agents import AGENTS, Brief
from documents import Document
from workflows.plan import INPUTS


def run_all(brief: Brief) -> dict[str, Document]:
    """Let every agent write, one after the other."""
    written: dict[str, Document] = {}
    for role, inputs in INPUTS.items():
        written[role] = AGENTS[role](brief, {author: written[author] for author in inputs})
    return written
