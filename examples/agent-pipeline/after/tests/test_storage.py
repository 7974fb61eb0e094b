"""Storage in D1: what is written once, what is written again, and what is written at all."""

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from workers.rpc import _EnvWrapper

from shim.database import D1Database
from shim.javascript import JsException
from storage import audit, settings, steps, workflows, write
from storage.database import rows, statement
from workflows.plan import STEPS
from workflows.records import Settings, Step, Workflow

WORKFLOW = Workflow("wf-1", "Gift cards", "A brief.", "acme/shop", "queued", Settings(), "1", "1")


@pytest.fixture
def db() -> Iterator[Any]:
    """The database as the SDK shows it to the service."""
    database = D1Database()
    yield _EnvWrapper(SimpleNamespace(DB=database)).DB
    database.connection.close()


async def stored(db: Any) -> Workflow:
    """The workflow as it stands in its table."""
    workflow = await workflows.workflow_of(db, "wf-1")
    assert workflow is not None
    return workflow


def test_a_workflow_is_given_back_as_it_was_added(db: Any) -> None:
    async def added() -> Workflow | None:
        await write(db, workflows.add(db, WORKFLOW))
        return await workflows.workflow_of(db, "wf-1")

    assert WORKFLOW == asyncio.run(added())


def test_adding_a_workflow_again_changes_nothing(db: Any) -> None:
    async def twice() -> str:
        await write(db, workflows.add(db, WORKFLOW))
        await write(db, workflows.change_status(db, "wf-1", "running"))
        await write(db, workflows.add(db, WORKFLOW))
        return (await stored(db)).status

    assert "running" == asyncio.run(twice())


@pytest.mark.parametrize("over", ["completed", "failed"])
def test_a_workflow_that_is_over_stays_so(db: Any, over: str) -> None:
    async def revived() -> str:
        await write(db, workflows.add(db, WORKFLOW))
        await write(db, workflows.change_status(db, "wf-1", over))
        await write(db, workflows.change_status(db, "wf-1", "running"))
        return (await stored(db)).status

    assert over == asyncio.run(revived())


def test_what_is_not_given_with_a_status_stays(db: Any) -> None:
    async def changed() -> Workflow:
        await write(db, workflows.add(db, WORKFLOW))
        await write(db, workflows.change_status(db, "wf-1", "running", pull_request="url"))
        await write(db, workflows.change_status(db, "wf-1", "failed", error="why"))
        return await stored(db)

    found = asyncio.run(changed())
    assert ("url", "why") == (found.pull_request, found.error)


def test_steps_are_given_in_their_order_the_last_record_counting(db: Any) -> None:
    async def recorded() -> list[Step]:
        await write(db, steps.record(db, "wf-1", Step("backend", "completed", 1)))
        await write(db, steps.record(db, "wf-1", Step("architect", attempts=1)))
        await write(db, steps.record(db, "wf-1", Step("architect", "completed", 2, "key")))
        return await steps.steps_of(db, "wf-1")

    found = asyncio.run(recorded())
    assert [Step("architect", "completed", 2, "key"), Step("backend", "completed", 1)] == found[1:3]
    assert list(STEPS) == [step.name for step in found]


def test_the_audit_trail_keeps_one_of_each_event_of_a_workflow(db: Any) -> None:
    async def appended() -> list[tuple[str, str]]:
        for _ in range(2):
            await write(db, audit.append(db, "wf-1", "backend", "step.completed", "key"))
        await write(db, audit.append(db, "wf-1", "database", "step.completed"))
        return [(event.actor, event.detail) for event in await audit.history_of(db, "wf-1")]

    assert [("backend", "key"), ("database", "")] == asyncio.run(appended())


def test_the_audit_trail_keeps_every_event_of_the_service(db: Any) -> None:
    async def appended() -> int:
        for _ in range(2):
            await write(db, audit.append(db, None, "api", "settings.changed"))
        return len(await audit.newest_events(db, 10))

    assert 2 == asyncio.run(appended())


def test_the_audit_trail_shows_no_more_than_asked_for(db: Any) -> None:
    async def appended() -> list[str]:
        for name in STEPS:
            await write(db, audit.append(db, "wf-1", name, "step.completed"))
        return [event.actor for event in await audit.newest_events(db, 2)]

    assert ["persist", "publish"] == asyncio.run(appended())


def test_settings_are_replaced(db: Any) -> None:
    async def changed() -> tuple[Settings, Settings]:
        before = await settings.current(db)
        for attempts in (5, 7):
            await write(db, settings.change(db, Settings(max_attempts=attempts)))
        return before, await settings.current(db)

    assert (Settings(), Settings(max_attempts=7)) == asyncio.run(changed())


def test_all_of_a_write_is_kept_or_nothing(db: Any) -> None:
    broken = "INSERT INTO settings (name, value) VALUES ('broken', NULL)"

    async def written() -> list[Any]:
        event = audit.append(db, None, "api", "settings.changed")
        with pytest.raises(JsException, match="NOT NULL"):
            await write(db, event, statement(db, broken))
        return await rows(db, "SELECT * FROM audit_events")

    assert [] == asyncio.run(written())
