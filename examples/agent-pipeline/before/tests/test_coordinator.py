"""How the coordinator runs workflows: one step an alarm, in its own storage."""

import asyncio

from service import Service
from workflows.plan import STEPS


def statuses(service: Service, workflow_id: str) -> list[str]:
    found = asyncio.run(service.request("GET", f"/workflows/{workflow_id}")).json
    return [step["status"] for step in found["steps"]]


def test_an_alarm_does_one_step(service: Service) -> None:
    workflow_id = asyncio.run(service.start())
    asyncio.run(service.coordinators.ring())

    assert ["completed", *["pending"] * (len(STEPS) - 1)] == statuses(service, workflow_id)


def test_a_coordinator_goes_on_after_it_was_evicted(service: Service) -> None:
    workflow_id = asyncio.run(service.start())
    asyncio.run(service.coordinators.ring())
    service.coordinators.evict()
    asyncio.run(service.settle())

    assert ["completed"] * len(STEPS) == statuses(service, workflow_id)


def test_no_alarm_is_left_when_all_is_done(service: Service) -> None:
    asyncio.run(service.start())
    asyncio.run(service.settle())

    assert False is asyncio.run(service.coordinators.ring())


def test_an_artifact_that_went_missing_fails_the_step_that_reads_it(service: Service) -> None:
    workflow_id = asyncio.run(service.start())
    asyncio.run(service.coordinators.ring())
    service.bucket.objects.clear()
    asyncio.run(service.settle())

    found = asyncio.run(service.request("GET", f"/workflows/{workflow_id}")).json
    assert f"product_manager has written nothing for {workflow_id}" == found["error"]


def test_a_backup_is_put_back_and_finished(service: Service) -> None:
    workflow_id = asyncio.run(service.start())
    asyncio.run(service.coordinators.ring())
    backup = asyncio.run(service.request("GET", "/export")).json
    asyncio.run(service.coordinators.named("spare").restore(backup))

    spare = service.coordinators.named("spare")
    assert backup == asyncio.run(spare.dump())
    asyncio.run(service.settle())
    assert "completed" == asyncio.run(spare.status(workflow_id))["workflow"]["status"]
