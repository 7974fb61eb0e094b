"""The table of workflows."""

from storage.database import Database, Statement, rows, statement
from workflows.records import Workflow, now, workflow_from


def add(db: Database, workflow: Workflow) -> Statement:
    """Remember a new workflow; one that is there already stays as it is."""
    return statement(
        db,
        "INSERT INTO workflows (id, title, brief, repository, status, settings,"
        " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        workflow.id,
        workflow.title,
        workflow.brief,
        workflow.repository,
        workflow.status,
        workflow.settings.as_json(),
        workflow.created_at,
        workflow.updated_at,
    )


def change_status(
    db: Database,
    workflow_id: str,
    status: str,
    *,
    error: str | None = None,
    pull_request: str | None = None,
) -> Statement:
    """Set the status of a workflow that is not over yet, and what else is given.

    Steps work side by side: one that completes must not revive what another has failed.
    """
    return statement(
        db,
        "UPDATE workflows SET status = ?, updated_at = ?, error = coalesce(?, error),"
        " pull_request = coalesce(?, pull_request)"
        " WHERE id = ? AND status IN ('queued', 'running')",
        status,
        now(),
        error,
        pull_request,
        workflow_id,
    )


async def workflow_of(db: Database, workflow_id: str) -> Workflow | None:
    """Give a workflow, None where there is none."""
    found = await rows(
        db,
        "SELECT id, title, brief, repository, status, settings, created_at, updated_at,"
        " error, pull_request FROM workflows WHERE id = ?",
        workflow_id,
    )
    return workflow_from(found[0]) if found else None
