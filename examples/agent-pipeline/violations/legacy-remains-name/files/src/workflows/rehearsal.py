"""All agents in one go, nothing remembered: a rehearsal of a workflow."""

from agents import AGENTS, Brief
from documents import Document
from workflows.plan import INPUTS


class PipelineRunner:
    """Lets every agent write, one after the other."""

    def run(self, brief: Brief) -> dict[str, Document]:
        """Give every document by its author."""
        written: dict[str, Document] = {}
        for role, inputs in INPUTS.items():
            written[role] = AGENTS[role](brief, {author: written[author] for author in inputs})
        return written
