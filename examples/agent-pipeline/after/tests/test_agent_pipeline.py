"""How a Workflow instance runs the agents: order, retries, interruptions, failures."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from service import Service
from shim.javascript import Promise
from workflows.plan import INPUTS, STEPS


def both(first: Coroutine[Any, Any, Any], second: Coroutine[Any, Any, Any]) -> Any:
    """Do one thing after the other and give what the second gave."""

    async def whole() -> Any:
        await first
        return await second

    return asyncio.run(whole())


def finish(service: Service, **changes: str) -> str:
    """Start a workflow, let it run to its end, and give its id."""

    async def whole() -> str:
        workflow_id = await service.start(**changes)
        await service.settle()
        return workflow_id

    return asyncio.run(whole())


def status(service: Service, workflow_id: str) -> dict[str, Any]:
    return asyncio.run(service.request("GET", f"/workflows/{workflow_id}")).json


def log_of(service: Service, workflow_id: str) -> list[tuple[str, int]]:
    return service.workflows.instances[workflow_id].log


def test_every_step_is_run_once_and_after_what_it_builds_on(service: Service) -> None:
    workflow_id = finish(service)

    order = [name for name, _ in log_of(service, workflow_id)]
    assert sorted(STEPS) == sorted(order)
    assert all(
        order.index(earlier) < order.index(role)
        for role, inputs in INPUTS.items()
        for earlier in inputs
    )
    assert ["quality", "publish", "persist"] == order[-3:]


def test_three_agents_work_side_by_side(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket, saving, together = service.bucket, set[str](), set[frozenset[str]]()

    def put(key: str, *rest: Any) -> Promise:
        async def slowly() -> Any:
            saving.add(key.rsplit("/", 1)[-1])
            await asyncio.sleep(0.01)
            together.add(frozenset(saving))
            saving.clear()
            return await type(bucket).put(bucket, key, *rest)

        return Promise(slowly())

    monkeypatch.setattr(bucket, "put", put)
    finish(service)

    assert {"backend.md", "frontend.md", "database.md"} == max(together, key=len)


def test_progress_can_be_seen_while_a_workflow_runs(service: Service) -> None:
    service.workflows.interrupt_after = "architect"
    workflow_id = finish(service)

    found = status(service, workflow_id)
    assert "running" == found["status"]
    assert ["completed"] * 2 + ["pending"] * 6 == [step["status"] for step in found["steps"]]


@pytest.mark.parametrize("last", ["product_manager", "database", "publish"])
def test_an_interrupted_workflow_goes_on_without_repeating_finished_steps(
    service: Service, last: str
) -> None:
    service.workflows.interrupt_after = last
    workflow_id = finish(service)
    asyncio.run(service.settle())

    log = [name for name, _ in log_of(service, workflow_id)]
    assert "completed" == status(service, workflow_id)["status"]
    assert 1 == log.count(last)


def test_nothing_is_left_to_do_when_a_workflow_is_done(service: Service) -> None:
    workflow_id = finish(service)
    done = list(log_of(service, workflow_id))
    asyncio.run(service.settle())

    assert done == log_of(service, workflow_id)
    assert "complete" == service.workflows.instances[workflow_id].status


def test_an_artifact_that_went_missing_fails_the_step_that_reads_it(service: Service) -> None:
    service.workflows.interrupt_after = "product_manager"
    workflow_id = finish(service)
    service.bucket.objects.clear()
    asyncio.run(service.settle())

    reason = f"product_manager has written nothing for {workflow_id}"
    assert reason == status(service, workflow_id)["error"]


def test_a_step_is_tried_again_as_often_as_settings_say(service: Service) -> None:
    service.gateway.outages = 9
    both(service.request("PUT", "/settings", {"max_attempts": 5}), service.start())
    asyncio.run(service.settle())

    [workflow_id] = service.workflows.instances
    assert [("publish", attempt) for attempt in range(1, 6)] == [
        entry for entry in log_of(service, workflow_id) if entry[0] == "publish"
    ]


def test_a_rejected_document_is_not_tried_again(service: Service) -> None:
    workflow_id = finish(service, brief="Customers see TBD.")

    assert [("product_manager", 1), ("give_up", 1)] == log_of(service, workflow_id)
    assert "errored" == service.workflows.instances[workflow_id].status


def test_a_step_that_is_tried_again_leaves_one_event(service: Service) -> None:
    service.gateway.outages = 2
    workflow_id = finish(service)

    events = asyncio.run(service.request("GET", f"/workflows/{workflow_id}/history")).json
    assert 1 == sum(event["actor"] == "publish" for event in events["events"])


def test_a_short_d1_outage_is_survived(service: Service) -> None:
    workflow_id = asyncio.run(service.start())
    service.database.outages = 2
    asyncio.run(service.settle())

    found = status(service, workflow_id)
    assert ("completed", 3) == (found["status"], found["steps"][0]["attempts"])


def test_a_long_d1_outage_fails_the_workflow_once_d1_is_back(service: Service) -> None:
    workflow_id = asyncio.run(service.start())
    service.database.outages = 5
    asyncio.run(service.settle())

    found = status(service, workflow_id)
    assert ("failed", "the database could not be reached") == (found["status"], found["error"])


def test_what_failed_stays_failed_whatever_completes_beside_it(service: Service) -> None:
    service.workflows.interrupt_after = "architect"
    workflow_id = finish(service)
    stored = service.bucket.objects[f"workflows/{workflow_id}/architect.md"]
    before, _, after = stored._text.rpartition("R2: The shop must store every card")
    stored._text = f"{before}R2: todo{after}"
    asyncio.run(service.settle())

    found = status(service, workflow_id)
    assert ("failed", "database: placeholder text: todo") == (found["status"], found["error"])
    assert "completed" == found["steps"][STEPS.index("frontend")]["status"]
