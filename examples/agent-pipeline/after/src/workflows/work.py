"""What the steps do, whoever runs them: one document, or one pull request."""

from agents import AGENTS, Brief
from artifacts import ArtifactStore
from documents import Document
from github import GitHubGateway, Proposal
from github.proposal import files_of
from validation import require_valid
from workflows.plan import AGENT_STEPS, INPUTS
from workflows.records import Workflow


class MissingInput(LookupError):
    """A document that a step builds on is not in the store."""


async def write_document(store: ArtifactStore, workflow: Workflow, role: str) -> str:
    """Let an agent write, validate and store its document; give the key.

    Raises validation.Rejected and MissingInput. Doing it again replaces the document by itself.
    """
    written = {author: await _load(store, workflow.id, author) for author in INPUTS[role]}
    brief = Brief(workflow.title, workflow.brief, workflow.repository)
    document = require_valid(AGENTS[role](brief, written))
    return await store.save(workflow.id, document)


async def propose_documents(
    store: ArtifactStore, gateway: GitHubGateway, workflow: Workflow
) -> str | None:
    """Propose all documents as one pull request; give its URL, None if settings say not to.

    Raises github.GitHubUnavailable. Doing it again finds the same pull request.
    """
    if not workflow.settings.publish:
        return None
    documents = [await _load(store, workflow.id, author) for author in AGENT_STEPS]
    return await gateway.propose(
        Proposal(
            id=workflow.id,
            repository=workflow.repository,
            base_branch=workflow.settings.base_branch,
            title=f"Design of {workflow.title}",
            files=files_of(documents),
        )
    )


async def _load(store: ArtifactStore, workflow_id: str, author: str) -> Document:
    if document := await store.load(workflow_id, author):
        return document
    raise MissingInput(f"{author} has written nothing for {workflow_id}")
