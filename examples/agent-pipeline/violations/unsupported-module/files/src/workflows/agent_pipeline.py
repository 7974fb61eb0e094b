"""The Workflow that runs the agents, each in a step of its own."""

import asyncio
import fcntl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Protocol

from workers import WorkflowEntrypoint

from workflows.desk import Desk
from workflows.records import Row, Settings, Workflow

Work = Callable[..., Awaitable[str]]

_LAST_RESORT = {"retries": {"limit": 10, "delay": "1 minute", "backoff": "exponential"}}


class Steps(Protocol):
    """What the platform hands to a run: it makes a step of a function."""

    def do(self, *, config: Mapping[str, object]) -> Callable[[Work], Work]:
        """Make a step, which is tried as `config` says."""


class AgentPipeline(WorkflowEntrypoint):
    """One instance runs one workflow; its id is the workflow's.

    The steps are named like the functions. A parameter is the result of the step with its name,
    so the signatures are the order; whatever has an effect happens inside a step, and can be
    repeated.
    """

    async def run(self, event: Mapping[str, Mapping[str, object]], step: Steps) -> str:
        """Take a workflow from its brief to its end."""
        workflow = workflow_from_parameters(event["payload"])
        desk = Desk(self.env, workflow)
        retries = _retries(workflow.settings)

        @step.do(config=retries)
        async def product_manager(ctx):
            return await desk.write("product_manager", ctx["attempt"])

        @step.do(config=retries)
        async def architect(ctx, product_manager):
            return await desk.write("architect", ctx["attempt"])

        @step.do(config=retries)
        async def backend(ctx, architect):
            return await desk.write("backend", ctx["attempt"])

        @step.do(config=retries)
        async def frontend(ctx, architect):
            return await desk.write("frontend", ctx["attempt"])

        @step.do(config=retries)
        async def database(ctx, architect):
            return await desk.write("database", ctx["attempt"])

        @step.do(config=retries)
        async def quality(ctx, backend, frontend, database):
            return await desk.write("quality", ctx["attempt"])

        @step.do(config=retries)
        async def publish(ctx, quality):
            return await desk.publish(ctx["attempt"])

        @step.do(config=retries)
        async def persist(ctx, publish):
            return await desk.persist(ctx["attempt"])

        @step.do(config=_LAST_RESORT)
        async def give_up():
            return await desk.give_up()

        try:
            await product_manager()
            await architect()
            await _side_by_side(backend(), frontend(), database())
            await quality()
            await publish()
            return await persist()
        except Exception:
            await give_up()
            raise


def parameters_of(workflow: Workflow) -> Mapping[str, object]:
    """Give what a new instance is told."""
    return asdict(workflow)


def workflow_from_parameters(parameters: Row) -> Workflow:
    """Read what an instance was told."""
    return Workflow(**{**parameters, "settings": Settings(**parameters["settings"])})


def _retries(settings: Settings) -> Mapping[str, object]:
    limit = settings.max_attempts - 1
    return {
        "retries": {"limit": limit, "delay": "1 second", "backoff": "constant"},
        "timeout": "5 minutes",
    }


async def _side_by_side(*steps: Awaitable[object]) -> None:
    """Wait for all steps, and only then raise what one of them raised."""
    for outcome in await asyncio.gather(*steps, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome


def _alone(path: str) -> None:
    """Let no other run write its outcome at the same time."""
    with open(path, "a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
