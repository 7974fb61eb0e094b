"""What an instance's steps do, and how each of them is remembered."""

from collections.abc import Awaitable
from typing import Any, Protocol

from workers.workflows import NonRetryableError

from artifacts import ArtifactStore
from github import GitHubGateway
from storage import audit, steps, workflows, write
from storage.database import Database
from validation import Rejected
from workflows.records import Step, Workflow
from workflows.work import propose_documents, write_document


class Environment(Protocol):
    """The bindings that the work needs."""

    DB: Database
    ARTIFACTS: object
    GITHUB: object


class Desk:
    """The work on one workflow. Every method may be repeated; `attempt` counts from 1."""

    def __init__(self, env: Environment, workflow: Workflow) -> None:
        self._db = env.DB
        self._store = ArtifactStore(env.ARTIFACTS)
        self._gateway = GitHubGateway(env.GITHUB)
        self._workflow = workflow

    async def write(self, role: str, attempt: int) -> str:
        """Have an agent write its document; give the key."""
        key = await self._tried(role, attempt, write_document(self._store, self._workflow, role))
        await self._complete(Step(role, "completed", attempt, key), key)
        return key

    async def publish(self, attempt: int) -> str | None:
        """Propose the documents; give the pull request's URL, None if it is not wanted."""
        url = await self._tried(
            "publish", attempt, propose_documents(self._store, self._gateway, self._workflow)
        )
        await self._complete(Step("publish", "completed", attempt), url, pull_request=url)
        return url

    async def persist(self, attempt: int) -> str:
        """Close the workflow; give its status."""
        await self._complete(Step("persist", "completed", attempt), None)
        await self._end("completed")
        return "completed"

    async def give_up(self) -> str:
        """Close a workflow that a step has failed; give its status.

        The step has said why, unless it was the database that could not be reached.
        """
        await self._end("failed", "the database could not be reached")
        return "failed"

    async def _tried(self, name: str, attempt: int, work: Awaitable[Any]) -> Any:
        """Give the result of the work, or remember that this attempt failed and raise."""
        try:
            return await work
        except Rejected as refusal:
            await self._fail(name, attempt, str(refusal))
            raise NonRetryableError(str(refusal)) from refusal
        except Exception as failure:
            if attempt < self._workflow.settings.max_attempts:
                await write(self._db, self._record(Step(name, attempts=attempt)))
            else:
                await self._fail(name, attempt, str(failure))
            raise

    def _record(self, step: Step) -> Any:
        return steps.record(self._db, self._workflow.id, step)

    async def _complete(
        self, step: Step, result: str | None, *, pull_request: str | None = None
    ) -> None:
        workflow_id = self._workflow.id
        await write(
            self._db,
            self._record(step),
            audit.append(self._db, workflow_id, step.name, "step.completed", result or ""),
            workflows.change_status(self._db, workflow_id, "running", pull_request=pull_request),
        )

    async def _fail(self, name: str, attempt: int, reason: str) -> None:
        workflow_id = self._workflow.id
        await write(
            self._db,
            self._record(Step(name, "failed", attempt)),
            audit.append(self._db, workflow_id, name, "step.failed", reason),
            workflows.change_status(self._db, workflow_id, "failed", error=reason),
            audit.append(self._db, workflow_id, "pipeline", "workflow.failed", reason),
        )

    async def _end(self, status: str, error: str | None = None) -> None:
        workflow_id = self._workflow.id
        await write(
            self._db,
            workflows.change_status(self._db, workflow_id, status, error=error),
            audit.append(self._db, workflow_id, "pipeline", f"workflow.{status}", error or ""),
        )
