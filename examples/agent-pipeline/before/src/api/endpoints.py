"""The endpoints, each a thin layer over the coordinator and the artifact store."""

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
from workflows.records import Event, Settings, Step, Workflow


def _coordinator(env: Any) -> Any:
    return env.COORDINATOR.getByName("pipeline")


async def start(env: Any, request: Request, _parameters: Parameters) -> Response:
    """POST /workflows: queue a workflow."""
    wanted = await wanted_from(request)
    workflow_id = f"wf-{uuid4().hex}"
    await _coordinator(env).start(workflow_id, wanted.title, wanted.brief, wanted.repository)
    view = views.started_view(workflow_id)
    headers = {"location": f"/workflows/{workflow_id}"}
    return json_answer(view, HTTPStatus.ACCEPTED, headers)


async def status(env: Any, _request: Request, parameters: Parameters) -> Response:
    """GET /workflows/{id}: how a workflow stands."""
    found = await _coordinator(env).status(parameters["id"])
    if found is None:
        raise not_found(f"workflow {parameters['id']}")
    workflow = Workflow(
        **{**found["workflow"], "settings": Settings(**found["workflow"]["settings"])}
    )
    steps = [Step(**step) for step in found["steps"]]
    return json_answer(views.workflow_view(workflow, steps))


async def history(env: Any, _request: Request, parameters: Parameters) -> Response:
    """GET /workflows/{id}/history: what happened to a workflow, oldest first."""
    events = await _coordinator(env).history(parameters["id"])
    if events is None:
        raise not_found(f"workflow {parameters['id']}")
    return json_answer(views.history_view(parameters["id"], (Event(**event) for event in events)))


async def artifacts(env: Any, _request: Request, parameters: Parameters) -> Response:
    """GET /workflows/{id}/artifacts: the documents written so far."""
    if await _coordinator(env).status(parameters["id"]) is None:
        raise not_found(f"workflow {parameters['id']}")
    stored = await ArtifactStore(env.ARTIFACTS).listing(parameters["id"])
    return json_answer(views.artifacts_view(parameters["id"], stored))


async def artifact(env: Any, _request: Request, parameters: Parameters) -> Response:
    """GET /workflows/{id}/artifacts/{author}: one document."""
    document = await ArtifactStore(env.ARTIFACTS).load(parameters["id"], parameters["author"])
    if document is None:
        raise not_found(f"artifact {parameters['author']} of workflow {parameters['id']}")
    return markdown_answer(render(document))


async def audit(env: Any, request: Request, _parameters: Parameters) -> Response:
    """GET /audit: the newest events of all workflows."""
    events = await _coordinator(env).audit(limit_from(request))
    return json_answer(views.audit_view(Event(**event) for event in events))


async def settings(env: Any, _request: Request, _parameters: Parameters) -> Response:
    """GET /settings."""
    return json_answer(await _coordinator(env).settings())


async def change_settings(env: Any, request: Request, _parameters: Parameters) -> Response:
    """PUT /settings: change those that are given."""
    coordinator = _coordinator(env)
    changed = await settings_from(request, Settings(**await coordinator.settings()))
    await coordinator.change_settings(asdict(changed))
    return json_answer(asdict(changed))


async def export(env: Any, _request: Request, _parameters: Parameters) -> Response:
    """GET /export: everything that is remembered, table by table."""
    return json_answer(await _coordinator(env).dump())


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
