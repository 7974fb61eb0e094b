"""The endpoints, each a thin layer over the Workflow, the database and the artifact store."""

from dataclasses import asdict
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from workers import Request, Response

from api import views
from api.answers import json_answer, markdown_answer, not_found
from api.requests import limit_from, settings_from, wanted_from
from api.router import Parameters, Route
from artifacts import ArtifactStore
from documents import render
from storage import audit as trail
from storage import settings as preferences
from storage import steps, workflows, write
from storage.export import exported
from workflows.pipeline import parameters_of
from workflows.records import Workflow, now


async def _workflow(env: Any, workflow_id: str) -> Workflow:
    if workflow := await workflows.workflow_of(env.DB, workflow_id):
        return workflow
    raise not_found(f"workflow {workflow_id}")


async def start(env: Any, request: Request, _parameters: Parameters) -> Response:
    """POST /workflows: queue a workflow."""
    wanted = await wanted_from(request)
    at, chosen = now(), await preferences.current(env.DB)
    workflow_id = f"wf-{uuid4().hex}"
    workflow = Workflow(
        workflow_id, wanted.title, wanted.brief, wanted.repository, "queued", chosen, at, at
    )
    queued = trail.append(env.DB, workflow_id, "api", "workflow.queued", wanted.title)
    await write(env.DB, workflows.add(env.DB, workflow), queued)
    await env.PIPELINE.create({"id": workflow_id, "params": parameters_of(workflow)})
    view = views.started_view(workflow_id)
    headers = {"location": f"/workflows/{workflow_id}"}
    return json_answer(view, HTTPStatus.ACCEPTED, headers)


async def status(env: Any, _request: Request, parameters: Parameters) -> Response:
    """GET /workflows/{id}: how a workflow stands."""
    workflow = await _workflow(env, parameters["id"])
    return json_answer(views.workflow_view(workflow, await steps.steps_of(env.DB, workflow.id)))


async def history(env: Any, _request: Request, parameters: Parameters) -> Response:
    """GET /workflows/{id}/history: what happened to a workflow, oldest first."""
    workflow = await _workflow(env, parameters["id"])
    return json_answer(views.history_view(workflow.id, await trail.history_of(env.DB, workflow.id)))


async def artifacts(env: Any, _request: Request, parameters: Parameters) -> Response:
    """GET /workflows/{id}/artifacts: the documents written so far."""
    workflow = await _workflow(env, parameters["id"])
    stored = await ArtifactStore(env.ARTIFACTS).listing(workflow.id)
    return json_answer(views.artifacts_view(workflow.id, stored))


async def artifact(env: Any, _request: Request, parameters: Parameters) -> Response:
    """GET /workflows/{id}/artifacts/{author}: one document."""
    document = await ArtifactStore(env.ARTIFACTS).load(parameters["id"], parameters["author"])
    if document is None:
        raise not_found(f"artifact {parameters['author']} of workflow {parameters['id']}")
    return markdown_answer(render(document))


async def audit(env: Any, request: Request, _parameters: Parameters) -> Response:
    """GET /audit: the newest events of all workflows."""
    events = await trail.newest_events(env.DB, limit_from(request))
    return json_answer(views.audit_view(events))


async def settings(env: Any, _request: Request, _parameters: Parameters) -> Response:
    """GET /settings."""
    return json_answer(asdict(await preferences.current(env.DB)))


async def change_settings(env: Any, request: Request, _parameters: Parameters) -> Response:
    """PUT /settings: change those that are given."""
    changed = await settings_from(request, await preferences.current(env.DB))
    detail = ", ".join(sorted(asdict(changed)))
    await write(
        env.DB,
        preferences.change(env.DB, changed),
        trail.append(env.DB, None, "api", "settings.changed", detail),
    )
    return json_answer(asdict(changed))


async def export(env: Any, _request: Request, _parameters: Parameters) -> Response:
    """GET /export: everything that is remembered, table by table."""
    return json_answer(await exported(env.DB))


async def health(_env: Any, _request: Request, _parameters: Parameters) -> Response:
    """GET /health."""
    return json_answer({"status": "ok"})


ROUTES: tuple[Route, ...] = (
    Route("POST", "/workflows", start),
    Route("GET", "/workflows/{id}", status),
    Route("GET", "/workflows/{id}/history", history),
    Route("GET", "/workflows/{id}/artifacts", artifacts),
    Route("GET", "/workflows/{id}/artifacts/{author}", artifact),
    Route("GET", "/audit", audit),
    Route("GET", "/settings", settings),
    Route("PUT", "/settings", change_settings),
    Route("GET", "/export", export),
    Route("GET", "/health", health),
)
