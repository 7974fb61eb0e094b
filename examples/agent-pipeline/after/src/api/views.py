"""The JSON shapes of the API, made from what is remembered."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from artifacts import StoredArtifact
from workflows.records import Event, Step, Workflow

View = Mapping[str, object]


def workflow_view(workflow: Workflow, steps: Iterable[Step]) -> View:
    """Give the status of a workflow."""
    return {
        "id": workflow.id,
        "title": workflow.title,
        "repository": workflow.repository,
        "status": workflow.status,
        "created_at": workflow.created_at,
        "updated_at": workflow.updated_at,
        "error": workflow.error,
        "pull_request": workflow.pull_request,
        "steps": [asdict(step) for step in steps],
    }


def started_view(workflow_id: str) -> View:
    """Give the answer to a workflow's start."""
    here = f"/workflows/{workflow_id}"
    return {
        "id": workflow_id,
        "status": "queued",
        "links": {"self": here, "history": f"{here}/history", "artifacts": f"{here}/artifacts"},
    }


def history_view(workflow_id: str, events: Iterable[Event]) -> View:
    """Give what happened to a workflow."""
    return {"workflow": workflow_id, "events": [asdict(event) for event in events]}


def audit_view(events: Iterable[Event]) -> View:
    """Give what happened at all."""
    return {"events": [asdict(event) for event in events]}


def artifacts_view(workflow_id: str, stored: Iterable[StoredArtifact]) -> View:
    """Give the documents of a workflow."""
    return {"workflow": workflow_id, "artifacts": [asdict(artifact) for artifact in stored]}
