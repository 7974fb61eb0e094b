"""The coordinator: one Durable Object that runs every workflow, a step at an alarm."""

import time
from dataclasses import asdict, replace
from typing import Any

from workers import DurableObject

from artifacts import ArtifactStore
from github import GitHubGateway
from validation import Rejected
from workflows.dump import Dump, dump_from, restore_into
from workflows.ledger import Ledger
from workflows.records import Settings, Step, Workflow, now
from workflows.work import propose_documents, write_document

PAUSE = 1_000
"""Milliseconds between a step and the next."""


class WorkflowCoordinator(DurableObject):
    """Keeps all workflows in its storage and moves them on whenever its alarm rings."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        self.ledger = Ledger(ctx.storage.sql)

    async def start(self, workflow_id: str, title: str, brief: str, repository: str) -> None:
        """Queue a workflow with the settings of this moment."""
        at = now()
        settings = self.ledger.settings()
        self.ledger.add(Workflow(workflow_id, title, brief, repository, "queued", settings, at, at))
        self.ledger.append(workflow_id, "api", "workflow.queued", title)
        await self.ctx.storage.setAlarm(_after(PAUSE))

    async def status(self, workflow_id: str) -> dict[str, Any] | None:
        """Give a workflow with its steps, None where there is none."""
        workflow = self.ledger.workflow(workflow_id)
        if workflow is None:
            return None
        steps = [asdict(step) for step in self.ledger.steps(workflow_id)]
        return {"workflow": asdict(workflow), "steps": steps}

    async def history(self, workflow_id: str) -> list[dict[str, Any]] | None:
        """Give a workflow's events, None where there is no such workflow."""
        if self.ledger.workflow(workflow_id) is None:
            return None
        return [asdict(event) for event in self.ledger.history(workflow_id)]

    async def audit(self, limit: int) -> list[dict[str, Any]]:
        """Give the newest events of all workflows."""
        return [asdict(event) for event in self.ledger.newest_events(limit)]

    async def settings(self) -> dict[str, Any]:
        """Give the settings."""
        return asdict(self.ledger.settings())

    async def change_settings(self, settings: dict[str, Any]) -> None:
        """Replace the settings; workflows already started keep theirs."""
        self.ledger.change_settings(Settings(**settings))
        self.ledger.append(None, "api", "settings.changed", ", ".join(sorted(settings)))

    async def dump(self) -> Dump:
        """Give everything, for backups."""
        return dump_from(self.ctx.storage.sql)

    async def restore(self, dumped: Dump) -> None:
        """Put a backup back, and go on with what was unfinished in it."""
        restore_into(self.ctx.storage.sql, dumped)
        await self.ctx.storage.setAlarm(_after(PAUSE))

    async def alarm(self) -> None:
        """Do one step of every unfinished workflow, and come back if any is left."""
        for workflow in self.ledger.unfinished():
            await self._advance(workflow)
        if self.ledger.unfinished():
            await self.ctx.storage.setAlarm(_after(PAUSE))

    async def _advance(self, workflow: Workflow) -> None:
        pending = [step for step in self.ledger.steps(workflow.id) if step.status != "completed"]
        step = replace(pending[0], attempts=pending[0].attempts + 1)
        try:
            result = await self._perform(workflow, step.name)
        except Rejected as refusal:
            self._give_up(workflow, step, refusal)
        except Exception as failure:
            if step.attempts >= workflow.settings.max_attempts:
                self._give_up(workflow, step, failure)
            else:
                self.ledger.record_step(workflow.id, step)
        else:
            self._complete(workflow, step, result)

    async def _perform(self, workflow: Workflow, step: str) -> str | None:
        store = ArtifactStore(self.env.ARTIFACTS)
        if step == "persist":
            return None
        if step == "publish":
            return await propose_documents(store, GitHubGateway(self.env.GITHUB), workflow)
        return await write_document(store, workflow, step)

    def _complete(self, workflow: Workflow, step: Step, result: str | None) -> None:
        published = step.name == "publish"
        artifact = None if published else result
        self.ledger.record_step(workflow.id, replace(step, status="completed", artifact=artifact))
        self.ledger.append(workflow.id, step.name, "step.completed", result or "")
        self.ledger.change_status(
            workflow.id, "running", pull_request=result if published else None
        )
        if step.name == "persist":
            self.ledger.change_status(workflow.id, "completed")
            self.ledger.append(workflow.id, "pipeline", "workflow.completed")

    def _give_up(self, workflow: Workflow, step: Step, why: Exception) -> None:
        self.ledger.record_step(workflow.id, replace(step, status="failed"))
        self.ledger.append(workflow.id, step.name, "step.failed", str(why))
        self.ledger.change_status(workflow.id, "failed", error=str(why))
        self.ledger.append(workflow.id, "pipeline", "workflow.failed", str(why))


def _after(milliseconds: int) -> int:
    return int(time.time() * 1000) + milliseconds
