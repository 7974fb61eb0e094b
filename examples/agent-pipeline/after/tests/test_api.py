"""What users of the HTTP API rely on; how workflows are run is not looked at here."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from service import BRIEF, Answer, Service

STEPS = [
    "product_manager",
    "architect",
    "backend",
    "frontend",
    "database",
    "quality",
    "publish",
    "persist",
]
AUTHORS = sorted(STEPS[:6])


def ask(service: Service, method: str, path: str, body: Any = None) -> Answer:
    return asyncio.run(service.request(method, path, body))


def finish(service: Service, **changes: str) -> str:
    """Start a workflow, let it run to its end, and give its id."""

    async def whole() -> str:
        workflow_id = await service.start(**changes)
        await service.settle()
        return workflow_id

    return asyncio.run(whole())


def test_a_started_workflow_is_queued_and_says_where_to_look(service: Service) -> None:
    answer = ask(service, "POST", "/workflows", BRIEF)

    here = f"/workflows/{answer.json['id']}"
    assert (202, here) == (answer.status, answer.headers["location"])
    assert answer.json == {
        "id": answer.json["id"],
        "status": "queued",
        "links": {"self": here, "history": f"{here}/history", "artifacts": f"{here}/artifacts"},
    }


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param("{", "the body must be JSON", id="text that is not JSON"),
        pytest.param([], "the body must be a JSON object", id="a list"),
        pytest.param({}, "'title' must be a text that is not empty", id="nothing"),
        pytest.param(
            {**BRIEF, "brief": "  "}, "'brief' must be a text that is not empty", id="a blank brief"
        ),
        pytest.param({**BRIEF, "title": "a\nb"}, "'title' must be one line", id="a long title"),
        pytest.param(
            {**BRIEF, "repository": "shop"},
            "'repository' must be 'owner/name'",
            id="a repository without its owner",
        ),
    ],
)
def test_a_workflow_is_not_started_from(service: Service, body: Any, message: str) -> None:
    answer = ask(service, "POST", "/workflows", body)

    expected = {"error": {"code": "bad_request", "message": message}}
    assert (400, expected) == (answer.status, answer.json)


def test_a_workflow_that_has_not_begun_shows_every_step_as_pending(service: Service) -> None:
    workflow_id = asyncio.run(service.start())

    answer = ask(service, "GET", f"/workflows/{workflow_id}")

    pending = {"status": "pending", "attempts": 0, "artifact": None}
    assert "queued" == answer.json["status"]
    assert [{"name": name, **pending} for name in STEPS] == answer.json["steps"]


def test_a_workflow_runs_to_its_end(service: Service) -> None:
    workflow_id = finish(service)

    answer = ask(service, "GET", f"/workflows/{workflow_id}")

    found = answer.json
    assert 200 == answer.status
    assert [
        "id",
        "title",
        "repository",
        "status",
        "created_at",
        "updated_at",
        "error",
        "pull_request",
        "steps",
    ] == list(found)
    assert ("completed", None) == (found["status"], found["error"])
    assert "https://github.com/acme/shop/pull/1" == found["pull_request"]
    assert found["created_at"] < found["updated_at"]
    assert [(name, "completed", 1) for name in STEPS] == [
        (step["name"], step["status"], step["attempts"]) for step in found["steps"]
    ]
    assert [f"workflows/{workflow_id}/{name}.md" for name in STEPS[:6]] + [None, None] == [
        step["artifact"] for step in found["steps"]
    ]


def test_a_document_with_a_placeholder_fails_the_workflow_at_once(service: Service) -> None:
    workflow_id = finish(service, brief="Customers see TBD.")

    found = ask(service, "GET", f"/workflows/{workflow_id}").json

    reason = "product_manager: placeholder text: TBD"
    assert ("failed", reason, None) == (found["status"], found["error"], found["pull_request"])
    assert ("failed", 1) == (found["steps"][0]["status"], found["steps"][0]["attempts"])


def test_a_step_is_tried_again_while_attempts_are_left(service: Service) -> None:
    service.gateway.outages = 2
    workflow_id = finish(service)

    found = ask(service, "GET", f"/workflows/{workflow_id}").json

    publish = found["steps"][STEPS.index("publish")]
    assert ("completed", "completed", 3) == (
        found["status"],
        publish["status"],
        publish["attempts"],
    )


def test_a_workflow_fails_when_no_attempt_is_left(service: Service) -> None:
    service.gateway.outages = 3
    workflow_id = finish(service)

    found = ask(service, "GET", f"/workflows/{workflow_id}").json

    publish = found["steps"][STEPS.index("publish")]
    assert ("failed", "the gateway answered 503") == (found["status"], found["error"])
    assert ("failed", 3) == (publish["status"], publish["attempts"])


def test_the_history_tells_what_happened(service: Service) -> None:
    workflow_id = finish(service)

    answer = ask(service, "GET", f"/workflows/{workflow_id}/history")

    events = answer.json["events"]
    assert {"workflow": workflow_id, "events": events} == answer.json
    assert all(["at", "workflow", "actor", "action", "detail"] == list(event) for event in events)
    assert ("api", "workflow.queued", "Gift cards") == _told(events[0])
    assert sorted((name, "step.completed") for name in STEPS) == sorted(
        _told(event)[:2] for event in events[1:-1]
    )
    assert ("pipeline", "workflow.completed", "") == _told(events[-1])
    assert sorted(event["at"] for event in events) == [event["at"] for event in events]


def test_the_history_of_a_failure_names_the_reason(service: Service) -> None:
    workflow_id = finish(service, brief="Customers see TBD.")

    events = ask(service, "GET", f"/workflows/{workflow_id}/history").json["events"]

    reason = "product_manager: placeholder text: TBD"
    assert [
        ("api", "workflow.queued", "Gift cards"),
        ("product_manager", "step.failed", reason),
        ("pipeline", "workflow.failed", reason),
    ] == [_told(event) for event in events]


def test_the_artifacts_are_listed_and_can_be_read(service: Service) -> None:
    workflow_id = finish(service)

    listing = ask(service, "GET", f"/workflows/{workflow_id}/artifacts").json
    text = ask(service, "GET", f"/workflows/{workflow_id}/artifacts/quality")

    assert AUTHORS == [entry["author"] for entry in listing["artifacts"]]
    assert all(["key", "author", "size", "etag"] == list(entry) for entry in listing["artifacts"])
    assert (200, "text/markdown; charset=utf-8") == (text.status, text.headers["content-type"])
    assert text.text.startswith("---\nauthor: quality\ntitle: Review of Gift cards\n---\n")


def test_the_audit_trail_shows_the_newest_first(service: Service) -> None:
    first, second = finish(service), finish(service, brief="Customers see TBD.")

    answer = ask(service, "GET", "/audit?limit=4")

    assert 200 == answer.status
    assert [second, second, second, first] == [event["workflow"] for event in answer.json["events"]]
    assert "workflow.failed" == answer.json["events"][0]["action"]


@pytest.mark.parametrize("limit", ["0", "201", "-1", "ten", "٣", "1x"])
def test_the_audit_trail_takes_no_limit_like(service: Service, limit: str) -> None:
    answer = ask(service, "GET", f"/audit?limit={limit}")

    message = "'limit' must be from 1 to 200"
    assert (400, message) == (answer.status, answer.json["error"]["message"])


def test_settings_have_defaults_and_can_be_changed_one_by_one(service: Service) -> None:
    defaults = ask(service, "GET", "/settings").json
    answer = ask(service, "PUT", "/settings", {"publish": False})
    after = ask(service, "GET", "/settings").json

    assert {"max_attempts": 3, "publish": True, "base_branch": "main"} == defaults
    assert (200, {**defaults, "publish": False}) == (answer.status, answer.json)
    assert answer.json == after


def test_changed_settings_are_in_the_audit_trail(service: Service) -> None:
    ask(service, "PUT", "/settings", {"publish": False})

    [event] = ask(service, "GET", "/audit").json["events"]

    assert (None, "api", "settings.changed") == (event["workflow"], *_told(event)[:2])


def test_a_workflow_keeps_the_settings_it_was_started_with(service: Service) -> None:
    workflow_id = asyncio.run(service.start())
    ask(service, "PUT", "/settings", {"publish": False})
    asyncio.run(service.settle())

    found = ask(service, "GET", f"/workflows/{workflow_id}").json

    assert "https://github.com/acme/shop/pull/1" == found["pull_request"]


def test_nothing_is_published_when_settings_say_so(service: Service) -> None:
    ask(service, "PUT", "/settings", {"publish": False})
    workflow_id = finish(service)

    found = ask(service, "GET", f"/workflows/{workflow_id}").json

    assert ("completed", None) == (found["status"], found["pull_request"])
    assert {} == service.gateway.proposals


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param({"color": "red"}, "unknown settings: color", id="an unknown name"),
        pytest.param(
            {"publish": 1}, "'publish' must be of type bool", id="a number for a yes or no"
        ),
        pytest.param(
            {"max_attempts": True}, "'max_attempts' must be of type int", id="a yes for a number"
        ),
        pytest.param(
            {"max_attempts": 0}, "'max_attempts' must be from 1 to 10", id="too few attempts"
        ),
    ],
)
def test_settings_do_not_take(service: Service, body: Any, message: str) -> None:
    answer = ask(service, "PUT", "/settings", body)

    assert (400, message) == (answer.status, answer.json["error"]["message"])


def test_the_export_holds_every_table(service: Service) -> None:
    ask(service, "PUT", "/settings", {"base_branch": "trunk"})
    workflow_id = finish(service)

    exported = ask(service, "GET", "/export").json

    assert ["workflows", "steps", "audit_events", "settings"] == list(exported)
    assert [
        "id",
        "title",
        "brief",
        "repository",
        "status",
        "settings",
        "created_at",
        "updated_at",
        "error",
        "pull_request",
    ] == list(exported["workflows"][0])
    assert [workflow_id] == [row["id"] for row in exported["workflows"]]
    assert sorted(STEPS) == [row["name"] for row in exported["steps"]]
    assert list(range(1, 12)) == [row["id"] for row in exported["audit_events"]]
    assert ["service"] == [row["name"] for row in exported["settings"]]


def test_health_is_answered(service: Service) -> None:
    answer = ask(service, "GET", "/health")

    assert (200, {"status": "ok"}) == (answer.status, answer.json)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/workflow",
        "/workflows/wf-unknown",
        "/workflows/wf-unknown/history",
        "/workflows/wf-unknown/artifacts",
        "/workflows/wf-unknown/artifacts/quality",
        "/workflows/wf-unknown/more",
    ],
)
def test_there_is_nothing_at(service: Service, path: str) -> None:
    answer = ask(service, "GET", path)

    assert (404, "not_found") == (answer.status, answer.json["error"]["code"])


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/workflows", "POST"),
        ("DELETE", "/workflows/wf-1", "GET"),
        ("POST", "/settings", "GET, PUT"),
        ("POST", "/health", "GET"),
    ],
)
def test_a_path_names_the_methods_it_takes(
    service: Service, method: str, path: str, allowed: str
) -> None:
    answer = ask(service, method, path)

    assert (405, allowed) == (answer.status, answer.headers["allow"])


def _told(event: dict[str, str]) -> tuple[str, str, str]:
    return event["actor"], event["action"], event["detail"]
